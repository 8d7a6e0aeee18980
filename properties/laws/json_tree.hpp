/// A JSON text as a tree that forgets nothing: order, spelling, and where each value stands. A second reader and
/// writer of JSON, small and plain, that shares no code with the io layer or Boost.JSON and so can judge both. It
/// converts no number. It reads valid JSON and refuses the rest, without saying where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agentslock::laws {

struct json_member;

struct json_node {
  enum class kind : std::uint8_t { object, array, string, other };
  kind what = kind::other;
  /// As it is spelt: a string with its quotes, a number, true, false, null.
  std::string spelling;
  std::vector<json_member> members;
  std::vector<json_node> items;
  /// Where it stood in the text that it was read from.
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] bool is_null() const { return what == kind::other && spelling == "null"; }
  /// The member of this name, or null.
  [[nodiscard]] const json_node* find(std::string_view name) const;
  [[nodiscard]] json_node* find(std::string_view name);
  /// The text of a string; empty for anything else.
  [[nodiscard]] std::string text() const;
};

struct json_member {
  std::string name_spelling;
  json_node value;
  /// Where the name began.
  std::size_t begin = 0;

  [[nodiscard]] std::string name() const;
};

/// Reads a text that is one JSON value, with white space around it.
[[nodiscard]] std::optional<json_node> read_json(std::string_view text);

/// What a string's spelling stands for, in UTF-8. Precondition: a valid JSON string.
[[nodiscard]] std::string unescaped(std::string_view spelling);
/// A text as the Go tool spells it.
[[nodiscard]] std::string go_string(std::string_view text);

/// New nodes.
[[nodiscard]] json_node string_node(std::string_view text);
[[nodiscard]] json_node object_node(std::vector<json_member> members);
[[nodiscard]] json_node array_node(std::vector<json_node> items);
[[nodiscard]] json_member member_node(std::string_view name, json_node value);

/// The value as the Go tool lays it out: two spaces, a member a line. Order and numbers stay; in strings, only what
/// Go's encoder escapes in JSON that it is given (<, >, &, U+2028, U+2029) is spelt anew.
[[nodiscard]] std::string go_text(const json_node& value);

/// Whether two values are the same but for white space and where they stand.
[[nodiscard]] bool same_but_for_space(const json_node& a, const json_node& b);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
