// The document with changes made: what is written where, and that the rest stays.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>

#include "agentslock/io/lock_document.hpp"
#include "support/adapters_world.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::at;
using staging = std::function<void(staged_changes&)>;

splice edited(std::string_view text, const staging& stage, const lockfile* adapters = nullptr) {
  const auto parsed = lock_document::parse(text_buffer(text), "lock", version_rule::any);
  EXPECT_TRUE(parsed) << text;
  if (!parsed) return splice();
  staged_changes changes;
  stage(changes);
  return parsed->document.render(changes.staged(), adapters);
}

std::string rendered(std::string_view text, const staging& stage, const lockfile* adapters = nullptr) {
  return std::string(edited(text, stage, adapters).text().view());
}

staging section(std::string name, std::string json) {
  return [=](staged_changes& changes) { EXPECT_TRUE(changes.set_section(name, json)); };
}
staging inputs_digest(std::string digest) {
  return [=](staged_changes& changes) { EXPECT_TRUE(changes.set_inputs_digest(digest)); };
}
const staging nothing = [](staged_changes&) {};

TEST(Render, NothingStagedChangesNothing) {
  for (std::string_view text :
       {"{}", "{}\n", "{ \n }", "{\"a\":1}", "{\"adapters\":null}", "{\"lock_version\":7}"}) {
    EXPECT_TRUE(edited(text, nothing).changes_nothing()) << text;
  }
}

TEST(Render, ANewDocumentLooksLikeTheGoTools) {
  const std::string expected = "{\n  \"lock_version\": 1,\n  \"units\": {\n    \"b\": 1\n  }\n}";
  EXPECT_EQ(rendered(lock_document::empty_text, section("units", "{\"b\":1}")), expected + "\n");
  EXPECT_EQ(rendered("{}", section("units", "{\"b\":1}")), expected);
  EXPECT_EQ(rendered("{\n}\n", section("units", "{\"b\":1}")), expected + "\n");
  const lockfile empty;
  EXPECT_EQ(rendered("{}\n", nothing, &empty), "{\n  \"adapters\": {},\n  \"lock_version\": 1\n}\n");
  EXPECT_EQ(rendered("{}\n", inputs_digest("sha256:<x>")),
            "{\n  \"inputs_digest\": \"sha256:\\u003cx\\u003e\",\n  \"lock_version\": 1\n}\n");
}

TEST(Render, NewSectionsGoToTheirPlaceInByteOrder) {
  const staging many = [](staged_changes& changes) {
    for (const char* name : {"zz", "a", "M", "n", "\u00e9", ""})
      EXPECT_TRUE(changes.set_section(name, "1"));
    EXPECT_TRUE(changes.set_inputs_digest("x"));
  };
  EXPECT_EQ(
      rendered("{\"b\":0,\"m\":0,\"z\":0}", many),
      "{\"\":1,\"M\":1,\"a\":1,\"b\":0,\"inputs_digest\":\"x\",\"lock_version\":1,\"m\":0,\"n\":1,\"z\":0,"
      "\"zz\":1,\"\u00e9\":1}");
}

TEST(Render, InADocumentOutOfOrderNewSectionsGoToTheEnd) {
  EXPECT_EQ(rendered("{\n  \"z\": 0,\n  \"a\": 0\n}\n",
                     [](staged_changes& changes) {
                       EXPECT_TRUE(changes.set_section("m", "1"));
                       EXPECT_TRUE(changes.set_section("b", "2"));
                     }),
            "{\n  \"z\": 0,\n  \"a\": 0,\n  \"b\": 2,\n  \"lock_version\": 1,\n  \"m\": 1\n}\n");
}

TEST(Render, AddsTheVersionOnlyWithSomethingElse) {
  EXPECT_EQ(rendered("{\"s\": 1}", section("s", "2")), "{\"lock_version\": 1, \"s\": 2}");
  EXPECT_EQ(rendered("{\"s\": 1}", section("s", "1")), "{\"s\": 1}");
  EXPECT_EQ(rendered("{\"s\": 1}", inputs_digest("")), "{\"s\": 1}");
  for (std::string_view version : {"7", "1.0", "\"1\"", "null"}) {
    const std::string before = "{\"lock_version\": " + std::string(version);
    EXPECT_EQ(rendered(before + "}", section("s", "2")), before + ", \"s\": 2}") << "present, it stays";
  }
}

TEST(Render, AStagedSectionThatSaysTheSameInAnotherLayoutChangesNothing) {
  constexpr std::string_view text =
      "{\n  \"units\": {\"a\": [1.0, 2e5,\n\t{ }], \"b\" : \"\\u003c\\u0061\" }\n}";
  EXPECT_TRUE(
      edited(text, section("units", "{\"a\":[1.0,2e5,{}],\"b\":\"\\u003c\\u0061\"}")).changes_nothing());
  EXPECT_TRUE(
      edited(text, section("units", "{ \"a\": [ 1.0,\n2e5, {} ],\"b\":\"<\\u0061\" }")).changes_nothing());
  EXPECT_FALSE(
      edited(text, section("units", "{\"a\":[1,2e5,{}],\"b\":\"\\u003c\\u0061\"}")).changes_nothing());
  EXPECT_FALSE(
      edited(text, section("units", "{\"a\":[1.0,2e5,[]],\"b\":\"\\u003c\\u0061\"}")).changes_nothing());
  EXPECT_FALSE(
      edited(text, section("units", "{\"a\":[1.0,2e5],\"b\":\"\\u003c\\u0061\"}")).changes_nothing());
}

TEST(Render, AStagedSectionIsLaidOutAsTheDocumentIs) {
  constexpr std::string_view json = "{\"a\":[1.0,{\"b\":[]}],\"c\":\"\\u00e9<\"}";
  struct row {
    std::string_view before, after;
  };
  const row table[] = {
      {"{\n  \"lock_version\": 1\n}\n",
       "{\n  \"lock_version\": 1,\n  \"s\": {\n    \"a\": [\n      1.0,\n      {\n        \"b\": []\n      "
       "}\n    ],\n"
       "    \"c\": \"\\u00e9\\u003c\"\n  }\n}\n"},
      {"{\n\t\"lock_version\": 1,\n\t\"s\": 1\n}\n",
       "{\n\t\"lock_version\": 1,\n\t\"s\": {\n\t\t\"a\": [\n\t\t\t1.0,\n\t\t\t{\n\t\t\t\t\"b\": "
       "[]\n\t\t\t}\n\t\t],\n"
       "\t\t\"c\": \"\\u00e9\\u003c\"\n\t}\n}\n"},
      {"{\r\n  \"lock_version\": 1\r\n}\r\n",
       "{\r\n  \"lock_version\": 1,\r\n  \"s\": {\r\n    \"a\": [\r\n      1.0,\r\n      {\r\n        \"b\": "
       "[]\r\n"
       "      }\r\n    ],\r\n    \"c\": \"\\u00e9\\u003c\"\r\n  }\r\n}\r\n"},
      {"{\"lock_version\":1}",
       "{\"lock_version\":1,\"s\":{\"a\":[1.0,{\"b\":[]}],\"c\":\"\\u00e9\\u003c\"}}"},
      {"{\"lock_version\": 1, \"s\": 0}\n",
       "{\"lock_version\": 1, \"s\": {\"a\": [1.0, {\"b\": []}], \"c\": \"\\u00e9\\u003c\"}}\n"},
      {"{ \"lock_version\" : 1 }",
       "{ \"lock_version\" : 1, \"s\" : { \"a\" : [ 1.0, { \"b\" : [] } ], \"c\" : \"\\u00e9\\u003c\" } }"},
  };
  for (const row& one : table)
    EXPECT_EQ(rendered(one.before, section("s", std::string(json))), one.after);
}

TEST(Render, OtherSectionsKeepTheirBytes) {
  const std::string config =
      "{\"n\":[1.0,1e5,-0, 123456789012345678901234567890 ],\"\\u0065\":\"<\\/\",\"a\":1,\"a\":2}";
  const std::string head = "{\n  \"config\" :" + config + ",\n\n";
  const std::string tail = "\n   ,\"zz\": [ ]  }\n\n ";
  EXPECT_EQ(rendered(head + "\"s\"\t:\t{\"old\": 1}" + tail, section("s", "[2]")),
            "{\n  \"config\" :" + config + ",\n  \"lock_version\" :1,\n\n\"s\"\t:\t[\n  2\n]" + tail);
}

TEST(Render, AnEscapedNameStaysAsItIsSpelt) {
  EXPECT_EQ(rendered("{\"lock_version\":1,\"\\u0073\":0}", section("s", "1")),
            "{\"lock_version\":1,\"\\u0073\":1}");
  EXPECT_EQ(rendered("{\"lock_version\":1}", section("a\"<\n", "1")),
            "{\"a\\\"\\u003c\\n\":1,\"lock_version\":1}");
}

TEST(Render, TheInputsDigestIsClearedWhereverItStands) {
  struct row {
    std::string_view before, after;
  };
  const row table[] = {
      {"{\n  \"inputs_digest\": \"x\",\n  \"lock_version\": 1\n}\n", "{\n  \"lock_version\": 1\n}\n"},
      {"{\n  \"a\": 1,\n  \"inputs_digest\": \"x\",\n  \"lock_version\": 1\n}\n",
       "{\n  \"a\": 1,\n  \"lock_version\": 1\n}\n"},
      {"{\n  \"lock_version\": 1,\n  \"inputs_digest\": \"x\"\n}\n", "{\n  \"lock_version\": 1\n}\n"},
      {"{\n  \"inputs_digest\": \"x\"\n}\n", "{\n  \"lock_version\": 1\n}\n"},
      {"{\"lock_version\":1,\"inputs_digest\":7}", "{\"lock_version\":1}"},
      {"{\"inputs\\u005fdigest\":null,\"lock_version\":1}", "{\"lock_version\":1}"},
      {"{\"lock_version\":1}", "{\"lock_version\":1}"},
  };
  for (const row& one : table)
    EXPECT_EQ(rendered(one.before, inputs_digest("")), one.after);
}

TEST(Render, TheInputsDigestIsReplacedInItsPlace) {
  EXPECT_EQ(rendered("{\"z\":1,\"inputs_digest\" : \"x\",\"lock_version\":1}", inputs_digest("y")),
            "{\"z\":1,\"inputs_digest\" : \"y\",\"lock_version\":1}");
  EXPECT_EQ(rendered("{\"inputs_digest\":[1],\"lock_version\":1}", inputs_digest("y")),
            "{\"inputs_digest\":\"y\",\"lock_version\":1}");
}

TEST(Render, TheSameInputsDigestKeepsItsBytes) {
  EXPECT_TRUE(edited("{\"inputs_digest\":\"a/b\"}", inputs_digest("a/b")).changes_nothing());
  EXPECT_TRUE(edited("{\"inputs_digest\":\"\\u0061\\/b\"}", inputs_digest("a/b")).changes_nothing());
}

TEST(Render, AdaptersThatAreNullOrMissingAreStatedWhenGiven) {
  const lockfile empty;
  lockfile one;
  ASSERT_TRUE(one.activate("a", "s", "d", at(0)));
  const std::string entry =
      "{\"a\":{\"source_digest\":\"s\",\"schema_digest\":\"d\","
      "\"activated_at\":\"2026-07-01T12:00:00Z\"}}";
  EXPECT_EQ(rendered("{\"adapters\":null,\"lock_version\":1}", nothing),
            "{\"adapters\":null,\"lock_version\":1}");
  EXPECT_EQ(rendered("{\"adapters\":null,\"lock_version\":1}", nothing, &empty),
            "{\"adapters\":{},\"lock_version\":1}");
  EXPECT_EQ(rendered("{\"adapters\":null,\"lock_version\":1}", nothing, &one),
            "{\"adapters\":" + entry + ",\"lock_version\":1}");
  EXPECT_EQ(rendered("{\"lock_version\":1}", nothing, &empty), "{\"adapters\":{},\"lock_version\":1}");
  EXPECT_EQ(rendered("{\"lock_version\":1}", nothing, &one),
            "{\"adapters\":" + entry + ",\"lock_version\":1}");
  EXPECT_EQ(rendered("{\"adapters\":{ },\"lock_version\":1}", nothing, &empty),
            "{\"adapters\":{ },\"lock_version\":1}");
  EXPECT_EQ(rendered("{\"adapters\":{\"b\":{}},\"lock_version\":1}", nothing, &empty),
            "{\"adapters\":{},\"lock_version\":1}");
}

TEST(Render, AdaptersAndSectionsChangeTogether) {
  auto parsed = lock_document::parse(
      text_buffer(std::string_view("{\"adapters\":{\"b\":{\"x\":1.0}},\"s\":1,\"inputs_digest\":\"i\"}")),
      "lock");
  ASSERT_TRUE(parsed);
  auto& [document, file] = *parsed;
  ASSERT_TRUE(file.activate("a", "s", "d", at(0)));
  staged_changes changes;
  ASSERT_TRUE(changes.set_section("s", "2"));
  ASSERT_TRUE(changes.set_section("t", "3"));
  ASSERT_TRUE(changes.set_inputs_digest(""));
  EXPECT_EQ(document.render(changes.staged(), &file).text().view(),
            "{\"adapters\":{\"a\":{\"source_digest\":\"s\",\"schema_digest\":\"d\",\"activated_at\":"
            "\"2026-07-01T12:00:00Z\"},\"b\":{\"x\":1.0}},\"s\":2,\"lock_version\":1,\"t\":3}");
}

TEST(Render, ALockfileOfAnotherOriginKeepsWhatSaysTheSame) {
  constexpr std::string_view text =
      "{\"adapters\":{\"a\":{\"source_digest\":\"\\u0073\",\"x\":1.0},\"b\":{\"y\":[ ]}},\"lock_version\":1}";
  const auto parsed = lock_document::parse(text_buffer(text), "lock");
  ASSERT_TRUE(parsed);
  const auto again = lock_document::parse(text_buffer(text), "lock");
  ASSERT_TRUE(again);
  for (lockfile other : {parsed->adapters, again->adapters}) {
    EXPECT_TRUE(parsed->document.render({}, &other).changes_nothing());
    ASSERT_TRUE(other.remove_adapter("b"));
    EXPECT_EQ(parsed->document.render({}, &other).text().view(),
              "{\"adapters\":{\"a\":{\"source_digest\":\"\\u0073\",\"x\":1.0}},\"lock_version\":1}");
  }
}

TEST(Render, WhatItReturnsNeedsNeitherDocumentNorChanges) {
  splice kept;
  {
    const auto parsed =
        lock_document::parse(text_buffer(std::string_view("{\"lock_version\":1,\"s\":[1]}")), "lock");
    ASSERT_TRUE(parsed);
    staged_changes changes;
    ASSERT_TRUE(changes.set_section("s", "[2, \"a text that is long enough to be on the heap\"]"));
    kept = parsed->document.render(changes.staged());
  }
  EXPECT_EQ(kept.text().view(),
            "{\"lock_version\":1,\"s\":[2,\"a text that is long enough to be on the heap\"]}");
}

TEST(Render, EveryDocumentItGivesCanBeReadAndSaysWhatWasWanted) {
  const std::string_view documents[] = {"{}",
                                        "{ }\n",
                                        "{\n}",
                                        "{\"a\":1}",
                                        "{ \"z\" : 1 ,\n\"a\":2}",
                                        "{\n\t\"adapters\": {\"b\": {}},\n\t\"inputs_digest\": 3}",
                                        "{\"s\"\n:\n1\n,\n\"t\"\n:\n{\n}\n}"};
  for (std::string_view text : documents) {
    const lockfile world = testing::adapters_world();
    const std::string result = rendered(
        text,
        [](staged_changes& changes) {
          EXPECT_TRUE(changes.set_section("s", "{\"x\":[1,{}]}"));
          EXPECT_TRUE(changes.set_inputs_digest("d"));
        },
        &world);
    const auto parsed = lock_document::parse(text_buffer(result), "lock");
    ASSERT_TRUE(parsed) << result;
    EXPECT_EQ(parsed->adapters, world);
    EXPECT_EQ(parsed->document.inputs_digest(), "d");
    EXPECT_TRUE(parsed->document.section("s")->starts_with("{")) << result;
    EXPECT_TRUE(edited(result, section("s", "{\"x\":[1,{}]}"), &world).changes_nothing()) << result;
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
