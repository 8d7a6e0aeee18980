// Making trees, and writing them as the Go tool does.

#include <algorithm>
#include <utility>

#include "json_tree.hpp"

namespace agentslock::laws {
namespace {

/// What Go's encoder spells anew inside of a string that it is given as JSON.
std::string go_respelt(std::string_view spelling) {
  std::string out;
  for (std::size_t i = 0; i < spelling.size(); ++i) {
    const std::string_view rest = spelling.substr(i);
    if (rest.front() == '<') {
      out += "\\u003c";
    } else if (rest.front() == '>') {
      out += "\\u003e";
    } else if (rest.front() == '&') {
      out += "\\u0026";
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      out += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += rest.front();
    }
  }
  return out;
}

void write_go(std::string& out, const json_node& value, const std::string& indent) {
  const bool is_object = value.what == json_node::kind::object;
  if (!is_object && value.what != json_node::kind::array) {
    out += value.what == json_node::kind::string ? go_respelt(value.spelling) : value.spelling;
    return;
  }
  const std::size_t count = is_object ? value.members.size() : value.items.size();
  out += is_object ? '{' : '[';
  const std::string inner = indent + "  ";
  for (std::size_t i = 0; i < count; ++i) {
    out.append(i > 0 ? "," : "").append("\n").append(inner);
    if (is_object) out += go_respelt(value.members[i].name_spelling) + ": ";
    write_go(out, is_object ? value.members[i].value : value.items[i], inner);
  }
  if (count > 0) out += "\n" + indent;
  out += is_object ? '}' : ']';
}

}  // namespace

std::string go_string(std::string_view text) {
  std::string inside;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::string_view named = "\b\f\n\r\t\"\\";
    constexpr std::string_view letters = "bfnrt\"\\";
    if (const auto known = named.find(c); known != std::string_view::npos) {
      inside.append("\\").append(1, letters[known]);
    } else if (byte < 0x20) {
      constexpr std::string_view digits = "0123456789abcdef";
      inside.append("\\u00").append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
    } else {
      inside += c;
    }
  }
  return go_respelt("\"" + inside + "\"");
}

json_node string_node(std::string_view text) {
  json_node made;
  made.what = json_node::kind::string;
  made.spelling = go_string(text);
  return made;
}

json_node object_node(std::vector<json_member> members) {
  json_node made;
  made.what = json_node::kind::object;
  made.members = std::move(members);
  return made;
}

json_node array_node(std::vector<json_node> items) {
  json_node made;
  made.what = json_node::kind::array;
  made.items = std::move(items);
  return made;
}

json_member member_node(std::string_view name, json_node value) {
  return {go_string(name), std::move(value), 0};
}

std::string go_text(const json_node& value) {
  std::string out;
  write_go(out, value, "");
  return out;
}

bool same_but_for_space(const json_node& a, const json_node& b) {
  return a.what == b.what && a.spelling == b.spelling &&
         std::ranges::equal(a.items, b.items, same_but_for_space) &&
         std::ranges::equal(a.members, b.members, [](const json_member& x, const json_member& y) {
           return x.name_spelling == y.name_spelling && same_but_for_space(x.value, y.value);
         });
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
