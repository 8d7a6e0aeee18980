#include "agentslock/io/detail/json_walk.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <boost/json/basic_parser_impl.hpp>
#include <cstdint>
#include <cstring>
#include <functional>
#include <utility>

#include "foreign_text.hpp"
#include "json_handler.hpp"
#include "json_parse.hpp"

namespace agentslock {
namespace {

constexpr bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Takes a string: borrowed when the parser shows it in one piece out of the text, else copied.
struct string_borrower : json_handler {
  string_borrower(std::string_view text_in, std::string& scratch_in, std::string_view& whole_in)
      : json(text_in), scratch(scratch_in), whole(whole_in) {}

  bool on_string_part(text part, std::size_t, status&) {
    scratch.append(part.data(), part.size());
    return true;
  }
  bool on_string(text part, std::size_t, status&) {
    const bool in_json = std::less_equal<>()(json.data(), part.data()) &&
                         std::less<>()(part.data(), json.data() + json.size());
    if (scratch.empty() && in_json) {
      whole = {part.data(), part.size()};
    } else {
      scratch.append(part.data(), part.size());
      whole = scratch;
    }
    return true;
  }

  std::string_view json;
  std::string& scratch;
  std::string_view& whole;
};

}  // namespace

std::size_t json_walker::past_space(std::size_t at) const {
  while (is_space(peek(at)))
    ++at;
  return at;
}

json_fault json_walker::fault(std::size_t at, std::string what) const {
  if (at >= text_.whole.size()) return {errc::not_json, text_.whole.size(), "the text ends too early"};
  return {errc::not_json, at, std::move(what)};
}

json_result<std::size_t> json_walker::skip(std::size_t at, std::size_t depth) const {
  return parse_value<json_handler>(text_, at, depth);
}

json_result<json_string> json_walker::string(std::size_t at, std::string& scratch) const {
  if (peek(at) != '"') return fault(at, "expected a string in double quotes");
  scratch.clear();
  std::string_view text;
  const auto end = parse_value<string_borrower>(text_, at, 0, text_.whole, scratch, text);
  if (!end) return end.error();
  return json_string{{at, *end}, text, text.data() != scratch.data()};
}

json_result<std::size_t> json_walker::object(std::size_t at, std::size_t depth, member_visitor visit) const {
  if (depth >= json_depth_max) return json_fault{errc::too_deep, at, "nested too deeply"};
  std::string scratch;
  at = past_space(at + 1);
  if (peek(at) == '}') return at + 1;
  for (;;) {
    const auto name = string(at, scratch);
    if (!name) return name.error();
    at = past_space(name->span.end);
    if (peek(at) != ':') return fault(at, "expected a colon after the member's name");
    const auto end = visit(*name, past_space(at + 1));
    if (!end) return end.error();
    at = past_space(*end);
    if (peek(at) == '}') return at + 1;
    if (peek(at) != ',') return fault(at, "expected a comma or a closing brace after the member");
    at = past_space(at + 1);
  }
}

json_result<std::size_t> json_walker::array(std::size_t at, std::size_t depth, item_visitor visit) const {
  if (depth >= json_depth_max) return json_fault{errc::too_deep, at, "nested too deeply"};
  at = past_space(at + 1);
  if (peek(at) == ']') return at + 1;
  for (std::size_t number = 0;; ++number) {
    const auto end = visit(number, at);
    if (!end) return end.error();
    at = past_space(*end);
    if (peek(at) == ']') return at + 1;
    if (peek(at) != ',') return fault(at, "expected a comma or a closing bracket after the item");
    at = past_space(at + 1);
  }
}

json_result<text_span> json_walker::document(member_visitor visit) const {
  const auto read = [&]() -> json_result<text_span> {
    if (peek(0) == '\xEF' && peek(1) == '\xBB' && peek(2) == '\xBF') {
      return json_fault{
          errc::not_json, 0,
          "it begins with a byte order mark, which JSON does not allow; save it as UTF-8 without one"};
    }
    const std::size_t begin = past_space(0);
    if (begin == text_.whole.size()) {
      return json_fault{errc::not_json, begin,
                        text_.whole.empty() ? "it is empty" : "it holds nothing but white space"};
    }
    if (peek(begin) != '{') {
      const auto end = skip(begin, 0);
      if (!end) return end.error();
      return json_fault{errc::not_an_object, begin, "it is JSON, but not an object"};
    }
    const auto end = object(begin, 0, visit);
    if (!end) return end.error();
    const std::size_t after = past_space(*end);
    if (after != text_.whole.size()) {
      return json_fault{errc::not_json, after, "something follows the document's closing brace"};
    }
    return text_span{begin, *end};
  };
  auto span = read();
  if (!span) {
    // Of a text that is still being read nobody asks what it is instead.
    if (text_.arrival != nullptr) return span;
    if (auto foreign = recognise_foreign(text_.whole)) return std::move(*foreign);
  }
  return span;
}

namespace {

/// The characters that say where a container ends: quotes, since in strings they say nothing, and brackets.
constexpr auto ends_and_begins = [] {
  std::array<bool, 256> is{};
  for (const char one : {'"', '{', '}', '[', ']'})
    is[static_cast<unsigned char>(one)] = true;
  return is;
}();

/// Where a string ends that begins at `at`, in a text that is known to be valid.
std::size_t past_valid_string(std::string_view text, std::size_t at) noexcept {
  for (++at;; ++at) {
    at = text.find('"', at);
    std::size_t backslashes = 0;
    while (text[at - 1 - backslashes] == '\\')
      ++backslashes;
    if (backslashes % 2 == 0) return at + 1;
  }
}

/// Where the next quote or bracket is. Precondition: there is one.
std::size_t next_end_or_begin(std::string_view text, std::size_t at) noexcept {
  // Eight characters at a time. The four brackets alone become 0x59 by this mask, but for a few characters that valid JSON has in
  // strings only, and those stop this loop for nothing. A bit of `found` below the first hit is never set.
  constexpr std::uint64_t ones = 0x0101010101010101;
  const auto zeros = [](std::uint64_t in) { return (in - ones) & ~in & (ones << 7); };
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t eight;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if constexpr (std::endian::native == std::endian::big) eight = __builtin_bswap64(eight);
    const std::uint64_t found = zeros(eight ^ (ones * '"')) | zeros((eight & (ones * 0xD9)) ^ (ones * 0x59));
    if (found == 0) continue;
    at += static_cast<std::size_t>(std::countr_zero(found)) / 8;
    break;
  }
  while (!ends_and_begins[static_cast<unsigned char>(text[at])])
    ++at;
  return at;
}

}  // namespace

std::size_t past_valid_value(std::string_view text, std::size_t at) noexcept {
  if (text[at] == '"') return past_valid_string(text, at);
  if (text[at] != '{' && text[at] != '[') return std::min(text.find_first_of(",]} \t\r\n", at), text.size());
  for (std::size_t depth = 0;;) {
    at = next_end_or_begin(text, at);
    const char here = text[at];
    if (here == '"') {
      at = past_valid_string(text, at);
      continue;
    }
    ++at;
    if (here == '{' || here == '[') {
      ++depth;
    } else if (--depth == 0) {
      return at;
    }
  }
}

std::size_t walk_valid(std::string_view text, std::size_t at, valid_visitor visit) {
  const auto past_space = [&](std::size_t from) {
    while (is_space(text[from]))
      ++from;
    return from;
  };
  const bool is_object = text[at] == '{';
  std::string scratch;
  at = past_space(at + 1);
  if (text[at] == '}' || text[at] == ']') return at + 1;
  for (;;) {
    json_string name{{at, at}, {}, true};
    if (is_object) {
      name.span.end = past_valid_string(text, at);
      name.text = text.substr(at + 1, name.span.size() - 2);
      if (name.text.find('\\') != name.text.npos) name = *json_walker(text).string(at, scratch);
      at = past_space(past_space(name.span.end) + 1);
    }
    at = past_space(visit(name, at));
    if (text[at] != ',') return at + 1;
    at = past_space(at + 1);
  }
}

json_container list_container(std::string_view text, std::size_t at, std::span<const text_span> known) {
  json_container list;
  const std::size_t end = walk_valid(text, at, [&](const json_string& name, std::size_t value_at) {
    const std::size_t begin = name.span.begin;
    const auto found = std::ranges::lower_bound(known, begin, {}, &text_span::begin);
    const bool is_known = found != known.end() && found->begin == begin;
    const std::size_t value_end = is_known ? found->end : past_valid_value(text, value_at);
    list.items.push_back({std::string(name.text), {begin, value_end}, {value_at, value_end}});
    return value_end;
  });
  list.span = {at, end};
  return list;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
