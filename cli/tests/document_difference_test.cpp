#include "document_difference.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace agentslock::cli {
namespace {

constexpr view_key comp_v{"comp", "v"};

timestamp at(int seconds) {
  return timestamp(std::chrono::seconds(seconds));
}

lockfile base() {
  lockfile file;
  const dependency on_crg{"crg", "d0", "1"};
  EXPECT_TRUE(file.activate("crg", "s", "d0", at(0)));
  EXPECT_TRUE(file.register_view(comp_v, "v0", {&on_crg, 1}, at(0)));
  return file;
}

/// The one view that differs.
view_difference only_view(const lockfile& before, const lockfile& after) {
  const auto all = differences(before, after);
  EXPECT_EQ(all.size(), 1U);
  EXPECT_EQ(all.at(0).views.size(), 1U);
  return all.at(0).views.at(0);
}

TEST(Differences, EqualLockfilesHaveNone) {
  EXPECT_TRUE(differences(lockfile(), lockfile()).empty());
  EXPECT_TRUE(differences(base(), base()).empty());
}

TEST(Differences, WhatOnlyOneHasIsToldWithAllItsViews) {
  const lockfile none;
  const lockfile some = base();
  const auto added = differences(none, some);
  ASSERT_EQ(added.size(), 2U);
  EXPECT_EQ(added[0].name, "comp");
  EXPECT_EQ(added[0].before, nullptr);
  ASSERT_EQ(added[0].views.size(), 1U);
  EXPECT_EQ(added[0].views[0].before, nullptr);
  EXPECT_TRUE(added[0].texts.empty());
  const auto removed = differences(some, none);
  ASSERT_EQ(removed.size(), 2U);
  EXPECT_EQ(removed[1].after, nullptr);
  EXPECT_EQ(removed[0].views[0].after, nullptr);
}

TEST(Differences, NamesOfBothAreMetOnceAndInOrder) {
  lockfile before;
  lockfile after;
  for (std::string_view name : {"a", "b", "d"})
    ASSERT_TRUE(before.activate(name, "s", "1", at(0)));
  for (std::string_view name : {"b", "c", "d", "e"})
    ASSERT_TRUE(after.activate(name, "s", name == "d" ? "2" : "1", at(0)));
  std::string told;
  for (const adapter_difference& one : differences(before, after))
    told.append(one.name).append(one.before == nullptr ? "+" : one.after == nullptr ? "-" : "~");
  EXPECT_EQ(told, "a-c+d~e+");
}

TEST(Differences, AnAdapterTellsTheTextsThatDiffer) {
  const lockfile before = base();
  lockfile after = base();
  ASSERT_TRUE(after.activate("crg", "s", "d1", at(0)));
  const auto all = differences(before, after);
  ASSERT_EQ(all.size(), 1U);
  ASSERT_EQ(all[0].texts.size(), 1U);
  EXPECT_EQ(all[0].texts[0].member, "schema_digest");
  EXPECT_EQ(all[0].texts[0].before, "d0");
  EXPECT_EQ(all[0].texts[0].after, "d1");
  EXPECT_TRUE(all[0].views.empty());
}

TEST(Differences, AViewTellsItsStatusFirstAndTheTransitionsBetween) {
  lockfile after = base();
  ASSERT_TRUE(after.mark_dependee_bumped("crg", at(1)));
  const dependency on_new{"crg", "d1", "2"};
  ASSERT_TRUE(after.resolve_recompat(comp_v, verdict::passed, {&on_new, 1}, at(2)));
  const lockfile before = base();
  const view_difference one = only_view(before, after);
  ASSERT_EQ(one.texts.size(), 2U);
  EXPECT_EQ(one.texts[0].member, "view_status");
  EXPECT_EQ(one.texts[0].after, "pending-rebuild");
  EXPECT_EQ(one.texts[1].member, "last_validation_at");
  EXPECT_TRUE(one.depends_on_differs);
  ASSERT_EQ(one.transitions.size(), 2U);
  EXPECT_EQ(one.transitions[0].trigger, "dependee-bump:crg");
  EXPECT_FALSE(one.log_differs);
  // The other way round nothing was added, and that is no going on.
  const view_difference back = only_view(after, before);
  EXPECT_TRUE(back.transitions.empty() || back.transitions.size() == 1U);
  EXPECT_TRUE(back.log_differs);
}

TEST(Differences, OldTransitionsThatWereDroppedAreNoDifferenceOfTheLog) {
  const auto go_round = [](lockfile& file, int times, int since) {
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(file.mark_dependee_bumped("crg", at(since + i)));
      ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, {}, at(since + i)));
      ASSERT_TRUE(file.mark_view_rebuilt(comp_v, "v0", schemas_not_known, at(since + i)));
    }
  };
  lockfile before = base();
  go_round(before, 6, 1);
  lockfile after = before;
  go_round(after, 1, 100);
  const view_difference near = only_view(before, after);
  EXPECT_EQ(near.transitions.size(), 3U);
  EXPECT_FALSE(near.log_differs);
  // More than a log keeps.
  go_round(after, 7, 200);
  const view_difference far = only_view(before, after);
  EXPECT_EQ(far.transitions.size(), audit_log::entries_max);
  EXPECT_TRUE(far.log_differs);
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
