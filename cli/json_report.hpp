// The JSON that every command prints with --json.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/io/error.hpp"
#include "agentslock/kernel/entries.hpp"

namespace agentslock::cli {

/// The version of the output's form. Its schema is docs/output.schema.json.
inline constexpr int format_version = 1;

/// A text that may be a path, and so any bytes, fit for JSON: what is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string as_utf8(std::string_view text);

/// Whether a report's JSON is laid out for people, or stands on one line.
enum class json_form : std::uint8_t { indented, one_line };
[[nodiscard]] const json_layout& layout_of(json_form form);

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
  json_writer write_;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
