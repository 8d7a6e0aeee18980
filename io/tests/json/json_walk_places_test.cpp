// Where the walker says that things stand: spans, names, conflict marks, lines and columns.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/json_walk.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

TEST(JsonWalker, TellsEachMembersNameAndExactSpan) {
  constexpr std::string_view text = "{ \"a\" : 1 ,\n\"b\":[ 2 ] , \"c\": \"x\"\t}  \n";
  const json_walker walker(text);
  std::vector<std::string> members;
  const auto span = walker.document([&](const json_string& name, std::size_t at) {
    const auto end = walker.skip(at, 1);
    members.push_back(std::string(name.text) + "|" + std::string(name.span.in(text)) + "|" +
                      std::string(text.substr(at, *end - at)));
    return end;
  });
  ASSERT_TRUE(span);
  EXPECT_EQ(text.substr(span->end), "  \n");
  EXPECT_EQ(members, (std::vector<std::string>{"a|\"a\"|1", "b|\"b\"|[ 2 ]", "c|\"c\"|\"x\""}));
}

TEST(JsonWalker, AValuesSpanHoldsNoWhiteSpaceAfterIt) {
  for (std::string_view value :
       {"1", "-0", "1.5", "1e5", "\"x\"", "\"\"", "\"x \"", "true", "false", "null", "{}", "[]", "{ }",
        "[ 1 ]", "{\"a\": 1 }", "123456789012345678901234567890"}) {
    for (std::string_view after : {"}", " }", "\t\r\n }", ",\"z\":1}", " ,\"z\":1}"}) {
      const std::string text = "{\"a\":" + std::string(value) + std::string(after);
      const auto end = json_walker(text).skip(5, 1);
      ASSERT_TRUE(end) << text;
      EXPECT_EQ(*end, 5 + value.size()) << text;
    }
  }
}

TEST(JsonWalker, NamesAreUnescaped) {
  struct spelling {
    std::string_view json;
    std::string text;
    bool in_text;
  };
  const spelling table[] = {
      {R"("plain")", "plain", true},
      {R"("")", "", true},
      {R"("é")", "é", true},
      {R"("\u0061")", "a", false},
      {R"("a\nb")", "a\nb", false},
      {R"("\u0000")", std::string(1, '\0'), false},
      {R"("x\ud83d\ude00y")", "x\U0001F600y", false},
  };
  for (const spelling& one : table) {
    const std::string text = "{" + std::string(one.json) + ":1}";
    const json_walker walker(text);
    int seen = 0;
    const auto span = walker.document([&](const json_string& name, std::size_t at) {
      ++seen;
      EXPECT_EQ(name.text, one.text) << one.json;
      EXPECT_EQ(name.span.in(text), one.json);
      // Whoever keeps a text that is not in the document must copy it.
      EXPECT_EQ(name.in_text, one.in_text) << one.json;
      const bool lies_in_text =
          name.text.data() >= text.data() && name.text.data() <= text.data() + text.size();
      EXPECT_EQ(lies_in_text, one.in_text) << one.json;
      return walker.skip(at, 1);
    });
    EXPECT_TRUE(span);
    EXPECT_EQ(seen, 1);
  }
}

TEST(JsonWalker, ALongNameWithEscapesIsWhole) {
  const std::string plain(5000, 'n');
  const std::string text = "{\"" + plain + "\\t" + plain + "\":1,\"b\":2}";
  const json_walker walker(text);
  std::vector<std::string> names;
  ASSERT_TRUE(walker.document([&](const json_string& name, std::size_t at) {
    names.emplace_back(name.text);
    return walker.skip(at, 1);
  }));
  EXPECT_EQ(names, (std::vector<std::string>{plain + "\t" + plain, "b"}));
}

TEST(JsonWalker, ArraysTellEachItemsNumberAndPlace) {
  constexpr std::string_view text = "[ 1,{} ,\n\"x\" ]";
  const json_walker walker(text);
  std::vector<std::string> items;
  const auto end = walker.array(0, 0, [&](std::size_t number, std::size_t at) {
    const auto item_end = walker.skip(at, 1);
    items.push_back(std::to_string(number) + ":" + std::string(text.substr(at, *item_end - at)));
    return item_end;
  });
  ASSERT_TRUE(end);
  EXPECT_EQ(*end, text.size());
  EXPECT_EQ(items, (std::vector<std::string>{"0:1", "1:{}", "2:\"x\""}));
}

TEST(JsonWalker, AVisitorsFaultEndsTheWalk) {
  const json_walker walker("{\"a\":1,\"b\":2}");
  int seen = 0;
  const auto span = walker.document([&](const json_string&, std::size_t at) -> json_result<std::size_t> {
    ++seen;
    return json_fault{errc::wrong_type, at, "not this one"};
  });
  ASSERT_FALSE(span);
  EXPECT_EQ(span.error().code, errc::wrong_type);
  EXPECT_EQ(span.error().offset, 5U);
  EXPECT_EQ(seen, 1);
}

TEST(ListContainer, TellsWhereMembersAndItemsStand) {
  constexpr std::string_view text = "x{ \"a\" : [1 ] ,\"\\u0062\":null } [ {} , 2]";
  const json_container object = list_container(text, 1);
  EXPECT_EQ(object.span.in(text), "{ \"a\" : [1 ] ,\"\\u0062\":null }");
  ASSERT_EQ(object.items.size(), 2U);
  EXPECT_EQ(object.items[0].name, "a");
  EXPECT_EQ(object.items[0].whole.in(text), "\"a\" : [1 ]");
  EXPECT_EQ(object.items[0].value.in(text), "[1 ]");
  EXPECT_EQ(object.items[1].name, "b");
  EXPECT_EQ(object.items[1].whole.in(text), "\"\\u0062\":null");
  EXPECT_EQ(object.items[1].value.in(text), "null");

  const json_container array = list_container(text, text.find("[ {}"));
  EXPECT_EQ(array.span.in(text), "[ {} , 2]");
  ASSERT_EQ(array.items.size(), 2U);
  EXPECT_EQ(array.items[0].name, "");
  EXPECT_EQ(array.items[0].whole.in(text), "{}");
  EXPECT_EQ(array.items[0].value, array.items[0].whole);
  EXPECT_EQ(array.items[1].whole.in(text), "2");
}

TEST(ListContainer, OfAnEmptyOneHasNoItems) {
  for (std::string_view text : {"{}", "[]", "{ \n}", "[\t]"}) {
    const json_container empty = list_container(text, 0);
    EXPECT_TRUE(empty.items.empty());
    EXPECT_EQ(empty.span, (text_span{0, text.size()}));
  }
}

// Eight characters at a time are looked at: wherever a value begins, and however much follows it.
TEST(PastValidValue, IsWhereTheWalkerEnds) {
  for (std::string_view value :
       {"[]", "{}", "[[],{}]", "[{\"a\":[]}]", "\"\"", "\"]}\\\"\"", "\"\\\\\"", "true", "-1.5e+3",
        "[true,false,null,-12345.67E-8,\"Y_y\x7f[]{}\\\"\"]",
        "{\"Y_y\": [              1            ],\n\t\t\"\xc3\xa9\":{\"[\":\"]\"}\r\n              }",
        "{\"\\u005d\": {\"}}}}}}}}}}}}}}}}\":[\"{{{{{{{{\", [[[[[[[[[[[]]]]]]]]]]]                 ]}}"}) {
    for (std::size_t before = 0; before < 17; ++before) {
      for (std::size_t after = 0; after < 9; ++after) {
        const std::string text = std::string(before, ' ') + std::string(value) + std::string(after, ' ');
        const auto end = json_walker(text).skip(before, 1);
        ASSERT_TRUE(end) << text;
        EXPECT_EQ(past_valid_value(text, before), *end) << text;
      }
    }
  }
}

TEST(ListContainer, DoesNotWalkThroughWhatIsKnown) {
  // Not valid, so that whoever walks through it goes astray.
  constexpr std::string_view text = "{\"a\": [[, \"b\": {}}";
  const text_span known[] = {{1, 8}};
  const json_container listed = list_container(text, 0, known);
  EXPECT_EQ(listed.span, (text_span{0, text.size()}));
  ASSERT_EQ(listed.items.size(), 2U);
  EXPECT_EQ(listed.items[0].whole, known[0]);
  EXPECT_EQ(listed.items[0].value.in(text), "[[");
  EXPECT_EQ(listed.items[1].whole.in(text), "\"b\": {}");
}

TEST(ConflictMarks, HaveAnErrorOfTheirOwnAtTheFirstMark) {
  struct marked {
    std::string_view text;
    std::string_view mark;
  };
  const marked table[] = {
      {"{\n  \"a\": 1,\n<<<<<<< HEAD\n  \"b\": 2\n=======\n  \"b\": 3\n>>>>>>> other\n}\n", "<<<<<<< HEAD"},
      {"<<<<<<< ours\n{}\n=======\n{\"a\":1}\n>>>>>>> theirs\n", "<<<<<<< ours"},
      {"{\r\n<<<<<<< HEAD\r\n\"b\": 2\r\n=======\r\n>>>>>>> x\r\n}\r\n", "<<<<<<< HEAD"},
      // Half resolved: only the last mark was forgotten.
      {"{\n\"b\": 2\n>>>>>>> x\n}\n", ">>>>>>> x"},
      // A whole merge with the common ancestor (diff3).
      {"{\n<<<<<<< HEAD\n\"b\":1\n||||||| base\n=======\n>>>>>>> x\n}", "<<<<<<< HEAD"},
  };
  for (const marked& one : table) {
    const json_walker walker(one.text);
    const auto span = walker.document([&](const json_string&, std::size_t at) { return walker.skip(at, 1); });
    ASSERT_FALSE(span);
    EXPECT_EQ(span.error().code, errc::conflict_marks) << span.error().what;
    EXPECT_EQ(span.error().offset, one.text.find(one.mark));
  }
}

TEST(ConflictMarks, InsideStringsAndElsewhereThanAtALinesBeginAreNone) {
  const auto walk = [](std::string_view text) {
    const json_walker walker(text);
    return walker.document([&](const json_string&, std::size_t at) { return walker.skip(at, 1); });
  };
  EXPECT_TRUE(walk("{\"a\": \"<<<<<<< HEAD\"}"));
  EXPECT_TRUE(walk("{\"a\":\n\"<<<<<<< HEAD\\n>>>>>>> x\"}"));
  EXPECT_EQ(walk("{\"a\": <<<<<<< HEAD}").error().code, errc::not_json);
  EXPECT_EQ(walk("{\n<<<<<< six\n}").error().code, errc::not_json);
}

TEST(ToError, NamesPathLineAndColumnInCharacters) {
  constexpr std::string_view text = "{\n  \"é€\U0001F600\": x\n}";
  const json_walker walker(text);
  const auto span = walker.document([&](const json_string&, std::size_t at) { return walker.skip(at, 1); });
  ASSERT_FALSE(span);
  const error why = to_error(span.error(), text, "some/path");
  EXPECT_EQ(why.code(), errc::not_json);
  ASSERT_TRUE(why.position());
  EXPECT_EQ(*why.position(), (text_position{2, 10}));
  EXPECT_TRUE(why.message().starts_with("some/path:2:10: ")) << why.message();
  EXPECT_EQ(why.message(), "some/path:2:10: " + span.error().what);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
