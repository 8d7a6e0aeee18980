// What all commands share: the document, the store, and how the result is told.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/io/presence.hpp"
#include "agentslock/io/store_listing.hpp"
#include "exit_code.hpp"

namespace agentslock::cli {

/// The version of the --json output's form. Its schema is docs/output.schema.json.
inline constexpr int format_version = 1;

/// The options that every command has.
struct common_options {
  /// The document: the one that was named, or else found before the command begins.
  std::string document;
  /// Whether the document was found in a directory above: then a store that is named relative to here is not.
  bool found_above = false;
  std::string store;
  bool json = false;
};

/// A command's result, from which its text, its JSON and its exit code are all taken.
struct outcome_report {
  exit_code code = exit_code::fine;
  /// For people.
  std::string text;
  /// One JSON object.
  std::string json;
};

/// The document of a command. Signals that would end the process wait while its lock is held.
[[nodiscard]] lockfile_store document_of(const common_options& options);

/// The lockfile of a document that is there. Errors: document_missing, and those of load.
[[nodiscard]] result<loaded_lockfile> load_existing(const lockfile_store& store);

/// The last transition of a view: since when it is what it is, and why. Empty texts when none is recorded.
[[nodiscard]] audit_entry last_transition(const view& entry);

/// The store that --store names, or else AGENTSLOCK_STORE: "sqlite:DIRECTORY". A relative one is taken from the document's
/// directory when the document was found above.
/// Error: invalid_argument.
[[nodiscard]] result<std::unique_ptr<presence_source>> open_store(const common_options& options);

/// The same store, to list what it holds. Error: invalid_argument.
[[nodiscard]] result<std::unique_ptr<store_listing>> open_contents(const common_options& options);

/// The store that is named, as programs are told it: "sqlite:" and an absolute path; empty when none is named.
/// Error: invalid_argument.
[[nodiscard]] result<std::string> absolute_store(const common_options& options);

/// What a variable of the environment says; empty when it is not set.
[[nodiscard]] std::string from_environment(const char* name);

/// A text that may be a path, and so any bytes, fit for JSON: what is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string as_utf8(std::string_view text);

/// The digest of what the store holds for a view, by the same code that reconcile compares with.
/// Errors: invalid_argument, also when the store has no such view; those of presence_source.
[[nodiscard]] result<std::string> digest_in_store(const common_options& options, view_key key);

/// A report about an error, as every command gives it.
[[nodiscard]] outcome_report report_error(const error& why);

/// A report that there is no document.
[[nodiscard]] outcome_report report_missing(const std::string& path);

/// Writes a report where it belongs: text or JSON to standard output, the text of a failure to standard error.
/// Returns the process's exit status: the report's, or that of output that could not be written, which is said on
/// standard error.
int tell(const outcome_report& report, const common_options& options);

/// Whether a report's JSON is laid out for people, or stands on one line.
enum class json_form : std::uint8_t { indented, one_line };

/// Writes the JSON of a report: an object that begins with format_version.
class json_report {
 public:
  explicit json_report(json_form form = json_form::indented);
  [[nodiscard]] json_writer& write() noexcept { return write_; }
  void text(std::string_view name, std::string_view value);
  void number(std::string_view name, std::size_t value);
  void boolean(std::string_view name, bool value);
  /// A text, or null when it is empty.
  void text_or_null(std::string_view name, std::string_view value);
  /// An object with the view's names, shortened.
  void view(view_key key);
  /// The member "error".
  void failure(const error& why);
  [[nodiscard]] std::string finish() &&;

 private:
  json_layout layout_;
  json_writer write_;
};

}  // namespace agentslock::cli
