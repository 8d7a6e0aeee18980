// What a merge of whole lockfiles does with adapters: which stay, whose digests and time they have, and what their views say.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/merge.hpp"
#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;

lockfile merged(const lockfile& base, const lockfile& ours, const lockfile& theirs) {
  merged_lockfile one = merge_lockfiles(base, ours, theirs, merge_side::ours);
  merged_lockfile other = merge_lockfiles(base, theirs, ours, merge_side::theirs);
  EXPECT_EQ(one.conflicts, other.conflicts);
  EXPECT_TRUE(one.file.adapters() == other.file.adapters());
  return std::move(one.file);
}

lockfile with_crg(std::string_view source, std::string_view schema, int seconds) {
  lockfile file;
  EXPECT_TRUE(file.activate("crg", source, schema, at(seconds)));
  return file;
}

/// comp/v over crg.
void add_view(lockfile& file, std::string_view view_name, std::string_view schema, int seconds) {
  const dependency on_crg{"crg", schema, ""};
  ASSERT_TRUE(file.register_view({"comp", view_name}, "v0", {&on_crg, 1}, at(seconds)));
}

TEST(MergeAdapters, ASchemaThatOneSideAloneChangedIsTaken) {
  const lockfile base = with_crg("s", "d0", 0);
  lockfile ours = base;
  ASSERT_TRUE(ours.activate("crg", "s", "d1", at(1)));
  const lockfile file = merged(base, ours, base);
  EXPECT_EQ(file.find_adapter("crg")->schema_digest, "d1");
  EXPECT_EQ(file.find_adapter("crg")->activated_at, "2026-07-01T12:00:01Z");
}

TEST(MergeAdapters, WhatBothSidesActivatedAlikeIsNoConflict) {
  const lockfile base = with_crg("s", "d0", 0);
  const lockfile ours = with_crg("s", "d1", 1);
  const lockfile theirs = with_crg("s", "d1", 2);
  const auto both = merge_lockfiles(base, ours, theirs, merge_side::ours);
  EXPECT_TRUE(both.conflicts.empty());
  EXPECT_EQ(both.file.find_adapter("crg")->schema_digest, "d1");
  EXPECT_EQ(both.file.find_adapter("crg")->activated_at, "2026-07-01T12:00:02Z");
}

TEST(MergeAdapters, OfTwoThatAreNewTheLaterTimeIsTakenAndOtherDigestsAreAConflict) {
  const lockfile none;
  EXPECT_EQ(merged(none, with_crg("s", "d", 1), with_crg("s", "d", 2)).find_adapter("crg")->activated_at,
            "2026-07-01T12:00:02Z");
  const auto two = merge_lockfiles(none, with_crg("s", "d", 1), with_crg("t", "d", 2), merge_side::theirs);
  EXPECT_EQ(two.conflicts, (std::vector<std::string>{"crg"}));
  EXPECT_EQ(two.file.find_adapter("crg")->source_digest, "t");
}

TEST(MergeAdapters, OneThatASideAloneHasIsItsOwnAndNoConflict) {
  const lockfile none;
  const lockfile some = with_crg("s", "d", 1);
  for (const auto& one : {merge_lockfiles(none, some, none, merge_side::ours),
                          merge_lockfiles(none, none, some, merge_side::ours)}) {
    EXPECT_TRUE(one.conflicts.empty());
    EXPECT_EQ(one.file, some);
  }
}

TEST(MergeAdapters, ATimeIsThatOfTheSideThatAloneChangedIt) {
  // Both changed the same digests back and forth: only the time is another.
  const lockfile base = with_crg("s", "d", 5);
  const lockfile earlier = with_crg("s", "d", 1);
  EXPECT_EQ(merged(base, earlier, base).find_adapter("crg")->activated_at, "2026-07-01T12:00:01Z");
}

TEST(MergeAdapters, OneThatBothRemovedIsGone) {
  lockfile base = with_crg("s", "d", 0);
  add_view(base, "v", "d", 0);
  lockfile side = base;
  ASSERT_TRUE(side.remove_view({"comp", "v"}));
  ASSERT_TRUE(side.remove_adapter("crg"));
  const lockfile file = merged(base, side, side);
  EXPECT_EQ(file.find_adapter("crg"), nullptr);
  EXPECT_EQ(file.find_view({"comp", "v"}), nullptr);
}

TEST(MergeAdapters, OneThatNobodyHasIsNotMadeForAViewThatReadsFromIt) {
  lockfile base = with_crg("s", "d", 0);
  lockfile ours = base;
  ASSERT_TRUE(ours.remove_adapter("crg"));
  lockfile theirs = ours;
  add_view(theirs, "v", "d", 1);
  EXPECT_EQ(merged(base, ours, theirs).find_adapter("crg"), nullptr);
}

TEST(MergeAdapters, OneThatASideRemovedStaysForAViewThatTheOtherChangedInIt) {
  lockfile base;
  add_view(base, "v", "d", 0);
  lockfile ours = base;
  ASSERT_TRUE(ours.remove_adapter("comp"));
  lockfile theirs = base;
  ASSERT_TRUE(theirs.mark_dependee_bumped("crg", at(1)));
  const lockfile file = merged(base, ours, theirs);
  ASSERT_NE(file.find_adapter("comp"), nullptr);
  EXPECT_EQ(file.state({"comp", "v"}), view_state::pending_recompat_check);
}

TEST(MergeAdapters, OneThatASideRemovedIsGoneWhenNobodyNeedsIt) {
  const lockfile base = with_crg("s", "d", 0);
  lockfile ours = base;
  ASSERT_TRUE(ours.remove_adapter("crg"));
  EXPECT_EQ(merged(base, ours, base).find_adapter("crg"), nullptr);
}

TEST(MergeAdapters, AViewThatIsMadeOfBothSaysWhatTheMergeOfTheViewSays) {
  lockfile base = with_crg("s", "d", 0);
  add_view(base, "v", "d", 0);
  lockfile ours = base;
  ASSERT_TRUE(ours.mark_dependee_bumped("crg", at(1)));
  lockfile theirs = ours;
  ASSERT_TRUE(ours.resolve_recompat({"comp", "v"}, verdict::passed, {}, at(2)));
  ASSERT_TRUE(theirs.resolve_recompat({"comp", "v"}, verdict::failed, {}, at(3)));
  const view_key key{"comp", "v"};
  const merged_view says = merge_views(base.find_view(key), ours.find_view(key), theirs.find_view(key));
  ASSERT_EQ(says.rule, merge_rule::joined);
  const lockfile file = merged(base, ours, theirs);
  const view& entry = *file.find_view(key);
  EXPECT_EQ(entry.status, says.status);
  EXPECT_EQ(entry.view_digest, says.view_digest);
  EXPECT_TRUE(std::ranges::equal(entry.depends_on, says.depends_on));
  EXPECT_EQ(entry.last_rebuilt_at, says.last_rebuilt_at);
  EXPECT_EQ(entry.last_validation_at, says.last_validation_at);
  EXPECT_TRUE(std::ranges::equal(entry.state_history.entries(), says.history.entries()));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
