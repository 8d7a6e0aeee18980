#include "table.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>

#include "agentslock/kernel/detail/utf8.hpp"
#include "hidden_characters.hpp"

namespace agentslock::cli {
namespace {

/// What these tests print is for a terminal that shows every character, whatever that of who runs them is.
[[maybe_unused]] const int locale_is_set = ::setenv("LC_ALL", "C.UTF-8", 1);

TEST(Printable, OrdinaryTextOfAnyScriptStaysAsItIs) {
  for (std::string_view text : {"", "summary", "a b", "größe", "表", "🙂", "e\u0301", "✓ ready"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, ControlCharactersBecomeEscapes) {
  EXPECT_EQ(printable("a\x1b[2Jb"), "a\\x1b[2Jb");
  EXPECT_EQ(printable("\n\r\t\x7f"), "\\x0a\\x0d\\x09\\x7f");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\u009b2J"), "\\u009b2J");
}

TEST(Printable, WhatOnlySpellsAnEscapeDoesNotLookLikeOne) {
  EXPECT_EQ(printable("a\\x1b"), "a\\\\x1b");
  EXPECT_EQ(printable("\\"), "\\\\");
}

TEST(Printable, DifferentTextsNeverLookTheSame) {
  // Pieces that escapes are made of, and what they stand for; every text of three of them.
  const std::vector<std::string> pieces{"\\",   "x", "u",      "1",      "1b",     "ad",     "00ad",
                                        "e000", "1", "\x1b",   "\u00ad", "\xad",   "\ue000", "\U000e0001",
                                        " ",    "0", "\u200b", "\u2028", "\u0085", "\x85"};
  std::map<std::string, std::string> shown;
  for (const auto& a : pieces) {
    for (const auto& b : pieces) {
      for (const auto& c : pieces) {
        const auto [at, is_new] = shown.emplace(printable(a + b + c), a + b + c);
        ASSERT_EQ(at->second, a + b + c) << at->first;
      }
    }
  }
}

TEST(Printable, WhatReordersOrHidesTextBecomesEscapes) {
  EXPECT_EQ(printable("\u202e\u2066\u200b\u2028\ufeff\u061c"), "\\u202e\\u2066\\u200b\\u2028\\ufeff\\u061c");
  for (std::string_view hidden :
       {"\u00a0",     "\u00ad",     "\u034f",     "\u115f",     "\u1160",     "\u17b4",
        "\u180e",     "\u2003",     "\u200d",     "\u2060",     "\u2065",     "\u206a",
        "\u2800",     "\u3000",     "\u3164",     "\ufe0f",     "\uffa0",     "\ufff9",
        "\ufff0",     "\ue000",     "\ufdd0",     "\U00013430", "\U0001bca0", "\U0001d173",
        "\U000e0001", "\U000e0020", "\U000e0100", "\U000f0000", "\U0001ffff", "\U0010ffff"}) {
    EXPECT_TRUE(printable(hidden).starts_with("\\")) << printable(hidden);
  }
  EXPECT_EQ(printable("\U000e0001"), "\\U000e0001");
}

TEST(PrintableJson, MeansTheSameAndHidesNothing) {
  EXPECT_EQ(printable_json("{\n  \"a\\u001b\": \"ü🙂\"\n}\n"), "{\n  \"a\\u001b\": \"ü🙂\"\n}\n");
  EXPECT_EQ(printable_json("\"\x7f\u009b\u202e\u200b\""), R"("\u007f\u009b\u202e\u200b")");
  // Beyond four digits as the two halves that JSON takes them for.
  EXPECT_EQ(printable_json("\"\U0001d173\U000e0001\U0010fffd\""),
            R"("\ud834\udd73\udb40\udc01\udbff\udffd")");
}

TEST(HiddenCharacters, AreThoseOfTheTableToItsEdges) {
  for (char32_t c : {0x00U, 0x1FU, 0x7FU, 0xA0U, 0xADU, 0x200BU, 0x200FU, 0xE0FFFU, 0x10FFFFU, 0xFFFEU})
    EXPECT_TRUE(is_hidden(c)) << static_cast<unsigned>(c);
  for (char32_t c :
       {0x20U, 0x7EU, 0xA1U, 0xACU, 0xAEU, 0x1FFFU, 0x2010U, 0x2027U, 0xFFFDU, 0x1F642U, 0xEFFFDU})
    EXPECT_FALSE(is_hidden(c)) << static_cast<unsigned>(c);
}

TEST(Printable, BytesThatAreNoUtf8BecomeEscapesAndSwallowNothing) {
  EXPECT_EQ(printable("\xff\x1b[2J"), "\\xff\\x1b[2J");
  EXPECT_EQ(printable("\xe0\x9b\x9b"), "\\xe0\\x9b\\x9b");
  EXPECT_EQ(printable("\xc3"), "\\xc3");
  EXPECT_EQ(printable("\xc0\x9b"), "\\xc0\\x9b");
}

TEST(Printable, EveryByteSequenceOfLengthTwoIsHarmless) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      const std::string shown = printable(text);
      ASSERT_TRUE(is_utf8(shown)) << first << " " << second;
      for (char c : shown)
        ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) << first << " " << second;
    }
  }
}

TEST(Paint, ColourStandsAroundTheTextAndIsEndedAfterIt) {
  EXPECT_EQ(paint("ready", colour::green, true), "\x1b[32mready\x1b[0m");
  EXPECT_EQ(paint("ready", colour::green, false), "ready");
  EXPECT_EQ(paint("ready", colour::none, true), "ready");
  EXPECT_EQ(paint("", colour::dim, true), "");
}

TEST(Paint, TheTextIsMadePrintableFirst) {
  EXPECT_EQ(paint("\x1b[0m", colour::red, true), "\x1b[31m\\x1b[0m\x1b[0m");
}

TEST(Table, ColumnsAreAlignedAndLinesHaveNoTrailingSpace) {
  EXPECT_EQ(table({{{"a"}, {"bb"}, {"c"}}, {{"aaa"}, {"b"}, {}}, {{"a"}}}, false),
            "  a    bb  c\n"
            "  aaa  b\n"
            "  a\n");
  EXPECT_EQ(table({}, true), "");
}

TEST(Table, WidthsCountCharactersAndNotBytesOrEscapes) {
  EXPECT_EQ(table({{{"ä", colour::red}, {"x"}}, {{"ab"}, {"x"}}}, true),
            "  \x1b[31mä\x1b[0m   x\n"
            "  ab  x\n");
  EXPECT_EQ(table({{{"\n"}, {"x"}}, {{"ab"}, {"x"}}}, false),
            "  \\x0a  x\n"
            "  ab    x\n");
}

TEST(Table, WidthsAreWhatATerminalShows) {
  // Two columns each for East Asia and emoji, none for what is put onto the character before.
  EXPECT_EQ(
      table({{{"表格"}, {"x"}}, {{"🙂"}, {"x"}}, {{"e\u0301"}, {"x"}}, {{"abcd"}, {"x"}}, {{"한"}, {"x"}}},
            false),
      "  表格  x\n"
      "  🙂    x\n"
      "  e\u0301     x\n"
      "  abcd  x\n"
      "  한    x\n");
}

TEST(Table, OneLongCellPadsNoRowButItsOwn) {
  const std::string name(100, 'n');
  EXPECT_EQ(table({{{"a"}, {"x"}}, {{name}, {"y"}}, {{"bb"}, {"z"}}}, false),
            "  a   x\n"
            "  " +
                name +
                "  y\n"
                "  bb  z\n");
}

TEST(Table, ALongCellThatRepeatsTheOneAboveIsCut) {
  const std::string name(100, 'n');
  EXPECT_EQ(table({{{name}, {"x"}}, {repeated(name), {"y"}}, {repeated("short"), {"z"}}}, false),
            "  " + name + "  x\n  " + name.substr(0, 40) + "\\…  y\n  short  z\n");
  EXPECT_EQ(repeated(name.substr(0, 40)).text, name.substr(0, 40));
  EXPECT_FALSE(repeated(name.substr(0, 40)).is_cut);
  std::string wide;
  for (int i = 0; i < 41; ++i)
    wide += "ü";
  EXPECT_EQ(repeated(wide).text, wide.substr(0, 80)) << "no character is cut in two";
  EXPECT_TRUE(repeated(wide).is_cut);
}

TEST(Table, ItsTextIsAsLongAsItsCells) {
  const std::string long_name(100'000, 'v');
  std::vector<std::vector<cell>> rows{{{"a"}, {long_name}, {"ready"}}};
  for (int i = 0; i < 1000; ++i)
    rows.push_back({{"a"}, repeated(long_name), {"view" + std::to_string(i)}, {"ready"}});
  EXPECT_LT(table(rows, true).size(), long_name.size() + 100'000);
}

TEST(Table, SpacesThatWouldNotBeSeenAreShown) {
  EXPECT_EQ(table({{{"a "}, {" b"}}, {{"a"}, {"b  c d "}}}, false),
            "  a\\x20  \\x20b\n"
            "  a      b \\x20c d\\x20\n");
}

TEST(Table, EmptyCellsAtTheEndLeaveNothingColouredOrNot) {
  const std::vector<std::vector<cell>> rows{{{"a"}, {"", colour::dim}, {""}}, {{"a"}, {"bb"}, {"c"}}};
  EXPECT_EQ(table(rows, true), "  a\n  a  bb  c\n");
  EXPECT_EQ(table(rows, true), table(rows, false));
}

TEST(StatusCell, EveryStateHasItsOwnSymbolAndItsWord) {
  std::set<std::string_view> symbols;
  for (view_state state : recorded_states) {
    symbols.insert(symbol(state));
    const cell shown = status_cell(state, "re\x1b");
    EXPECT_TRUE(shown.text.starts_with(symbol(state)));
    const std::string word = is_status(state) ? std::string(spelling(status_of(state))) : "\"re\x1b\"";
    EXPECT_TRUE(shown.text.ends_with(word)) << shown.text;
    EXPECT_EQ(shown.in, colour_of(state));
    EXPECT_NE(shown.in, colour::none);
  }
  symbols.insert(symbol(view_state::none));
  EXPECT_EQ(symbols.size(), view_state_count);
}

TEST(StatusCell, OnlyReadyIsGreen) {
  for (view_state state : recorded_states)
    EXPECT_EQ(colour_of(state) == colour::green, state == view_state::ready) << name(state);
}

TEST(Counted, OneIsSingular) {
  EXPECT_EQ(counted(0, "view"), "0 views");
  EXPECT_EQ(counted(1, "view"), "1 view");
  EXPECT_EQ(counted(2, "view"), "2 views");
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
