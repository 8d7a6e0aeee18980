// How a document's layout is read off, and the indentation of lines.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "agentslock/io/detail/json_splice.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

json_layout layout_of(std::string_view text) {
  return detect_layout(text, list_container(text, text.find('{')));
}

TEST(DetectLayout, IsReadOffTheFirstMembers) {
  struct row {
    std::string_view text;
    std::string_view newline, unit, colon, gap, padding;
  };
  const row table[] = {
      {"{\n  \"a\": 1\n}\n", "\n", "  ", ": ", " ", ""},
      {"{\n    \"a\": 1,\n    \"b\": 2\n}", "\n", "    ", ": ", " ", ""},
      {"{\n\t\"a\": 1\n}", "\n", "\t", ": ", " ", ""},
      {"{\r\n  \"a\": 1\r\n}\r\n", "\r\n", "  ", ": ", " ", ""},
      {"{\n  \"a\":1\n}", "\n", "  ", ":", "", ""},
      {"{\n  \"a\" : 1\n}", "\n", "  ", " : ", " ", ""},
      {"{\n\"a\": 1,\n\"b\": 2\n}", "\n", "", ": ", " ", ""},
      {"{\n\n   \"a\": 1}", "\n", "   ", ": ", " ", ""},
      {"{\"a\":1}", "", "", ":", "", ""},
      {"{\"a\":1,\"b\":2}", "", "", ":", "", ""},
      {"{\"a\": 1, \"b\": 2}", "", "", ": ", " ", ""},
      {"{\"a\": 1}", "", "", ": ", " ", ""},
      {"{ \"a\": 1, \"b\": 2 }", "", "", ": ", " ", " "},
      {"{ \"a\" : 1,\"b\" : 2 }", "", "", " : ", "", " "},
      {"  {\"a\":1}\n", "", "", ":", "", ""},
      {"\n\n{\n  \"a\": \"x:\\\"y\\\": z\"\n}", "\n", "  ", ": ", " ", ""},
      {"{\n  \"a\\\":\": {\"x\":1}\n}", "\n", "  ", ": ", " ", ""},
  };
  for (const row& one : table) {
    const json_layout layout = layout_of(one.text);
    EXPECT_EQ(layout.newline, one.newline) << one.text;
    EXPECT_EQ(layout.unit, one.unit) << one.text;
    EXPECT_EQ(layout.colon, one.colon) << one.text;
    EXPECT_EQ(layout.gap, one.gap) << one.text;
    EXPECT_EQ(layout.padding, one.padding) << one.text;
  }
}

TEST(DetectLayout, OfAnEmptyObjectIsTheGoWriters) {
  for (std::string_view text : {"{}", "{ }", "{}\n", "{\n}"}) {
    EXPECT_EQ(layout_of(text), json_layout{}) << text;
  }
}

TEST(DetectLayout, OfAnEmptyObjectKeepsTheLineEndings) {
  for (std::string_view text : {"{}\r\n", "{\r\n}", " {\r\n\r\n}"}) {
    json_layout layout = layout_of(text);
    EXPECT_EQ(layout.newline, "\r\n") << text;
    layout.newline = json_layout{}.newline;
    EXPECT_EQ(layout, json_layout{}) << text;
  }
}

TEST(IndentBefore, IsTheWhiteSpaceThatALineBeginsWith) {
  constexpr std::string_view text = "{\n  \"a\": 1,\n\t \"b\": 2,\r\n    \"c\": 3, \"d\": 4\n}";
  EXPECT_EQ(indent_before(text, text.find("\"a\"")), "  ");
  EXPECT_EQ(indent_before(text, text.find("\"b\"")), "\t ");
  EXPECT_EQ(indent_before(text, text.find("\"c\"")), "    ");
  EXPECT_EQ(indent_before(text, text.rfind('}')), "");
}

TEST(IndentBefore, IsNothingWhereSomethingElseStandsBefore) {
  constexpr std::string_view text = "{\n  \"a\": 1, \"b\": 2\n}";
  EXPECT_EQ(indent_before(text, text.find("\"b\"")), std::nullopt);
  EXPECT_EQ(indent_before(text, text.find('1')), std::nullopt);
  // A text's first line is begun by the text; a document's opening brace owns nothing that would be indented.
  EXPECT_EQ(indent_before(text, 0), std::nullopt);
  EXPECT_EQ(indent_before("   {}", 3), std::nullopt);
}

TEST(ContainerLayout, ItemsStandWhereTheFirstOneDoes) {
  constexpr std::string_view text = "{\n  \"a\": [\n       1,\n  2]\n}";
  const json_layout document;
  const json_container list = list_container(text, text.find('['));
  EXPECT_EQ((container_layout{document, "  "}.items(text, list)), "       ");
}

TEST(ContainerLayout, ItemsOfAnEmptyOneStandOneUnitDeeperThanItsOwner) {
  constexpr std::string_view text = "{\n  \"a\": []\n}";
  const json_layout lines;
  const json_layout one_line{"", "", ": ", " ", ""};
  const json_container list = list_container(text, text.find('['));
  EXPECT_EQ((container_layout{lines, "  "}.items(text, list)), "    ");
  EXPECT_EQ((container_layout{lines, std::nullopt}.items(text, list)), std::nullopt);
  EXPECT_EQ((container_layout{one_line, "  "}.items(text, list)), std::nullopt);
}

TEST(ContainerLayout, ItemsOfOneThatStandsOnOneLineStayThere) {
  constexpr std::string_view text = "{\n  \"a\": [1, 2]\n}";
  const json_layout lines;
  EXPECT_EQ((container_layout{lines, "  "}.items(text, list_container(text, text.find('[')))), std::nullopt);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
