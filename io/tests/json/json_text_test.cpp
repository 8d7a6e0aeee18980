#include "agentslock/io/detail/json_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "unicode.hpp"

namespace agentslock {
namespace {

using testing::is_surrogate;
using testing::utf8;

const json_layout go_layout;
const json_layout tabs{"\n", "\t", ": ", " ", ""};
const json_layout crlf{"\r\n", "    ", ": ", " ", ""};
const json_layout tight{"", "", ":", "", ""};
const json_layout spaced{"", "", ": ", " ", ""};
const json_layout padded{"", "", " : ", " ", " "};

/// How the Go tool spells one character below 0x80 inside a string.
std::string go_spelling(unsigned char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '<':
      return "\\u003c";
    case '>':
      return "\\u003e";
    case '&':
      return "\\u0026";
    default:
      break;
  }
  if (c >= 0x20) return std::string(1, static_cast<char>(c));
  char text[7];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(c));
  return text;
}

TEST(Quote, SpellsEveryAsciiCharacterAsTheGoWriterDoes) {
  for (unsigned c = 0; c < 0x80; ++c) {
    const std::string text(1, static_cast<char>(c));
    EXPECT_EQ(quote(text), "\"" + go_spelling(static_cast<unsigned char>(c)) + "\"") << c;
    EXPECT_EQ(quote("é" + text + "z"), "\"é" + go_spelling(static_cast<unsigned char>(c)) + "z\"") << c;
  }
}

TEST(Quote, LeavesDelAndEverythingBeyondAsciiAloneButTheTwoLineSeparators) {
  EXPECT_EQ(quote("\x7F"), "\"\x7F\"");
  for (unsigned code = 0x80; code <= 0x10FFFF; ++code) {
    if (is_surrogate(code)) continue;
    const std::string spelling = code == 0x2028 ? "\\u2028" : code == 0x2029 ? "\\u2029" : utf8(code);
    ASSERT_EQ(quote(utf8(code)), "\"" + spelling + "\"") << std::hex << code;
  }
}

TEST(Quote, OfTheEmptyTextIsTwoQuotes) {
  EXPECT_EQ(quote(""), "\"\"");
}

TEST(Quote, EscapesStandWhereTheyStoodAmongOthers) {
  EXPECT_EQ(quote("a<b>c&d\u2028e\u2029f\"g\\h\ni"), R"("a\u003cb\u003ec\u0026d\u2028e\u2029f\"g\\h\ni")");
  EXPECT_EQ(quote(std::string_view("\0\0", 2)), R"("\u0000\u0000")");
  // Only the whole three bytes are a separator.
  EXPECT_EQ(quote("\u2027\u202A\uE2A8"), "\"\u2027\u202A\uE2A8\"");
}

TEST(Unquote, GivesBackEveryCodePointInAnySurroundings) {
  std::string all;
  for (unsigned code = 0; code <= 0x10FFFF; ++code) {
    if (is_surrogate(code)) continue;
    all += utf8(code);
    if (code % 97 == 0 || code == 0x10FFFF) {
      ASSERT_EQ(unquote(quote(all)), all) << std::hex << code;
      all.clear();
    }
  }
}

TEST(Unquote, GivesBackTextsOfEveryLengthWithAnEscapeAtEveryEnd) {
  // Parsers collect texts with escapes in buffers of a fixed size.
  for (std::size_t length = 0; length < 2100; ++length) {
    const std::string plain(length, 'x');
    for (const std::string& text : {"\n" + plain, plain + "\n", plain + "é\t\u2028" + plain}) {
      ASSERT_EQ(unquote(quote(text)), text) << length;
    }
  }
}

TEST(Unquote, ReadsEveryEscapeThatJsonHas) {
  struct spelling {
    std::string_view json;
    std::string text;
  };
  const spelling table[] = {
      {R"("")", ""},
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u00E9")", "Aéé"},
      {R"("\u2028\u20AC\u20ac")", "\u2028€€"},
      {R"("\ud83d\ude00")", "\U0001F600"},
      {R"("\uD83D\uDE00x")", "\U0001F600x"},
      {R"("\udbff\udfff")", "\U0010FFFF"},
      {R"("\u0000a")", std::string("\0a", 2)},
      {R"("<>&")", "<>&"},
  };
  for (const spelling& one : table)
    EXPECT_EQ(unquote(one.json), one.text) << one.json;
}

/// Writes a value with all that can stand in one.
std::string sample(const json_layout& layout, const line_indent& indent) {
  json_writer write(layout, indent);
  write.begin_object();
  write.name("a<");
  write.string("x");
  write.name("list");
  write.begin_array();
  write.string("1");
  write.begin_object();
  write.end_object();
  write.begin_array();
  write.end_array();
  write.value("[2]");
  write.end_array();
  write.name("o");
  write.begin_object();
  write.name("n");
  write.value("null");
  write.end_object();
  write.end_object();
  return std::move(write).text();
}

TEST(JsonWriter, LaysOutEveryLayout) {
  struct expected {
    const json_layout& layout;
    line_indent indent;
    std::string_view text;
  };
  const expected table[] = {
      {go_layout, "",
       "{\n  \"a\\u003c\": \"x\",\n  \"list\": [\n    \"1\",\n    {},\n    [],\n    [\n      2\n    ]\n  ],\n"
       "  \"o\": {\n    \"n\": null\n  }\n}"},
      {tabs, "\t",
       "{\n\t\t\"a\\u003c\": \"x\",\n\t\t\"list\": "
       "[\n\t\t\t\"1\",\n\t\t\t{},\n\t\t\t[],\n\t\t\t[\n\t\t\t\t2\n"
       "\t\t\t]\n\t\t],\n\t\t\"o\": {\n\t\t\t\"n\": null\n\t\t}\n\t}"},
      {crlf, " ",
       "{\r\n     \"a\\u003c\": \"x\",\r\n     \"list\": [\r\n         \"1\",\r\n         {},\r\n         "
       "[],\r\n"
       "         [\r\n             2\r\n         ]\r\n     ],\r\n     \"o\": {\r\n         \"n\": null\r\n   "
       "  "
       "}\r\n }"},
      {tight, std::nullopt, R"({"a\u003c":"x","list":["1",{},[],[2]],"o":{"n":null}})"},
      {spaced, std::nullopt, R"({"a\u003c": "x", "list": ["1", {}, [], [2]], "o": {"n": null}})"},
      {padded, std::nullopt, R"({ "a\u003c" : "x", "list" : [ "1", {}, [], [ 2 ] ], "o" : { "n" : null } })"},
  };
  for (const expected& one : table)
    EXPECT_EQ(sample(one.layout, one.indent), one.text);
}

TEST(JsonWriter, StaysOnOneLineWhereTheOwnerBeginsNoLine) {
  EXPECT_EQ(sample(go_layout, std::nullopt), sample(spaced, std::nullopt));
}

TEST(JsonWriter, StaysOnOneLineInADocumentOfOneLine) {
  EXPECT_EQ(sample(tight, "    "), sample(tight, std::nullopt));
}

TEST(JsonWriter, ValueKeepsTheSpellingOfNumbersAndEscapes) {
  for (std::string_view json :
       {"1.0", "1e5", "1E+5", "-0", "-0.0", "123456789012345678901234567890", "0.1000", "1e-7", "true",
        "false", "null", R"("\u0041\/\ud83d\ude00é")", R"("a\\")", R"("\"")", R"("{[,:]}")", "{}", "[]"}) {
    for (const json_layout* layout : {&go_layout, &tabs, &crlf, &tight, &padded}) {
      json_writer write(*layout, "");
      write.value(json);
      EXPECT_EQ(std::move(write).text(), json);
    }
  }
}

TEST(JsonWriter, ValueEscapesWhatTheGoWriterEscapesInJsonThatItIsGiven) {
  json_writer write(tight, std::nullopt);
  write.value("{\"<\": \"a>&\u2028\u2029\x7F\\u003C\"}");
  EXPECT_EQ(std::move(write).text(), "{\"\\u003c\":\"a\\u003e\\u0026\\u2028\\u2029\x7F\\u003C\"}");
}

TEST(JsonWriter, ValueIsLaidOutAnew) {
  constexpr std::string_view json =
      " { \"b\" :[ 1.0,\t2e5 ,\r\n-0 , { } , [\n] ,[[]]], \"\\u0061 {\" : {\"c\":null,\"d\":\"}, ]\"} } \n";
  json_writer lines(go_layout, "");
  lines.value(json);
  EXPECT_EQ(std::move(lines).text(),
            "{\n  \"b\": [\n    1.0,\n    2e5,\n    -0,\n    {},\n    [],\n    [\n      []\n    ]\n  ],\n"
            "  \"\\u0061 {\": {\n    \"c\": null,\n    \"d\": \"}, ]\"\n  }\n}");
  json_writer one_line(padded, std::nullopt);
  one_line.value(json);
  EXPECT_EQ(std::move(one_line).text(),
            R"({ "b" : [ 1.0, 2e5, -0, {}, [], [ [] ] ], "\u0061 {" : { "c" : null, "d" : "}, ]" } })");
}

TEST(JsonWriter, ValueInOneLayoutAndThenInAnotherSaysTheSame) {
  constexpr std::string_view json = R"({"a":[1,[2.50,{"x":[],"y":{"":""}}],null],"\"":"\\\"","z":[{}]})";
  const json_layout* layouts[] = {&go_layout, &tabs, &crlf, &tight, &spaced, &padded};
  const auto in = [](const json_layout& layout, std::string_view text) {
    json_writer write(layout, "");
    write.value(text);
    return std::move(write).text();
  };
  for (const json_layout* first : layouts) {
    for (const json_layout* second : layouts) {
      EXPECT_EQ(in(*second, in(*first, json)), in(*second, json));
      EXPECT_EQ(in(tight, in(*second, in(*first, json))), json);
    }
  }
}

TEST(JsonWriter, ValueStandsAmongOtherItems) {
  json_writer write(go_layout, "");
  write.begin_array();
  write.value("1");
  write.value("{\"a\":[]}");
  write.string("s");
  write.end_array();
  EXPECT_EQ(std::move(write).text(), "[\n  1,\n  {\n    \"a\": []\n  },\n  \"s\"\n]");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
