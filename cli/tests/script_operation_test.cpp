#include "script_operation.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace agentslock::cli {
namespace {

constexpr timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};
constexpr timestamp later = now + std::chrono::hours(1);
const owned_key comp_v("comp", "v");

/// A lockfile with the views comp/v and comp/w.
lockfile two_views() {
  lockfile file;
  EXPECT_TRUE(file.register_view(comp_v, "d", {}, now));
  EXPECT_TRUE(file.register_view({"comp", "w"}, "d", {}, now));
  return file;
}

struct reading {
  std::optional<operation> read;
  std::optional<std::string> wrong;
};

reading read(std::string_view name, const std::string& text) {
  const auto members = script_value::parse(text, "script").value().members().value();
  script_arguments given(members, now);
  auto found = read_operation(name, given, two_views());
  return {std::move(found), given.wrong()};
}

struct spelt_operation {
  operation::kind means;
  std::string members;
};

/// In the order of the variant: every kind of operation that scripts have, with all its members.
std::vector<spelt_operation> all_kinds() {
  const std::vector<owned_dependency> deps{{"crg", "d1", "2"}, {"x", "", ""}, {"", "", ""}};
  const std::string spelt_deps =
      R"("deps":[{"adapter":"crg","schema_digest":"d1","version":"2"},{"adapter":"x"},null])";
  const std::string key = R"("adapter":"comp","view":"v",)";
  return {
      {operations::activate{"crg", "s", "d1"}, R"("name":"crg","source_digest":"s","schema_digest":"d1")"},
      {operations::register_view{comp_v, "v0", deps}, key + R"("digest":"v0",)" + spelt_deps},
      {operations::mark_dependee_bumped{"crg", "d1", "2"},
       R"("dependee":"crg","schema_digest":"d1","version":"2")"},
      {operations::resolve_recompat{comp_v, verdict::failed, deps},
       key + R"("compatible":false,)" + spelt_deps},
      {operations::mark_view_rebuilt{comp_v, "v1", std::vector<owned_schema>{{"crg", "d1"}, {"x", ""}}},
       key + R"("digest":"v1","schemas_read":{"crg":"d1","x":null})"},
      {operations::remove_view{comp_v}, R"("adapter":"comp","view":"v")"},
      {operations::remove_adapter{"comp"}, R"("name":"comp")"},
      {operations::reconcile{{{{comp_v, "v0"}}}}, R"("presence":{"comp":{"v":"v0"},"comp/w":null})"},
      {operations::cutover{"crg", "s", "d1", "2", {{comp_v, verdict::passed, deps}}},
       R"("dependee":"crg","source_digest":"s","schema_digest":"d1","version":"2","verdicts":[{)" + key +
           R"("compatible":true,)" + spelt_deps + "}]"},
      {operations::mark_missed_bumps{}, ""},
  };
}

std::string name_of(const operation::kind& what) {
  return std::visit([](const auto& one) { return std::string(one.name); }, what);
}

TEST(ScriptOperation, EveryKindIsReadWithAllItsMembers) {
  const auto all = all_kinds();
  ASSERT_EQ(all.size() + 1, std::variant_size_v<operation::kind>) << "a revalidation has no spelling";
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(all[i].means.index(), i);
    const auto [found, wrong] = read(name_of(all[i].means), "{" + all[i].members + "}");
    EXPECT_EQ(wrong, std::nullopt) << all[i].members;
    EXPECT_EQ(found, (operation{all[i].means, now})) << all[i].members;
  }
}

TEST(ScriptOperation, AllButRemovalsTakeATime) {
  for (const auto& [means, members] : all_kinds()) {
    const std::string name = name_of(means);
    const std::string time = R"("now":"2026-07-01T01:00:00Z"})";
    const auto [found, wrong] = read(name, "{" + members + (members.empty() ? "" : ",") + time);
    const bool is_removal = name.starts_with("remove_");
    EXPECT_EQ(found->now, is_removal ? now : later) << name;
    EXPECT_EQ(wrong.has_value(), is_removal) << name;
  }
}

TEST(ScriptOperation, ABuildMayBeSilentOnWhatItReadOrHaveReadNothing) {
  const auto schemas_read = [](const std::string& member) {
    const auto [found, wrong] =
        read("mark_view_rebuilt", R"({"adapter":"comp","view":"v","digest":"d")" + member + "}");
    EXPECT_EQ(wrong, std::nullopt);
    return std::get<operations::mark_view_rebuilt>(found->what).schemas_read;
  };
  EXPECT_EQ(schemas_read(""), std::nullopt);
  for (const char* nothing : {R"(,"schemas_read":null)", R"(,"schemas_read":{})"})
    EXPECT_EQ(schemas_read(nothing), std::vector<owned_schema>()) << nothing;
}

TEST(ScriptOperation, TheFirstFaultIsTold) {
  const auto wrong = [](std::string_view name, const std::string& text) { return read(name, text).wrong; };
  EXPECT_EQ(wrong("activate", "{}"), "needs the member \"name\"");
  EXPECT_EQ(wrong("register_view", R"({"view":"v"})"), "needs the member \"adapter\"");
  EXPECT_EQ(wrong("remove_view", R"({"adapter":"a"})"), "needs the member \"view\"");
  EXPECT_EQ(wrong("reconcile", "{}"), "needs the member \"presence\" or \"nil_presence\"");
}

TEST(ScriptOperation, WhatTheKernelDoesNotDoIsNone) {
  for (const char* name : {"save", "adapter_names", "dance", ""})
    EXPECT_FALSE(read(name, "{}").read) << name;
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
