#include "apply_script.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace agentslock::cli {
namespace {

constexpr timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};

/// A document that scripts are run on.
class ApplyScript : public testing::Test {
 protected:
  explicit ApplyScript(std::string_view text = "{}")
      : document_(lock_document::parse(text_buffer(text), "doc").value().document) {}

  script_results run_all(std::string_view ops, script_options options = {}) {
    const std::string text = R"({"ops":[)" + std::string(ops) + "]}";
    const auto script = apply_script::parse(text, "script");
    return script.value().run(edit_, now, options);
  }
  std::vector<op_result> run(std::string_view ops, script_options options = {}) {
    return run_all(ops, options).ops;
  }
  std::string activated_at(std::string_view adapter) const {
    const auto* entry = adapters_.find_adapter(adapter);
    return entry == nullptr ? "none" : std::string(entry->activated_at);
  }

  lock_document document_;
  lockfile adapters_;
  staged_changes sections_;
  document_edit edit_{document_, adapters_, false, sections_};
};

constexpr std::string_view activate_a =
    R"({"op":"activate","name":"a","source_digest":"s","schema_digest":"t"})";
constexpr std::string_view activate_b =
    R"({"op":"activate","name":"b","source_digest":"s","schema_digest":"t"})";
constexpr std::string_view refused = R"({"op":"activate","name":"","source_digest":"s","schema_digest":"t"})";
constexpr std::string_view save = R"({"op":"save"})";

std::string list(std::initializer_list<std::string_view> ops) {
  std::string text;
  for (std::string_view op : ops)
    text.append(text.empty() ? "" : ",").append(op);
  return text;
}

TEST_F(ApplyScript, WhatWasNotSavedIsNotThere) {
  const auto done = run(list({activate_a, save, activate_b}));
  ASSERT_EQ(done.size(), 3U);
  EXPECT_TRUE(edit_.writes_empty_section);
  EXPECT_EQ(adapters_.adapter_names(), std::vector<std::string_view>{"a"});
}

TEST_F(ApplyScript, WithoutASaveNothingChanges) {
  run(activate_a);
  EXPECT_FALSE(edit_.writes_empty_section);
  EXPECT_TRUE(adapters_.adapters().empty());
}

TEST_F(ApplyScript, ItStopsAtTheFirstRefusal) {
  const auto done = run(list({activate_a, refused, activate_b, save}));
  ASSERT_EQ(done.size(), 2U);
  EXPECT_FALSE(done[0].error);
  EXPECT_TRUE(done[1].error);
}

TEST_F(ApplyScript, OrGoesOnWhenToldTo) {
  const auto done = run(list({activate_a, refused, activate_b, save}), {.keep_going = true});
  ASSERT_EQ(done.size(), 4U);
  EXPECT_EQ(adapters_.adapter_names(), (std::vector<std::string_view>{"a", "b"}));
}

TEST_F(ApplyScript, AMissingTimeIsThePresent) {
  run(list({activate_a, save}));
  EXPECT_EQ(activated_at("a"), "2026-07-01T00:00:00Z");
}

TEST_F(ApplyScript, ResultsAreJsonValues) {
  const auto done = run(list({activate_a, R"({"op":"adapter_names"})", R"({"op":"inputs_digest"})"}));
  using members = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(done[1].members, (members{{"names", R"(["a"])"}}));
  EXPECT_EQ(done[2].members, (members{{"digest", R"("")"}, {"ok", "false"}}));
}

TEST_F(ApplyScript, SectionsAreStagedAndInputsDigestIsReadBack) {
  const auto done = run(R"({"op":"update_section","section":"u","value":[1.0]},)"
                        R"({"op":"set_inputs_digest","digest":"i"},{"op":"inputs_digest"})");
  EXPECT_EQ(done[2].members.front().second, R"("i")");
  EXPECT_EQ(sections_.staged().sections.at("u"), "[1.0]");
  EXPECT_EQ(sections_.staged().inputs_digest, "i");
}

TEST_F(ApplyScript, AnUnknownOperationIsRefusedWhenItsTurnComes) {
  const auto done = run(list({activate_a, R"({"op":"dance"})"}));
  ASSERT_EQ(done.size(), 2U);
  EXPECT_EQ(done[1].error, "no operation is called \"dance\"");
}

TEST_F(ApplyScript, AFaultyMemberIsFoundBeforeAnythingIsDone) {
  const auto done = run(R"({"op":"activate","name":"a","source_digest":"s","schema_digest":"t","extra":1})");
  EXPECT_EQ(done[0].error, "does not know the member \"extra\"");
  EXPECT_TRUE(adapters_.adapters().empty());
}

TEST(ApplyScriptForm, WritingOperationsAreThoseThatNeedTheFile) {
  const auto writes = [](std::string_view op) {
    const std::string text = R"({"ops":[{"op":")" + std::string(op) + R"("}]})";
    return apply_script::parse(text, "script").value().writes();
  };
  for (std::string_view op : {"save", "update_section", "set_inputs_digest"})
    EXPECT_TRUE(writes(op)) << op;
  for (std::string_view op : {"activate", "reconcile", "inputs_digest", "dance"})
    EXPECT_FALSE(writes(op)) << op;
}

TEST(ApplyScriptForm, AnEmptyScriptIsOne) {
  for (std::string_view text : {R"({"ops":[]})", R"({"ops":null,"description":"none"})"})
    EXPECT_TRUE(apply_script::parse(text, "script").value().ops().empty()) << text;
}

TEST(ApplyScriptForm, FaultsOfTheFormNameTheirPlace) {
  const auto fault = [](std::string_view text) {
    const auto script = apply_script::parse(text, "script");
    return script ? "no fault" : script.error().message();
  };
  EXPECT_EQ(fault("{}"), "script has no member \"ops\"");
  EXPECT_EQ(fault(R"({"ops":[],"x":1})"), "script has a member \"x\", which no script has");
  EXPECT_EQ(fault(R"({"ops":[{"op":"save"},{}]})"), "script: operation 2 has no member \"op\"");
  EXPECT_EQ(fault(R"({"ops":{}})"), "\"ops\" must be a list");
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
