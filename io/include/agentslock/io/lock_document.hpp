/// The whole lock document: its sections, and the text that comes of changes to them. Touches no file.
///
/// A document is parsed once, in one validating pass that also decodes our own section and hands it out. It is never
/// changed: `render` turns changes into edits over its text, and every byte that no edit touches stays.
///
///     auto parsed = lock_document::parse(text, path);
///     auto done = parsed->adapters.activate("crg", source, schema, now);
///     splice edited = parsed->document.render({}, &parsed->adapters);
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/adapters_codec.hpp"
#include "agentslock/io/detail/json_splice.hpp"
#include "agentslock/io/detail/text_arrival.hpp"
#include "agentslock/io/error.hpp"
#include "agentslock/io/staged_changes.hpp"
#include "agentslock/io/text_buffer.hpp"
#include "agentslock/kernel/lockfile.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// The largest document that is read, in bytes, and so the largest that is written.
inline constexpr std::size_t document_size_bytes_max = std::size_t{1} << 30;
/// The same, as messages say it.
inline constexpr std::string_view document_size_max_text = "1 GiB";

/// What to do with a document whose lock_version is not the number 1.
enum class version_rule {
  /// Its sections can be read and kept; its adapters can't be read.
  only_version_1,
  /// The adapters section is taken for version 1's all the same.
  any,
};

struct parsed_document;

/// A parsed document. Immutable: safe to read from any thread.
class lock_document {
 public:
  /// The text of a document that does not exist yet.
  static constexpr std::string_view empty_text = "{}\n";

  /// Parses a whole document. `path` is for messages.
  /// Errors: not_json, conflict_marks, wrong_encoding, lfs_pointer, encrypted, not_an_object, too_deep, too_large,
  /// number_out_of_range, repeated_name, name_differs_in_case, wrong_type; each names path, line and column.
  /// One pass, linear; the document and its adapters keep the text alive.
  [[nodiscard]] static result<parsed_document> parse(text_buffer text, std::string_view path,
                                                     version_rule rule = version_rule::only_version_1);
  /// The same while the text is being read. Nothing when it is no document, or has not arrived whole: parse then says
  /// which, of the whole text. Waits for what it comes to; looks at nothing that has not arrived.
  [[nodiscard]] static std::optional<parsed_document> parse(text_buffer text, std::string_view path,
                                                            version_rule rule, text_arrival& arrival);

  [[nodiscard]] const text_buffer& text() const noexcept { return text_; }
  /// The sections' names, in the order of the document, without the two reserved ones.
  [[nodiscard]] std::vector<std::string_view> section_names() const;
  /// A section's value as it stands; nothing when there is none, and for the two reserved names.
  [[nodiscard]] std::optional<std::string_view> section(std::string_view name) const;
  /// The inputs_digest; nothing when it is missing or not a string.
  [[nodiscard]] std::optional<std::string> inputs_digest() const;

  /// Whether the typed operations on adapters may be used: unsupported_version when not.
  [[nodiscard]] result<> check_version() const;
  /// Whether the document has the section, be it null.
  [[nodiscard]] bool has_adapters() const noexcept { return find("adapters") != nullptr; }
  /// Where the section's entries stand; empty when there is no such section.
  [[nodiscard]] const adapters_index& index_of_adapters() const noexcept { return adapters_; }

  /// The document with changes made: staged sections, and with a lockfile the adapters section, which is then
  /// stated even when empty. `lock_version` is added when it is missing and something else changes.
  /// The lockfile that was parsed with this document knows its changes; any other is compared with `before`, what the section says,
  /// which is decoded for that where it is not given.
  /// The splice shares the text and needs neither the document nor the changes afterwards.
  [[nodiscard]] splice render(const staged_changes::snapshot& staged, const lockfile* adapters = nullptr,
                              const lockfile* before = nullptr) const;

 private:
  struct member {
    std::string_view name;
    text_span whole;
    text_span value;
  };

  struct member_names;

  lock_document() = default;
  [[nodiscard]] static result<parsed_document> parse_arriving(text_buffer text, std::string_view path,
                                                              version_rule rule, text_arrival* arrival);
  [[nodiscard]] const member* find(std::string_view name) const noexcept;
  [[nodiscard]] std::string_view value_of(const member& of) const noexcept {
    return of.value.in(text_.view());
  }
  /// Adds the edits to a member that the document has and keeps.
  void render_present(splice& into, const json_layout& layout, const member& one,
                      const staged_changes::snapshot& staged, const lockfile* adapters,
                      const lockfile* before) const;
  void render_adapters(splice& into, const json_layout& layout, const lockfile& wanted,
                       const lockfile* before) const;

  text_buffer text_;
  std::string path_;
  text_span object_;
  std::vector<member> members_;
  /// Their names; shared by copies of the document, as the text is.
  std::shared_ptr<const member_names> names_;
  adapters_index adapters_;
  bool version_supported_ = true;
};

/// What parsing gives: the document as it stands, and its adapters for the caller to read and change.
struct parsed_document {
  lock_document document;
  /// The adapters section; empty when it is missing or null. Means nothing unless document.check_version().
  lockfile adapters;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
