/// JSON text in the Go tool's spelling: strings, values, layout.
///
/// Nothing here reads a document: that is json_walk.hpp. New text is written so that a document which the Go
/// tool formatted looks afterwards as if the Go tool had done it; in any other document it follows the
/// layout that is there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#pragma GCC visibility push(default)
namespace agentslock {

/// A string as a JSON string, quotes included, escaped as the Go tool does: `<`, `>`, `&`, U+2028 and U+2029
/// as `\u` with lower-case digits; control characters as `\b \f \n \r \t`, else `\u00xx`.
/// Precondition: the text is UTF-8.
[[nodiscard]] std::string quote(std::string_view text);

/// The text that a JSON string stands for.
/// Precondition: a valid JSON string, quotes included.
[[nodiscard]] std::string unquote(std::string_view json_string);

/// How a document is laid out.
struct json_layout {
  /// "\n" or "\r\n"; empty when everything stands on one line.
  std::string newline = "\n";
  /// One level of indentation.
  std::string unit = "  ";
  /// What stands between a name and its value.
  std::string colon = ": ";
  /// What follows a comma on one line.
  std::string gap = " ";
  /// What stands inside the brackets of a one-line container that is not empty.
  std::string padding;

  friend bool operator==(const json_layout&, const json_layout&) = default;
};

/// Where in a layout a container stands: the indentation of the line that its owner begins on. Nothing: it is
/// written on one line.
using line_indent = std::optional<std::string>;

/// Writes one new JSON value.
///
///     json_writer write(layout, indent);
///     write.begin_object();
///     write.name("at");
///     write.string("2026-07-01T12:00:00Z");
///     write.end_object();
///     std::string text = std::move(write).text();
class json_writer {
 public:
  json_writer(const json_layout& layout, line_indent indent);

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  void name(std::string_view name);
  void string(std::string_view text);
  /// A value that is JSON already; it is laid out anew, its numbers and escapes stay as they are spelt.
  /// Precondition: valid JSON.
  void value(std::string_view json);

  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  void begin(char bracket);
  void end(char bracket);
  void before_item();
  void new_line();

  const json_layout& layout_;
  line_indent indent_;
  std::string text_;
  /// For each open container, whether it has an item.
  std::vector<bool> has_item_;
  bool after_name_ = false;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
