#include "agentslock/io/lock_document.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/adapters_world.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using name_views = std::vector<std::string_view>;

result<lock_document> parse(std::string_view text, version_rule rule = version_rule::only_version_1) {
  auto parsed = lock_document::parse(text_buffer(text), "dir/lock", rule);
  if (!parsed) return parsed.error();
  return std::move(parsed->document);
}
lockfile adapters_of(std::string_view text, version_rule rule = version_rule::only_version_1) {
  return std::move(lock_document::parse(text_buffer(text), "dir/lock", rule).value().adapters);
}

TEST(LockDocument, KnowsItsSections) {
  const auto document = parse(R"( {"units": [1.0 , 2] ,"lock_version":1,"\u0061dapters":{"a":{}},
    "inputs_digest": "sha256:\u0061","config" : {"x":1} , "":null}
)");
  ASSERT_TRUE(document) << document.error().message();
  EXPECT_EQ(document->section_names(), (name_views{"units", "adapters", "config", ""}));
  EXPECT_EQ(document->section("units"), "[1.0 , 2]");
  EXPECT_EQ(document->section("config"), "{\"x\":1}");
  EXPECT_EQ(document->section(""), "null");
  EXPECT_EQ(document->section("adapters"), "{\"a\":{}}");
  EXPECT_EQ(document->section("unit"), std::nullopt);
  EXPECT_EQ(document->section("Config"), std::nullopt);
  EXPECT_TRUE(document->has_adapters());
  EXPECT_TRUE(document->check_version());
}

TEST(LockDocument, ReservedNamesAreNoSections) {
  const auto document = parse(R"({"lock_version":1,"inputs_digest":"x"})");
  ASSERT_TRUE(document);
  EXPECT_TRUE(document->section_names().empty());
  EXPECT_EQ(document->section("lock_version"), std::nullopt);
  EXPECT_EQ(document->section("inputs_digest"), std::nullopt);
  EXPECT_EQ(document->inputs_digest(), "x");
}

TEST(LockDocument, AnEmptyDocumentHasNothing) {
  for (std::string_view text : {"{}", "{}\n", " { } ", "{\"adapters\":null}", "{\"adapters\":{}}"}) {
    const auto document = parse(text);
    ASSERT_TRUE(document) << text;
    EXPECT_TRUE(adapters_of(text).adapters().empty());
    EXPECT_EQ(document->inputs_digest(), std::nullopt);
    EXPECT_EQ(document->has_adapters(), text.find("adapters") != std::string_view::npos);
  }
}

TEST(LockDocument, AnInputsDigestThatIsNoTextReadsAsAbsent) {
  for (std::string_view value : {"null", "1", "true", "[\"x\"]", "{}"}) {
    const auto document = parse(R"({"inputs_digest":)" + std::string(value) + "}");
    ASSERT_TRUE(document) << value;
    EXPECT_EQ(document->inputs_digest(), std::nullopt) << value;
  }
  EXPECT_EQ(parse(R"({"inputs_digest":""})")->inputs_digest(), "");
  EXPECT_EQ(parse(R"({"inputs_digest":"a\u00e9\n"})")->inputs_digest(), "aé\n");
}

TEST(LockDocument, ErrorsNamePathLineAndColumn) {
  struct bad {
    std::string_view text;
    errc code;
    text_position at;
  };
  const bad table[] = {
      {"", errc::not_json, {1, 1}},
      {" \n\t ", errc::not_json, {2, 3}},
      {"\xEF\xBB\xBF{}", errc::not_json, {1, 1}},
      {"{}\n{}", errc::not_json, {2, 1}},
      {"[]", errc::not_an_object, {1, 1}},
      {"\n 12", errc::not_an_object, {2, 2}},
      {"{\n\"é\": \xFF}", errc::not_json, {2, 6}},
      {"{\n\"é\": \"\\ud800\"}", errc::not_json, {2, 13}},
      {"{\n<<<<<<< HEAD\n}", errc::conflict_marks, {2, 1}},
      {"{\"a\":1,\n \"a\":2}", errc::repeated_name, {2, 2}},
      {"{\"é\":1,\"\\u00e9\":2}", errc::repeated_name, {1, 8}},
      {"{\"lock_version\":1,\"lock_version\":1}", errc::repeated_name, {1, 19}},
      {"{\"inputs_digest\":1,\"inputs_digest\":1}", errc::repeated_name, {1, 20}},
      {"{\"adapters\":{},\n\"adapters\":{}}", errc::repeated_name, {2, 1}},
      {"{\"adapters\":{},\n\"\\u0061dapters\":7}", errc::repeated_name, {2, 1}},
      {"{\"\":{},\"\":{}}", errc::repeated_name, {1, 8}},
      {"{\"x\": 1e99999999999}", errc::number_out_of_range, {1, 18}},
      {"{\"adapters\":\n []}", errc::wrong_type, {2, 2}},
      {"{\"adapters\":{\"a\":{},\n\"a\":{}}}", errc::repeated_name, {2, 1}},
      {"{\"adapters\":{\"a\":{\n\"x\":1,\"x\":2}}}", errc::repeated_name, {2, 7}},
      {"{\"adapters\":{\"a\":{\n\"Source_digest\":1}}}", errc::name_differs_in_case, {2, 1}},
      {"{\"adapters\":{\"a\":{\"materialized_views\":{\"v\":{\n  \"View_status\":1}}}}}",
       errc::name_differs_in_case,
       {2, 3}},
      {"{\"adapters\":{\"a\":{\"materialized_views\":{\"é\":{\"é\":0,\n  \"view_status\": 1}}}}}",
       errc::wrong_type,
       {2, 18}},
      {"{\"adapters\":{\"a\":{\"materialized_views\":{\"é\": null}}}}", errc::wrong_type, {1, 46}},
  };
  for (const bad& one : table) {
    const auto document = parse(one.text);
    ASSERT_FALSE(document) << one.text;
    const error& why = document.error();
    EXPECT_EQ(why.code(), one.code) << one.text << ": " << why.message();
    ASSERT_TRUE(why.position()) << one.text;
    EXPECT_EQ(*why.position(), one.at) << one.text << ": " << why.message();
    const std::string place =
        "dir/lock:" + std::to_string(one.at.line) + ":" + std::to_string(one.at.column) + ": ";
    EXPECT_TRUE(why.message().starts_with(place)) << why.message();
    EXPECT_GT(why.message().size(), place.size());
  }
}

TEST(LockDocument, SectionsOfOthersMayRepeatNames) {
  EXPECT_TRUE(parse(R"({"config":{"a":1,"a":2},"x":[{"y":1,"y":2}],"adapters":{"a":{"x":{"y":1,"y":2}}}})"));
}

TEST(LockDocument, OneThatIsTooLargeIsRefusedUnread) {
  static_assert(document_size_bytes_max >= std::size_t{1} << 30, "the contract's bound");
  constexpr std::size_t size = document_size_bytes_max + 1;
  // Memory that may not be touched: whoever reads it crashes.
  void* memory = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  const std::shared_ptr<const char[]> bytes(
      static_cast<const char*>(memory), [](const char* begin) { ::munmap(const_cast<char*>(begin), size); });
  const auto document = lock_document::parse(text_buffer(bytes, size), "dir/lock");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code(), errc::too_large);
  EXPECT_TRUE(document.error().message().starts_with("dir/lock")) << document.error().message();
}

TEST(LockDocument, NestingBeyondTheLimitIsRefusedInAnySection) {
  const auto nested = [](std::size_t containers) {
    return std::string(containers, '[') + std::string(containers, ']');
  };
  EXPECT_TRUE(parse("{\"x\":" + nested(json_depth_max - 1) + "}"));
  EXPECT_EQ(parse("{\"x\":" + nested(json_depth_max) + "}").error().code(), errc::too_deep);
  EXPECT_TRUE(parse("{\"adapters\":{\"a\":{\"x\":" + nested(json_depth_max - 3) + "}}}"));
  EXPECT_EQ(parse("{\"adapters\":{\"a\":{\"x\":" + nested(json_depth_max - 2) + "}}}").error().code(),
            errc::too_deep);
}

TEST(LockDocument, OnlyTheNumberOneIsVersionOne) {
  struct version {
    std::string_view json;
    bool supported;
  };
  const version table[] = {
      {"1", true},
      {"1.0", true},
      {"1e0", true},
      {"1E+0", true},
      {"10e-1", true},
      {"0.1e1", true},
      {"1.000", true},
      {"0.01e2", true},
      {"1000.00e-03", true},
      {"1e-0", true},
      {"10", false},
      {"0.1", false},
      {"0.1e2", false},
      {"0.01e1", false},
      {"100e-1", false},
      {"1e-1", false},
      {"1.00000000000000000000000001", false},
      {"1e2147483647", false},
      {"2", false},
      {"0", false},
      {"0.0e1", false},
      {"-1", false},
      {"1.5", false},
      {"11", false},
      {"1e1", false},
      {"1e400", false},
      {"1e-400", false},
      {"\"1\"", false},
      {"\"\"", false},
      {"null", false},
      {"true", false},
      {"[1]", false},
      {"[]", false},
      {"{}", false},
      {"123456789012345678901234567890", false},
  };
  for (const version& one : table) {
    const std::string text = "{\"units\":[7],\n\"lock_version\": " + std::string(one.json) +
                             ",\"adapters\":{\"a\":{}},\"inputs_digest\":\"x\"}";
    const auto document = parse(text);
    ASSERT_TRUE(document) << one.json;
    EXPECT_EQ(document->check_version().has_value(), one.supported) << one.json;
    // Sections can be read and kept whatever the version.
    EXPECT_EQ(document->section("units"), "[7]");
    EXPECT_EQ(document->inputs_digest(), "x");
    if (!one.supported) {
      const error why = document->check_version().error();
      EXPECT_EQ(why.code(), errc::unsupported_version);
      EXPECT_EQ(why.position(), (text_position{2, 17}));
      EXPECT_TRUE(why.message().starts_with("dir/lock:2:17: ")) << why.message();
      EXPECT_NE(why.message().find(one.json), std::string::npos) << why.message();
    }
    const auto opted_in = parse(text, version_rule::any);
    ASSERT_TRUE(opted_in);
    EXPECT_TRUE(opted_in->check_version()) << one.json;
    EXPECT_EQ(adapters_of(text, version_rule::any).adapter_names(), (name_views{"a"}));
  }
  EXPECT_TRUE(parse("{}")->check_version()) << "missing is 1";
}

TEST(LockDocument, WhatIsWrongInAdaptersOfAnotherVersionIsNotOursToSay) {
  for (std::string_view adapters :
       {"7", "[]", "{\"a\":null}", "{\"a\":{},\"a\":{}}", "{\"a\":{\"Source_digest\":1}}",
        "{\"a\":{\"materialized_views\":{\"v\":{\"view_digest\":{}}}}}"}) {
    for (const bool version_first : {true, false}) {
      const std::string version = "\"lock_version\":2";
      const std::string section = "\"adapters\":" + std::string(adapters);
      const std::string text =
          "{" + (version_first ? version + "," + section : section + "," + version) + "}";
      const auto document = parse(text);
      ASSERT_TRUE(document) << text << ": " << document.error().message();
      EXPECT_EQ(document->section("adapters"), adapters);
      EXPECT_EQ(document->check_version().error().code(), errc::unsupported_version);
      EXPECT_FALSE(parse(text, version_rule::any)) << text;
    }
    EXPECT_FALSE(parse("{\"adapters\":" + std::string(adapters) + "}"));
  }
  // But it must be JSON.
  EXPECT_EQ(parse("{\"lock_version\":2,\"adapters\":{\"a\":x}}").error().code(), errc::not_json);
}

TEST(LockDocument, HandsItsAdaptersOut) {
  EXPECT_EQ(adapters_of(R"({"units":1,"\u0061dapters":{"a":{"source_digest":"s"}}})")
                .find_adapter("a")
                ->source_digest,
            "s");
}

TEST(LockDocument, StaysAsItIsWhateverBecomesOfItsAdapters) {
  constexpr std::string_view text = R"({"adapters":{"a":{"source_digest":"s"}},"lock_version":1})";
  auto parsed = lock_document::parse(text_buffer(text), "dir/lock");
  ASSERT_TRUE(parsed);
  ASSERT_TRUE(parsed->adapters.remove_adapter("a"));
  EXPECT_EQ(parsed->document.section("adapters"), R"({"a":{"source_digest":"s"}})");
  EXPECT_EQ(parsed->document.text().view(), text);
  EXPECT_EQ(parsed->document.render({}, &parsed->adapters).text().view(),
            R"({"adapters":{},"lock_version":1})");
  EXPECT_TRUE(parsed->document.render({}).changes_nothing());
}

TEST(LockDocument, ItsAdaptersOutliveIt) {
  const lockfile file =
      adapters_of(R"({"adapters":{"a":{"source_digest":"a text that is long enough to be on the heap"}}})");
  EXPECT_EQ(file.find_adapter("a")->source_digest, "a text that is long enough to be on the heap");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
