// Changes to sections, staged to be flushed together.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "agentslock/io/lock_document.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

TEST(StagedChanges, KeepWhatIsStagedLast) {
  staged_changes changes;
  ASSERT_TRUE(changes.set_section("units", "1"));
  ASSERT_TRUE(changes.set_section("units", " {\"a\": 1.0 } \n"));
  ASSERT_TRUE(changes.set_section("", "null"));
  ASSERT_TRUE(changes.set_section("Adapters", "\"mine\""));
  const auto staged = changes.staged();
  EXPECT_EQ(staged.sections, (std::map<std::string, std::string, std::less<>>{
                                 {"units", "{\"a\": 1.0 }"}, {"", "null"}, {"Adapters", "\"mine\""}}));
  EXPECT_EQ(staged.inputs_digest, std::nullopt);
  ASSERT_TRUE(changes.set_inputs_digest("a"));
  ASSERT_TRUE(changes.set_inputs_digest(""));
  EXPECT_EQ(changes.staged().inputs_digest, "");
}

TEST(StagedChanges, TakeEveryValue) {
  for (std::string_view json :
       {"0", "5", "-1.5e3", "12 ", "true", "false", "null", "\"\"", "\"x\"", "[]", "{}",
        "[1, {\"a\": 1, \"a\": 2}]", "1e400", "123456789012345678901234567890"}) {
    staged_changes changes;
    const auto done = changes.set_section("s", json);
    EXPECT_TRUE(done) << json << ": " << done.error().message();
    EXPECT_EQ(changes.staged().sections["s"], json.substr(0, json.find_last_not_of(' ') + 1));
  }
}

TEST(StagedChanges, RefuseWhatCantBeASectionAndStageNothingThen) {
  struct bad {
    std::string name;
    std::string json;
    errc code;
  };
  const bad table[] = {
      {"lock_version", "1", errc::reserved_section},
      {"inputs_digest", "\"x\"", errc::reserved_section},
      {"adapters", "{}", errc::reserved_section},
      {"s", "", errc::not_json},
      {"s", "  ", errc::not_json},
      {"s", "{", errc::not_json},
      {"s", "[1", errc::not_json},
      {"s", "{} {}", errc::not_json},
      {"s", "1 2", errc::not_json},
      {"s", "1,\"x\":2", errc::not_json},
      {"s", "1}", errc::not_json},
      {"s", "01", errc::not_json},
      {"s", "x", errc::not_json},
      {"s", "// c\n1", errc::not_json},
      {"s", "\xEF\xBB\xBF{}", errc::not_json},
      {"s", "\"\xFF\"", errc::not_json},
      {"s", "\"\\ud800\"", errc::not_json},
      {"s", std::string("1\0", 2), errc::not_json},
      {"s", "1e99999999999", errc::number_out_of_range},
      {"s", std::string(json_depth_max, '[') + std::string(json_depth_max, ']'), errc::too_deep},
      {"\xFF", "1", errc::invalid_argument},
      {"\xED\xA0\x80", "1", errc::invalid_argument},
  };
  for (const bad& one : table) {
    staged_changes changes;
    ASSERT_TRUE(changes.set_section("s", "[\"before\"]"));
    const auto done = changes.set_section(one.name, one.json);
    ASSERT_FALSE(done) << one.name << one.json.substr(0, 40);
    EXPECT_EQ(done.error().code(), one.code) << one.json.substr(0, 40) << ": " << done.error().message();
    EXPECT_EQ(changes.staged().sections,
              (std::map<std::string, std::string, std::less<>>{{"s", "[\"before\"]"}}));
  }
  staged_changes changes;
  EXPECT_EQ(changes.set_inputs_digest("\xFF").error().code(), errc::invalid_argument);
  EXPECT_EQ(changes.staged().inputs_digest, std::nullopt);
  EXPECT_TRUE(
      changes.set_section("s", std::string(json_depth_max - 1, '[') + std::string(json_depth_max - 1, ']')));
}

TEST(StagedChanges, MayBeStagedByManyThreadsAtOnce) {
  staged_changes changes;
  constexpr int threads = 8;
  constexpr int each = 200;
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&changes, t] {
      for (int i = 0; i < each; ++i) {
        EXPECT_TRUE(changes.set_section("s" + std::to_string(t) + "-" + std::to_string(i),
                                        "[" + std::to_string(i) + "]"));
        EXPECT_TRUE(changes.set_section("shared", "[" + std::to_string(t) + "]"));
        EXPECT_TRUE(changes.set_inputs_digest("d" + std::to_string(t)));
        EXPECT_TRUE(changes.staged().sections.contains("shared"));
      }
    });
  }
  for (std::thread& one : running)
    one.join();
  const auto staged = changes.staged();
  EXPECT_EQ(staged.sections.size(), std::size_t{threads * each + 1});
  for (int i = 0; i < each; ++i)
    EXPECT_EQ(staged.sections.find("s3-" + std::to_string(i))->second, "[" + std::to_string(i) + "]");
}

TEST(StagedChanges, TheDeepestSectionThatIsTakenCanBeReadAgain) {
  const std::size_t levels = json_depth_max - 1;  // the document itself is one
  staged_changes changes;
  ASSERT_TRUE(changes.set_section("s", std::string(levels, '[') + std::string(levels, ']')));
  for (const char* text : {"{}\n", "{\"s\":1}", "{\n\t\"a\": 1\n}\n"}) {
    const auto parsed = lock_document::parse(text_buffer(std::string_view(text)), "path");
    ASSERT_TRUE(parsed);
    const auto again = lock_document::parse(parsed->document.render(changes.staged()).text(), "path");
    EXPECT_TRUE(again) << again.error().message();
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
