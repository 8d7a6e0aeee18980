#include "agentslock/io/detail/json_walk.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/printers.hpp"

namespace agentslock {
namespace {

using namespace std::string_literals;

/// Walks a whole text as a document of which no member is looked into.
json_result<text_span> walk(std::string_view text) {
  const json_walker walker(text);
  return walker.document([&](const json_string&, std::size_t at) { return walker.skip(at, 1); });
}

/// A document with everything that JSON has, nested, escaped and spaced.
constexpr std::string_view rich_document =
    " {\n\t\"a\": [1, -0, 1.5e+10, 123456789012345678901234567890, true, false, null, \"\"],\r\n"
    "  \"\\u00e9\\n\" : {\"x\": {}, \"y\": [], \"z\": [[{\"w\": \"\\ud83d\\ude00\"}]]} ,\n"
    "  \"é\U0001F600\": \"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"n\":0.0\n}\n";

TEST(JsonWalker, TakesADocumentWithEverythingThatJsonHas) {
  const auto span = walk(rich_document);
  ASSERT_TRUE(span) << span.error().what;
  EXPECT_EQ(*span, (text_span{1, rich_document.size() - 1}));
}

TEST(JsonWalker, RefusesEveryBeginningOfADocumentAtItsEnd) {
  for (std::size_t size = 0; size + 1 < rich_document.size(); ++size) {
    const auto span = walk(rich_document.substr(0, size));
    ASSERT_FALSE(span) << size;
    EXPECT_EQ(span.error().code, errc::not_json) << size;
    EXPECT_EQ(span.error().offset, size) << span.error().what;
  }
}

TEST(JsonWalker, RefusesWhatIsNoJsonWhereItStopsBeingIt) {
  struct bad {
    const char* what;
    std::string text;
    std::size_t offset;
  };
  const bad table[] = {
      {"empty", "", 0},
      {"white space", " \t\r\n ", 5},
      {"a byte order mark", "\xEF\xBB\xBF{}", 0},
      {"the first byte of such a mark", "\xEF{}", 0},
      {"two bytes of such a mark", "\xEF\xBB{}", 0},
      {"garbage after it", "{} x", 3},
      {"a second document", "{}\n{}", 3},
      {"a closing brace too many", "{}}", 2},
      {"a comma after it", "{},", 2},
      {"a NUL after it", "{}\0"s, 2},
      {"a NUL before it", "\0{}"s, 0},
      {"a NUL in it", "{\0}"s, 1},
      {"a NUL as a value", "{\"a\":\0}"s, 5},
      {"a NUL in a string", "{\"a\":\"b\0c\"}"s, 7},
      {"a vertical tab", "{\v}", 1},
      {"a no-break space", "{\u00A0}", 1},
      {"a line comment", "{// x\n}", 1},
      {"a block comment", "{\"a\":/* x */1}", 5},
      {"a hash comment", "{}#", 2},
      {"single quotes", "{'a':1}", 1},
      {"a value in single quotes", "{\"a\":'b'}", 5},
      {"a name without quotes", "{a:1}", 1},
      {"a number as a name", "{1:1}", 1},
      {"a comma before the end", "{\"a\":1,}", 7},
      {"a comma at the begin", "{,\"a\":1}", 1},
      {"two commas", "{\"a\":1,,\"b\":1}", 7},
      {"no comma", "{\"a\":1 \"b\":1}", 7},
      {"no colon", "{\"a\" 1}", 5},
      {"no value", "{\"a\":}", 5},
      {"an array's comma before the end", "{\"a\":[1,]}", 8},
      {"brackets that do not match", "{\"a\":[1}", 7},
      {"braces that do not match", "{\"a\":1]", 6},
      {"a leading zero", "{\"a\":01}", 6},
      {"a leading plus", "{\"a\":+1}", 5},
      {"a bare minus", "{\"a\":-}", 6},
      {"no digit before the point", "{\"a\":.5}", 5},
      {"no digit after the point", "{\"a\":1.}", 7},
      {"no digit after the e", "{\"a\":1e}", 7},
      {"hexadecimal", "{\"a\":0x1}", 6},
      {"NaN", "{\"a\":NaN}", 5},
      {"Infinity", "{\"a\":Infinity}", 5},
      {"minus Infinity", "{\"a\":-Infinity}", 6},
      {"True", "{\"a\":True}", 5},
      {"nulll", "{\"a\":nulll}", 9},
      {"nul", "{\"a\":nul}", 5},
      {"undefined", "{\"a\":undefined}", 5},
      {"a raw newline in a string", "{\"a\":\"b\nc\"}", 7},
      {"a raw tab in a string", "{\"a\":\"b\tc\"}", 7},
      {"a raw newline in a name", "{\"a\n\":1}", 3},
      {"an unknown escape", "{\"a\":\"\\x\"}", 7},
      {"an unknown escape in a name", "{\"\\a\":1}", 3},
      {"an escaped quote in single quotes", "{\"a\":\"\\'\"}", 7},
      {"an escape of three digits", "{\"a\":\"\\u12g4\"}", 10},
      {"an upper-case U", "{\"a\":\"\\U0041\"}", 7},
  };
  for (const bad& one : table) {
    const auto span = walk(one.text);
    ASSERT_FALSE(span) << one.what;
    EXPECT_EQ(span.error().code, errc::not_json) << one.what << ": " << span.error().what;
    EXPECT_EQ(span.error().offset, one.offset) << one.what << ": " << span.error().what;
    EXPECT_FALSE(span.error().what.empty());
  }
}

TEST(JsonWalker, RefusesWhatIsNoUnicode) {
  const std::string_view bad_texts[] = {
      R"(\ud800)",
      R"(\udc00)",
      R"(\udfff)",
      R"(\ud800\ud800)",
      R"(\ud800\u0041)",
      R"(\ud800x)",
      R"(\udc00\ud800)",
      R"(\ud800\n)",
      R"(\uDBFF)",
      "\xED\xA0\x80",
      "\xED\xBF\xBF",
      "\x80",
      "\xC0\x80",
      "\xC1\xBF",
      "\xE0\x80\x80",
      "\xE0\x9F\xBF",
      "\xF0\x80\x80\x80",
      "\xF0\x8F\xBF\xBF",
      "\xF4\x90\x80\x80",
      "\xF5\x80\x80\x80",
      "\xFE",
      "\xFF",
      "\xC3",
      "\xE2\x82",
      "\xF0\x9F\x98",
      "\xED\xA0\x80\xED\xB0\x80",
  };
  for (std::string_view bad : bad_texts) {
    const std::string in_value = "{\"a\":\"x" + std::string(bad) + "\"}";
    const std::string in_name = "{\"x" + std::string(bad) + "\":1}";
    const std::string inside = "{\"a\":[{\"x" + std::string(bad) + "\":1}]}";
    for (const std::string& text : {in_value, in_name, inside}) {
      const auto span = walk(text);
      ASSERT_FALSE(span) << text;
      EXPECT_EQ(span.error().code, errc::not_json) << text;
      EXPECT_GE(span.error().offset, text.find('x')) << text;
      EXPECT_LT(span.error().offset, text.size()) << text;
    }
  }
}

TEST(JsonWalker, TellsAnotherValueThanAnObjectFromWhatIsNoJson) {
  for (std::string_view json : {"[]", "[1,2]", "\"a\"", "null", "true", "12", "-0.5e3", "12\n", " [] \n"}) {
    const auto span = walk(json);
    ASSERT_FALSE(span) << json;
    EXPECT_EQ(span.error().code, errc::not_an_object) << json << ": " << span.error().what;
    EXPECT_EQ(span.error().offset, json.find_first_not_of(' ')) << json;
  }
}

TEST(JsonWalker, NumbersAreNeverConverted) {
  for (std::string_view number :
       {"1e400", "-1e400", "1e-400", "1e999999999", "123456789012345678901234567890123456789", "0e0",
        "0.00000000000000000000000000000000000000000000001", "1e0000000000000001", "1e-0000000000000001"}) {
    EXPECT_TRUE(walk("{\"a\":" + std::string(number) + "}")) << number;
  }
  EXPECT_TRUE(walk("{\"a\":" + std::string(10'000, '9') + "}"));
  EXPECT_TRUE(walk("{\"a\":0." + std::string(10'000, '9') + "}"));
}

TEST(JsonWalker, AnExponentPastNineDigitsHasAnErrorOfItsOwn) {
  for (std::string_view number : {"1e99999999999", "1E+99999999999", "-1.5e99999999999"}) {
    const std::string text = "{\"a\":" + std::string(number) + "}";
    const auto span = walk(text);
    ASSERT_FALSE(span) << number;
    EXPECT_EQ(span.error().code, errc::number_out_of_range) << span.error().what;
    EXPECT_GE(span.error().offset, 5U);
    EXPECT_LT(span.error().offset, text.size());
  }
}

/// A document whose only section is nested so that there are so many containers in all.
std::string nested(std::size_t containers, std::string_view open, std::string_view inside,
                   std::string_view close) {
  std::string text = "{\"s\":";
  for (std::size_t i = 1; i < containers; ++i)
    text += open;
  text += inside;
  for (std::size_t i = 1; i < containers; ++i)
    text += close;
  return text + "}";
}

TEST(JsonWalker, TheDeepestDocumentIsTakenAndOneLevelMoreIsNot) {
  static_assert(json_depth_max >= 1000 && json_depth_max <= 10'000, "the contract's bounds");
  struct nesting {
    std::string_view open, inside, close;
  };
  const nesting table[] = {{"[", "", "]"},        {"[", "1", "]"},
                           {"{\"k\":", "1", "}"}, {"{\"k\":", "\"x\"", "}"},
                           {"[0,", "1", "]"},     {"[{\"k\":", "null", "}]"}};
  for (const nesting& one : table) {
    const std::size_t per_step = one.open == "[{\"k\":" ? 2 : 1;
    const std::size_t steps = (json_depth_max - 1) / per_step + 1;
    EXPECT_TRUE(walk(nested(steps, one.open, one.inside, one.close))) << one.open;
    const std::string too_deep = nested(steps + 1, one.open, one.inside, one.close);
    const auto span = walk(too_deep);
    ASSERT_FALSE(span) << one.open;
    EXPECT_EQ(span.error().code, errc::too_deep) << span.error().what;
  }
}

TEST(JsonWalker, NestingIsRefusedWhereItBecomesTooDeep) {
  const std::string text = nested(json_depth_max + 500, "[", "", "]");
  const auto span = walk(text);
  ASSERT_FALSE(span);
  EXPECT_EQ(span.error().offset, 5 + json_depth_max - 1) << "the first bracket past the limit";
}

TEST(JsonWalker, ContainersThatTheCallerWalksCountLikeAnyOther) {
  // The walker's own nesting and the parser's add up to the same limit, wherever one hands over to the other.
  const std::string deepest = nested(json_depth_max, "[", "", "]");
  const std::string too_deep = nested(json_depth_max + 1, "[", "", "]");
  for (std::size_t walked_by_hand : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{50}}) {
    const auto walk_some = [&](std::string_view text) {
      const json_walker walker(text);
      const auto descend = [&](const auto& self, std::size_t at,
                               std::size_t depth) -> json_result<std::size_t> {
        if (depth > walked_by_hand) return walker.skip(at, depth);
        return walker.array(at, depth,
                            [&](std::size_t, std::size_t item) { return self(self, item, depth + 1); });
      };
      return walker.document([&](const json_string&, std::size_t at) { return descend(descend, at, 1); });
    };
    EXPECT_TRUE(walk_some(deepest)) << walked_by_hand;
    const auto refused = walk_some(too_deep);
    ASSERT_FALSE(refused) << walked_by_hand;
    EXPECT_EQ(refused.error().code, errc::too_deep);
  }
}

TEST(JsonWalker, ContainersThatTheCallerWalksAreRefusedPastTheLimit) {
  const json_walker walker("[{}]");
  const auto item = [&](std::size_t, std::size_t at) { return walker.skip(at, json_depth_max); };
  EXPECT_EQ(walker.array(0, json_depth_max - 1, item).error().code, errc::too_deep);
  const auto shallow = [&](std::size_t, std::size_t at) { return walker.skip(at, 0); };
  EXPECT_EQ(walker.array(0, json_depth_max, shallow).error().code, errc::too_deep);
  EXPECT_TRUE(walker.array(0, json_depth_max - 1, shallow));
  const auto member = [&](const json_string&, std::size_t at) { return walker.skip(at, 0); };
  EXPECT_EQ(walker.object(1, json_depth_max, member).error().code, errc::too_deep);
  EXPECT_TRUE(walker.object(1, json_depth_max - 1, member));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
