#include "terminal.hpp"

#include <gtest/gtest.h>

#include <set>

#include "agentslock/kernel/utf8.hpp"

namespace agentslock::cli {
namespace {

TEST(Printable, OrdinaryTextOfAnyScriptStaysAsItIs) {
  for (std::string_view text : {"", "summary", "a b", "größe", "表", "🙂", "a\\x1b", "✓ ready"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, ControlCharactersBecomeEscapes) {
  EXPECT_EQ(printable("a\x1b[2Jb"), "a\\x1b[2Jb");
  EXPECT_EQ(printable("\n\r\t\x7f"), "\\x0a\\x0d\\x09\\x7f");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\u009b2J"), "\\x9b2J");
}

TEST(Printable, WhatReordersOrHidesTextBecomesEscapes) {
  EXPECT_EQ(printable("\u202e\u2066\u200b\u2028\ufeff\u061c"), "\\u202e\\u2066\\u200b\\u2028\\ufeff\\u061c");
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
