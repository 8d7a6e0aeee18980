#include "script_json.hpp"

#include <gtest/gtest.h>

namespace agentslock::cli {
namespace {

/// The member "x" of a script.
script_value x_of(std::string_view text) {
  const auto members = script_value::parse(text, "script").value().members().value();
  return members.at("x");
}

template <class T>
std::string message_of(const result<T>& refused) {
  return refused ? "no error" : refused.error().message();
}

TEST(ScriptJson, MembersAreFoundByWhatTheirNamesMean) {
  const auto members = script_value::parse(R"({"b":1,"a\u0062":2})", "script").value().members().value();
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members.at("ab").json(), "2");
}

TEST(ScriptJson, NumbersStayAsTheyAreSpelt) {
  EXPECT_EQ(x_of(R"({"x": 1.0e+05 })").json(), "1.0e+05");
}

TEST(ScriptJson, TextsAreUnescaped) {
  EXPECT_EQ(x_of(R"({"x":"a\u00e4\n\ud83d\ude42"})").text().value(), "aä\n🙂");
}

TEST(ScriptJson, Base64StandsForAnyBytes) {
  const auto decoded = [](std::string_view encoded) {
    return x_of(R"({"x":{"b64":")" + std::string(encoded) + R"("}})").text();
  };
  EXPECT_EQ(decoded("").value(), "");
  EXPECT_EQ(decoded("YQ==").value(), "a");
  EXPECT_EQ(decoded("YWI=").value(), "ab");
  EXPECT_EQ(decoded("YWJj").value(), "abc");
  EXPECT_EQ(decoded("/+8A").value(), std::string("\xff\xef\0", 3));
  for (std::string_view wrong : {"Y", "YQ", "YQ=", "Y===", "====", "YQ==YQ==", "=YQ=", "YW_j", "YW j"})
    EXPECT_FALSE(decoded(wrong)) << wrong;
}

TEST(ScriptJson, AnObjectThatIsNotBase64IsNoText) {
  for (std::string_view wrong : {R"({})", R"({"b64":1})", R"({"b65":""})", R"({"b64":"","x":1})"})
    EXPECT_FALSE(x_of(R"({"x":)" + std::string(wrong) + "}").text()) << wrong;
}

TEST(ScriptJson, AWrongTypeNamesTheMember) {
  EXPECT_EQ(message_of(x_of(R"({"x":1})").text()), "\"x\" must be a text");
  EXPECT_EQ(message_of(x_of(R"({"x":1})").boolean()), "\"x\" must be true or false");
  EXPECT_EQ(message_of(x_of(R"({"x":{}})").items()), "\"x\" must be a list");
  EXPECT_EQ(message_of(x_of(R"({"x":[]})").members()), "\"x\" must be an object");
  EXPECT_EQ(message_of(x_of(R"({"x":[[],1]})").items().value().at(1).items()), "\"x\"[1] must be a list");
}

TEST(ScriptJson, BooleansAreTheTwoWordsOnly) {
  EXPECT_TRUE(x_of(R"({"x":true})").boolean().value());
  EXPECT_FALSE(x_of(R"({"x":false})").boolean().value());
  for (std::string_view wrong : {"null", "0", "\"true\"", "[true]"})
    EXPECT_FALSE(x_of(R"({"x":)" + std::string(wrong) + "}").boolean()) << wrong;
}

TEST(ScriptJson, NullIsAnEmptyListAndKnowsItself) {
  EXPECT_TRUE(x_of(R"({"x":null})").is_null());
  EXPECT_TRUE(x_of(R"({"x":null})").items().value().empty());
  EXPECT_FALSE(x_of(R"({"x":"null"})").is_null());
}

TEST(ScriptJson, ARepeatedNameIsRefusedHoweverItIsSpelt) {
  const auto script = script_value::parse(R"({"a":1,"\u0061":2})", "script");
  EXPECT_EQ(message_of(script.value().members()), "the script has \"a\" twice");
}

TEST(ScriptJson, WhatIsNotOneJsonObjectIsRefusedWithItsPlace) {
  for (std::string_view wrong :
       {"", "[]", "1", "{", "{}x", "{,}", "{\"a\":1,}", "\xef\xbb\xbf{}", "{\"a\":\"\xff\"}"}) {
    const auto script = script_value::parse(wrong, "script");
    ASSERT_FALSE(script) << wrong;
    EXPECT_TRUE(script.error().message().starts_with("script:1:")) << script.error().message();
    EXPECT_TRUE(script.error().position()) << wrong;
  }
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
