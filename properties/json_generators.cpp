// Texts, and JSON values of all spellings.

#include "json_generators.hpp"

#include <utility>

#include "choices.hpp"
#include "generators.hpp"
#include "laws/json_tree.hpp"

namespace agentslock::properties {
namespace {

using strings = std::vector<std::string>;

std::string utf8(std::uint32_t code) {
  return laws::unescaped([&] {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto unit = [&](std::uint32_t value) {
      std::string spelt = "\\u";
      for (int shift = 12; shift >= 0; shift -= 4)
        spelt += digits[value >> static_cast<unsigned>(shift) & 15U];
      return spelt;
    };
    if (code < 0x10000) return "\"" + unit(code) + "\"";
    return "\"" + unit(0xD800 + ((code - 0x10000) >> 10U)) + unit(0xDC00 + ((code - 0x10000) & 0x3FFU)) +
           "\"";
  }());
}

std::string some_digits(std::size_t count) {
  std::string digits;
  for (std::size_t i = 0; i < count; ++i)
    digits += static_cast<char>('0' + below(10));
  return digits;
}

}  // namespace

std::string some_number() {
  if (!rarely(3))
    return one_of(
        strings{"0", "1.0", "1e5", "-0", "1E+2", "0.10", "123456789012345678901234567890", "1e400"});
  std::string number = rarely(2) ? "-" : "";
  number += rarely(3) ? "0" : std::to_string(1 + below(9)) + some_digits(below(25));
  if (rarely(2)) number += "." + some_digits(1 + below(20));
  if (rarely(2))
    number += one_of(strings{"e", "E"}) + one_of(strings{"", "+", "-"}) + some_digits(1 + below(4));
  return number;
}

namespace {

std::string some_string() {
  const strings spelt{
      R"("")",    R"("a")",           R"("\u0061\/")",     R"("\"\\\b\f\n\r\t")",  R"("\u001F\u007f")",
      R"("<&>")", "\"\xE2\x80\xA8\"", R"("\uD834\uDD1E")", "\"\xF4\x8F\xBF\xBF\"", R"("\u2028\u003c")"};
  return rarely(3) ? laws::go_string(*any_text()) : one_of(spelt);
}

}  // namespace

// Recursive: three levels
std::string some_json(std::size_t depth) {
  const std::size_t choice = below(depth == 0 ? 3 : 5);
  if (choice == 0) return one_of(strings{"1", "true", "false", "null"});
  if (choice == 1) return some_string();
  if (choice == 2) return some_number();
  const std::string space = rarely(4) ? one_of(strings{" ", "\n", "\t\r\n  "}) : "";
  const bool object = choice == 3;
  std::string text = object ? "{" : "[";
  for (std::size_t i = 0, count = below(4); i < count; ++i) {
    if (i > 0) text += "," + space;
    if (object) text += some_string() + space + ":" + space;
    text += some_json(depth - 1);
  }
  return text + space + (object ? "}" : "]");
}

rc::Gen<std::string> any_text() {
  return rc::gen::exec([]() -> std::string {
    const strings odd{"a",
                      "",
                      "B",
                      "a/b",
                      "~1",
                      "a\"<&>",
                      "\xC3\xA9",
                      "\xE2\x80\xA8\xE2\x80\xA9",
                      "\n\t\x01\x1F\x7F",
                      "\\",
                      "\xF4\x8F\xBF\xBF",
                      "\xEF\xBF\xBF",
                      "\xC5\xBF",
                      "view_status",
                      "adapters",
                      std::string(300, 'n')};
    if (!rarely(3)) return one_of(odd);
    std::string text;
    for (std::size_t i = below(6); i > 0; --i) {
      const std::uint32_t top = one_of(std::vector<std::uint32_t>{0x80, 0x800, 0xD800, 0x110000});
      const auto code = static_cast<std::uint32_t>(below(top));
      if (code < 0xD800 || code > 0xDFFF) text += utf8(code);
    }
    return text;
  });
}

rc::Gen<std::string> any_json() {
  return rc::gen::exec([] { return some_json(3); });
}

rc::Gen<std::string> almost_json() {
  return rc::gen::exec([] {
    std::string text = some_json(3);
    for (std::size_t i = below(4); i > 0; --i) {
      const std::string bytes = one_of(
          strings{"", "\"", "\\", ",", "0", "-", ".", "e", "]", "}", "\xC3", "\xED\xA0\x80", "\x01", "u"});
      text.replace(below(text.size() + 1), below(2), bytes);
    }
    return text;
  });
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
