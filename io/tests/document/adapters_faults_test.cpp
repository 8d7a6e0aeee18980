// What is wrong in an adapters section, and where.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters_schema.hpp"
#include "agentslock/io/detail/adapters_codec.hpp"
#include "support/adapters_text.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::decode_in;
using testing::filled;
using testing::marked;
using testing::marked_text;

void expect_fault(const marked_text& document, errc code, std::string_view pointer,
                  std::string_view end = {}) {
  const auto section = decode_in(document.text);
  ASSERT_FALSE(section) << document.text;
  EXPECT_EQ(section.error().code, code) << document.text << ": " << section.error().what;
  EXPECT_EQ(section.error().offset, document.at) << document.text << ": " << section.error().what;
  EXPECT_TRUE(section.error().what.starts_with(std::string(pointer) + " ") &&
              section.error().what.ends_with(end))
      << document.text << ": " << section.error().what;
}

/// A place in the section, its pointer, and which types may stand there.
struct place {
  std::string_view document;
  std::string_view pointer;
  std::string_view types;
};

const place places[] = {
    {R"({"adapters":@@})", "/adapters", "{n"},
    {R"({"adapters":{"x":{},"a": @@}})", "/adapters/a", "{"},
    {R"({"adapters":{"a/b~c":@@}})", "/adapters/a~1b~0c", "{"},
    {R"({"adapters":{"\u0061":@@}})", "/adapters/a", "{"},
    {R"({"adapters":{"":@@}})", "/adapters/", "{"},
    {R"({"adapters":{"a":{"source_digest":@@}}})", "/adapters/a/source_digest", "\"n"},
    {R"({"adapters":{"a":{"schema_digest" : @@ }}})", "/adapters/a/schema_digest", "\"n"},
    {R"({"adapters":{"a":{"activated_at":@@}}})", "/adapters/a/activated_at", "\"n"},
    {R"({"adapters":{"a":{"materialized_views":@@}}})", "/adapters/a/materialized_views", "{n"},
    {R"({"adapters":{"a":{"materialized_views":{"u":{},"v":@@}}}})", "/adapters/a/materialized_views/v", "{"},
    {R"({"adapters":{"~":{"materialized_views":{"/":@@}}}})", "/adapters/~0/materialized_views/~1", "{"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"view_digest":@@}}}}})",
     "/adapters/a/materialized_views/v/view_digest", "\"n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"view_digest":"x","view_status":@@}}}}})",
     "/adapters/a/materialized_views/v/view_status", "\"n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"last_rebuilt_at":@@}}}}})",
     "/adapters/a/materialized_views/v/last_rebuilt_at", "\"n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"last_validation_at":@@}}}}})",
     "/adapters/a/materialized_views/v/last_validation_at", "\"n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"unknown":[{}],"depends_on":@@}}}}})",
     "/adapters/a/materialized_views/v/depends_on", "[n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"state_history":@@}}}}})",
     "/adapters/a/materialized_views/v/state_history", "[n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"depends_on":[@@]}}}}})",
     "/adapters/a/materialized_views/v/depends_on/0", "{n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"depends_on":[{"x":[]},null,{"adapter":"y"} , @@]}}}}})",
     "/adapters/a/materialized_views/v/depends_on/3", "{n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"depends_on":[{},{"adapter":@@}]}}}}})",
     "/adapters/a/materialized_views/v/depends_on/1/adapter", "\"n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"depends_on":[{"x":1,"schema_digest":@@}]}}}}})",
     "/adapters/a/materialized_views/v/depends_on/0/schema_digest", "\"n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"depends_on":[{"version":@@}]}}}}})",
     "/adapters/a/materialized_views/v/depends_on/0/version", "\"n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"depends_on":[{}],"state_history":[null,@@]}}}}})",
     "/adapters/a/materialized_views/v/state_history/1", "{n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"state_history":[{"at":@@}]}}}}})",
     "/adapters/a/materialized_views/v/state_history/0/at", "\"n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"state_history":[{},{"from":@@}]}}}}})",
     "/adapters/a/materialized_views/v/state_history/1/from", "\"n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"state_history":[{"to":@@}]}}}}})",
     "/adapters/a/materialized_views/v/state_history/0/to", "\"n"},
    {R"({"adapters":{"a":{"materialized_views":{"v":{"state_history":[{"trigger":@@}]}}}}})",
     "/adapters/a/materialized_views/v/state_history/0/trigger", "\"n"},
};

/// What a value that begins so is called.
std::string type_of(char first) {
  const std::map<char, std::string> others{{'"', "a string"},  {'[', "an array"},  {'{', "an object"},
                                           {'t', "a boolean"}, {'f', "a boolean"}, {'n', "null"}};
  const auto found = others.find(first);
  return found == others.end() ? "a number" : found->second;
}

TEST(DecodeAdapters, AWrongTypeIsNamedByItsPointerAtItsPlace) {
  for (const place& one : places) {
    for (std::string_view value : {"1", "-1.5", "18446744073709551615", "1e5", "true", "false", "null",
                                   "\"x\"", "\"\\u0061\"", "[]", "[\"x\"]", "{}"}) {
      if (one.types.find(value[0]) != std::string_view::npos) {
        EXPECT_TRUE(value == "[\"x\"]" || decode_in(filled(one.document, value).text))
            << one.pointer << value;
        continue;
      }
      expect_fault(filled(one.document, value), errc::wrong_type, one.pointer,
                   " and is " + type_of(value.front()));
    }
  }
}

TEST(DecodeAdapters, AWrongTypeIsFoundAmongMembersOfTheSameName) {
  // The first thing that is wrong is the fault, whatever follows it under the same name.
  expect_fault(
      marked(R"({"adapters":{"a":{"materialized_views":{"v":{"view_digest":@@1,"view_digest":"x"}}}}})"),
      errc::wrong_type, "/adapters/a/materialized_views/v/view_digest");
  expect_fault(
      marked(R"({"adapters":{"a":{"materialized_views":{"v":{"depends_on":[@@1],"depends_on":[]}}}}})"),
      errc::wrong_type, "/adapters/a/materialized_views/v/depends_on/0");
  expect_fault(
      marked(R"({"adapters":{"a":{"materialized_views":{"v":{"state_history":[{"at":@@1,"at":2}]}}}}})"),
      errc::wrong_type, "/adapters/a/materialized_views/v/state_history/0/at");
}

TEST(DecodeAdapters, WhatIsNoJsonIsThatAndNoWrongType) {
  for (std::string_view bad : {R"({"adapters":@@x})", R"({"adapters":{"a":@@}})", R"({"adapters":{"a":[1@@})",
                               R"({"adapters":{"a":{"source_digest":[@@}}})"}) {
    const marked_text document = marked(bad);
    const auto section = decode_in(document.text);
    ASSERT_FALSE(section) << bad;
    EXPECT_EQ(section.error().code, errc::not_json) << bad;
    EXPECT_EQ(section.error().offset, document.at) << bad;
  }
}

TEST(DecodeAdapters, EveryBeginningOfADocumentIsRefusedAtItsEnd) {
  constexpr std::string_view whole =
      R"({"adapters": {"a": {"source_digest": "s", "x": [{"y": 1}], "activated_at": null, "materialized_views": )"
      R"({"v": {"view_status": "\u0072eady", "depends_on": [{"adapter": "b", "z": {}}, null], "state_history": )"
      R"([{"at": "t", "to": "u"}], "x": [true]}}}, "b": {}}})";
  ASSERT_TRUE(decode_in(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto section = decode_in(whole.substr(0, size));
    ASSERT_FALSE(section) << size;
    EXPECT_EQ(section.error().code, errc::not_json) << whole.substr(0, size) << ": " << section.error().what;
    EXPECT_EQ(section.error().offset, size) << whole.substr(0, size) << ": " << section.error().what;
  }
}

TEST(DecodeAdapters, ARepeatedNameIsRefusedAtItsSecondPlace) {
  const std::string views = R"({"adapters":{"a":{"materialized_views":)";
  struct repeated {
    std::string document;
    std::string_view pointer;
  };
  const repeated table[] = {
      {R"({"adapters":{"a":{},"b":{},@@"a":{}}})", "/adapters/a"},
      {R"({"adapters":{"a":{},@@"\u0061":{}}})", "/adapters/a"},
      {R"({"adapters":{"\u0061":{},@@"a":1}})", "/adapters/a"},
      {R"({"adapters":{"":{},@@"":{}}})", "/adapters/"},
      {R"({"adapters":{"a/":{},@@"a\u002f":{}}})", "/adapters/a~1"},
      {R"({"adapters":{"a":{"source_digest":"x",@@"source_digest":"x"}}})", "/adapters/a/source_digest"},
      {R"({"adapters":{"a":{"schema_digest":null,@@"schema\u005fdigest":null}}})",
       "/adapters/a/schema_digest"},
      {R"({"adapters":{"a":{"\u0061ctivated_at":"",@@"activated_at":""}}})", "/adapters/a/activated_at"},
      {R"({"adapters":{"a":{"materialized_views":{},@@"materialized_views":{}}}})",
       "/adapters/a/materialized_views"},
      {R"({"adapters":{"a":{"materialized_views":null,@@"materialized_views":{}}}})",
       "/adapters/a/materialized_views"},
      {R"({"adapters":{"a":{"x":1,@@"x":1}}})", "/adapters/a/x"},
      {R"({"adapters":{"a":{"x":1,"y":2,@@"\u0078":[]}}})", "/adapters/a/x"},
      {R"({"adapters":{"a":{"":1,@@"":2}}})", "/adapters/a/"},
      {views + R"({"v":{},@@"v":{}}}}})", "/adapters/a/materialized_views/v"},
      {views + R"({"v":{},@@"\u0076":{}}}}})", "/adapters/a/materialized_views/v"},
      {views + R"({"v":{"view_digest":"",@@"view_digest":""}}}}})",
       "/adapters/a/materialized_views/v/view_digest"},
      {views + R"({"v":{"view_status":null,@@"view_statu\u0073":null}}}}})",
       "/adapters/a/materialized_views/v/view_status"},
      {views + R"({"v":{"depends_on":[],@@"depends_on":[]}}}}})",
       "/adapters/a/materialized_views/v/depends_on"},
      {views + R"({"v":{"state_history":null,@@"state_history":[]}}}}})",
       "/adapters/a/materialized_views/v/state_history"},
      {views + R"({"v":{"last_rebuilt_at":"","x":{},@@"last_rebuilt_at":""}}}}})",
       "/adapters/a/materialized_views/v/last_rebuilt_at"},
      {views + R"({"v":{"last_validation_at":"",@@"last_validation_at":""}}}}})",
       "/adapters/a/materialized_views/v/last_validation_at"},
      {views + R"({"v":{"x":{},@@"x":{}}}}}})", "/adapters/a/materialized_views/v/x"},
      {views + R"({"v":{"x":{},@@"\u0078":{}}}}}})", "/adapters/a/materialized_views/v/x"},
      {views + R"({"v":{"":1,@@"":1}}}}})", "/adapters/a/materialized_views/v/"},
      {views + R"({"v":{"~":1,@@"~":1}}}}})", "/adapters/a/materialized_views/v/~0"},
      {views + R"({"v":{"depends_on":[{"adapter":"x",@@"adapter":"x"}]}}}}})",
       "/adapters/a/materialized_views/v/depends_on/0/adapter"},
      {views + R"({"v":{"depends_on":[{},{"version":"x","schema_digest":"",@@"versi\u006fn":"x"}]}}}}})",
       "/adapters/a/materialized_views/v/depends_on/1/version"},
      {views + R"({"v":{"depends_on":[{"x":1},{"x":1,@@"x":1}]}}}}})",
       "/adapters/a/materialized_views/v/depends_on/1/x"},
      {views + R"({"v":{"depends_on":[{"":1,@@"":1}]}}}}})",
       "/adapters/a/materialized_views/v/depends_on/0/"},
      {views + R"({"v":{"state_history":[{"at":"x",@@"at":"x"}]}}}}})",
       "/adapters/a/materialized_views/v/state_history/0/at"},
      {views + R"({"v":{"state_history":[null,{"from":"x",@@"\u0066rom":"x"}]}}}}})",
       "/adapters/a/materialized_views/v/state_history/1/from"},
      {views + R"({"v":{"state_history":[{"x":1,@@"x":1}]}}}}})",
       "/adapters/a/materialized_views/v/state_history/0/x"},
      // In the place where the schema has it.
      {views + R"({"v":{"state_history":[{"to":"x","at":"x","from":"x",@@"to":"x"}]}}}}})",
       "/adapters/a/materialized_views/v/state_history/0/to"},
      {views + R"({"v":{"view_digest":"x","y":1,@@"view_digest":"x"}}}}})",
       "/adapters/a/materialized_views/v/view_digest"},
  };
  for (const repeated& one : table)
    expect_fault(marked(one.document), errc::repeated_name, one.pointer);
}

TEST(DecodeAdapters, ANameThatStandsThreeTimesIsRefusedAtItsSecondPlace) {
  const std::string views = R"({"adapters":{"a":{"materialized_views":)";
  expect_fault(marked(R"({"adapters":{"a":{"x":1,@@"x":1,"x":1}}})"), errc::repeated_name, "/adapters/a/x");
  expect_fault(marked(views + R"({"v":{"x":1,@@"x":1,"x":1}}}}})"), errc::repeated_name,
               "/adapters/a/materialized_views/v/x");
  expect_fault(marked(views + R"({"v":{"depends_on":[{"x":1,@@"x":1,"x":1}]}}}}})"), errc::repeated_name,
               "/adapters/a/materialized_views/v/depends_on/0/x");
}

TEST(DecodeAdapters, TheSameNameInTwoObjectsIsNoRepetition) {
  EXPECT_TRUE(
      decode_in(R"({"adapters":{"a":{"x":1,"materialized_views":{"a":{"x":1,"depends_on":[{"x":1},{"x":2}],)"
                R"("state_history":[{"x":1},{"x":2}]},"b":{"x":1}}},"b":{"x":1}}})"));
}

TEST(DecodeAdapters, UnknownMembersCountTowardsTheDocumentsDepth) {
  struct place_of_unknown {
    std::string_view document;
    /// How many containers stand around the unknown member's value.
    std::size_t around;
  };
  const place_of_unknown table[] = {
      {R"({"adapters":{"a":{"x":@@}}})", 3},
      {R"({"adapters":{"a":{"materialized_views":{"v":{"x":@@}}}}})", 5},
      {R"({"adapters":{"a":{"materialized_views":{"v":{"depends_on":[{"x":@@}]}}}}})", 7},
      {R"({"adapters":{"a":{"materialized_views":{"v":{"state_history":[{"x":@@}]}}}}})", 7},
  };
  for (const place_of_unknown& one : table) {
    const std::size_t deepest = json_depth_max - one.around;
    const auto arrays = [](std::size_t count) { return std::string(count, '[') + std::string(count, ']'); };
    const auto objects = [](std::size_t count) {
      std::string text;
      for (std::size_t i = 0; i + 1 < count; ++i)
        text += "{\"k\":";
      return text + "{}" + std::string(count - 1, '}');
    };
    EXPECT_TRUE(decode_in(filled(one.document, arrays(deepest)).text)) << one.document;
    EXPECT_TRUE(decode_in(filled(one.document, objects(deepest)).text)) << one.document;
    for (const std::string& value : {arrays(deepest + 1), objects(deepest + 1)}) {
      const auto section = decode_in(filled(one.document, value).text);
      ASSERT_FALSE(section) << one.document;
      EXPECT_EQ(section.error().code, errc::too_deep) << section.error().what;
    }
  }
}

TEST(DecodeAdapters, AValueOfTheWrongTypeIsThatToTheLastContainerThatMayStandInIt) {
  // Within a view the parser stops at the wrong type, however deep what follows.
  struct place_of_value {
    std::string_view document;
    std::size_t around;
  };
  const place_of_value table[] = {
      {R"({"adapters":@@})", 1},
      {R"({"adapters":{"a":@@}})", 2},
      {R"({"adapters":{"a":{"schema_digest":@@}}})", 3},
      {R"({"adapters":{"a":{"materialized_views":@@}}})", 3},
      {R"({"adapters":{"a":{"materialized_views":{"v":@@}}}})", 4},
  };
  for (const place_of_value& one : table) {
    for (const bool too_deep : {false, true}) {
      const std::size_t count = json_depth_max - one.around + (too_deep ? 1 : 0);
      const auto section =
          decode_in(filled(one.document, std::string(count, '[') + std::string(count, ']')).text);
      ASSERT_FALSE(section) << one.document;
      EXPECT_EQ(section.error().code, too_deep ? errc::too_deep : errc::wrong_type)
          << one.document << ": " << section.error().what;
    }
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
