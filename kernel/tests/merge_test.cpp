#include "agentslock/kernel/merge.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "allocation_counter.hpp"
#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;

constexpr std::string_view noon = "2026-07-01T12:00:00Z";
constexpr std::string_view one_past = "2026-07-01T12:00:01Z";
constexpr std::string_view two_past = "2026-07-01T12:00:02Z";

/// A view that is ready over crg at d0.
view ready_view() {
  view entry;
  entry.status = recorded_status(view_status::ready);
  entry.view_digest = "v0";
  entry.depends_on.push_back({"crg", "d0", ""});
  entry.last_rebuilt_at = noon;
  entry.state_history.append({noon, "", "ready", "registered"});
  return entry;
}

/// The same after one more transition.
view moved(view entry, view_status to, std::string_view when, std::string_view trigger) {
  entry.state_history.append({when, entry.status.text(), spelling(to), trigger});
  entry.status = recorded_status(to);
  return entry;
}

view rebuilt(view entry, std::string_view digest, std::string_view when) {
  entry = moved(entry, view_status::ready, when, "rebuilt");
  entry.view_digest = digest;
  entry.last_rebuilt_at = when;
  return entry;
}

std::vector<audit_entry> log_of(const merged_view& one) {
  const auto log = one.as_it_is != nullptr ? one.as_it_is->state_history.entries() : one.history.entries();
  return {log.begin(), log.end()};
}

TEST(Merge, AnUnchangedSideGivesTheOthersEntry) {
  const view base = moved(ready_view(), view_status::pending_rebuild, noon, "reconcile:view tables absent");
  const view ours = base;
  const view theirs = rebuilt(base, "v1", one_past);
  EXPECT_EQ(merge_views(&base, &ours, &theirs).as_it_is, &theirs);
  EXPECT_EQ(merge_views(&base, &theirs, &ours).as_it_is, &theirs);
  EXPECT_EQ(merge_views(&base, &ours, &ours).as_it_is, &ours);
  EXPECT_EQ(merge_views(nullptr, &ours, nullptr).as_it_is, &ours);
  EXPECT_FALSE(merge_views(&base, &ours, nullptr).present());
  EXPECT_FALSE(merge_views(&base, nullptr, nullptr).present());
  EXPECT_FALSE(merge_views(nullptr, nullptr, nullptr).present());
}

TEST(Merge, OfTwoStatusesTheMoreCautiousIsTaken) {
  const view base = ready_view();
  const view ours = moved(base, view_status::pending_rebuild, one_past, "reconcile:view tables absent");
  const view theirs = moved(base, view_status::pending_recompat_check, two_past, "dependee-bump:crg");
  const merged_view one = merge_views(&base, &ours, &theirs);
  EXPECT_EQ(one.rule, merge_rule::joined);
  EXPECT_EQ(one.status.text(), "pending-recompat-check");
  // Its log ends in that status by itself.
  EXPECT_EQ(log_of(one), (std::vector<audit_entry>{
                             {noon, "", "ready", "registered"},
                             {one_past, "ready", "pending-rebuild", "reconcile:view tables absent"},
                             {two_past, "ready", "pending-recompat-check", "dependee-bump:crg"},
                         }));
}

TEST(Merge, ALogThatEndsElsewhereGetsOneItem) {
  const view base = ready_view();
  const view ours = moved(base, view_status::pending_recompat_check, one_past, "dependee-bump:crg");
  const view theirs = moved(base, view_status::pending_rebuild, two_past, "reconcile:view tables absent");
  const merged_view one = merge_views(&base, &ours, &theirs);
  EXPECT_EQ(log_of(one).back(),
            (audit_entry{two_past, "pending-rebuild", "pending-recompat-check", merge_trigger}));
  EXPECT_EQ(log_of(one).size(), 4U);
}

TEST(Merge, OtherTablesAreRebuilt) {
  const view base = ready_view();
  const view ours = rebuilt(base, "v1", one_past);
  const view theirs = rebuilt(base, "v2", two_past);
  const merged_view one = merge_views(&base, &ours, &theirs);
  EXPECT_EQ(one.status.text(), "pending-rebuild");
  EXPECT_EQ(one.view_digest, "v2");  // built later
  EXPECT_EQ(one.last_rebuilt_at, two_past);
}

TEST(Merge, RecordsAreTakenWholeAndAPairThatNobodyJudgedIsJudged) {
  const view base = ready_view();
  view ours = rebuilt(base, "v0", one_past);
  ours.depends_on = {{"crg", "d1", ""}};
  view theirs = rebuilt(base, "v0", two_past);
  const merged_view one_sided = merge_views(&base, &ours, &theirs);
  EXPECT_EQ(one_sided.status.text(), "pending-rebuild");
  EXPECT_TRUE(std::ranges::equal(one_sided.depends_on, ours.depends_on));

  theirs.depends_on = {{"crg", "d2", ""}, {"geo", "g", ""}};
  const merged_view both = merge_views(&base, &ours, &theirs);
  EXPECT_EQ(both.status.text(), "pending-recompat-check");
  EXPECT_TRUE(std::ranges::equal(both.depends_on, theirs.depends_on));
}

TEST(Merge, WhatOneSideRemovedAndTheOtherChangedIsHeldBack) {
  const view base = ready_view();
  const view theirs = rebuilt(base, "v1", one_past);
  const merged_view one = merge_views(&base, nullptr, &theirs);
  EXPECT_EQ(one.rule, merge_rule::theirs_held_back);
  EXPECT_EQ(one.status.text(), "pending-rebuild");
  EXPECT_EQ(log_of(one).back(), (audit_entry{one_past, "ready", "pending-rebuild", merge_trigger}));

  const view shut = moved(base, view_status::dsl_update_required, one_past, "recompat-fail");
  EXPECT_EQ(merge_views(&base, &shut, nullptr).as_it_is, &shut);
}

TEST(Merge, ALogThatWasCutIsAlignedBeforeItIsJoined) {
  std::vector<std::string> times;
  for (int i = 10; i < 40; ++i)
    times.push_back("2026-07-01T12:00:" + std::to_string(i) + "Z");
  view base = ready_view();
  for (int i = 0; i < 20; ++i)
    base.state_history.append({times[static_cast<std::size_t>(i)], "ready", "ready", "before"});
  const view ours = moved(moved(base, view_status::pending_recompat_check, times[25], "dependee-bump:crg"),
                          view_status::pending_rebuild, times[26], "recompat-pass");
  const view theirs = moved(base, view_status::pending_rebuild, times[24], "reconcile:view tables absent");
  const auto log = log_of(merge_views(&base, &ours, &theirs));
  EXPECT_EQ(log.size(), 20U);
  // Sixteen of the base's items, then theirs, then ours twice: none stands twice.
  EXPECT_EQ(log.front().at, times[3]);
  EXPECT_EQ(log[17].trigger, "reconcile:view tables absent");
  EXPECT_EQ(log[19].trigger, "recompat-pass");
}

TEST(Merge, AllocatesNothingForOneView) {
  const view base = ready_view();
  const view ours = rebuilt(base, "v1", one_past);
  const view theirs = rebuilt(base, "v2", two_past);
  std::optional<merged_view> one;
  EXPECT_EQ(testing::allocations_of([&] { one = merge_views(&base, &ours, &theirs); }), 0U);
  EXPECT_EQ(one->rule, merge_rule::joined);
}

/// comp/v over crg at d0, which is active.
lockfile base_file() {
  lockfile file;
  EXPECT_TRUE(file.activate("crg", "s0", "d0", at(0)));
  const dependency on_crg{"crg", "d0", ""};
  EXPECT_TRUE(file.register_view({"comp", "v"}, "v0", {&on_crg, 1}, at(0)));
  return file;
}

TEST(Merge, AnAdapterWithTwoNewSchemasIsAConflict) {
  const lockfile base = base_file();
  lockfile ours = base;
  lockfile theirs = base;
  ASSERT_TRUE(ours.activate("crg", "s1", "d1", at(1)));
  ASSERT_TRUE(theirs.activate("crg", "s2", "d2", at(2)));
  const merged_lockfile for_us = merge_lockfiles(base, ours, theirs, merge_side::ours);
  const merged_lockfile for_them = merge_lockfiles(base, ours, theirs, merge_side::theirs);
  EXPECT_EQ(for_us.conflicts, (std::vector<std::string>{"crg"}));
  EXPECT_EQ(for_us.file.find_adapter("crg")->schema_digest, "d1");
  EXPECT_EQ(for_them.file.find_adapter("crg")->schema_digest, "d2");
  EXPECT_EQ(for_us.file.find_adapter("crg")->activated_at, two_past);
}

TEST(Merge, AReadyViewOverTheOtherSidesSchemaIsMarked) {
  const lockfile base = base_file();
  lockfile ours = base;
  lockfile theirs = base;
  ASSERT_TRUE(ours.activate("crg", "s1", "d1", at(1)));
  ASSERT_TRUE(theirs.register_view({"comp", "w"}, "w0", theirs.find_view({"comp", "v"})->depends_on, at(2)));
  const merged_lockfile merged = merge_lockfiles(base, ours, theirs, merge_side::ours);
  EXPECT_TRUE(merged.conflicts.empty());
  EXPECT_TRUE(merged.file.missed_bumps().empty());
  EXPECT_EQ(merged.file.state({"comp", "w"}), view_state::pending_recompat_check);
  EXPECT_EQ(merged.file.find_view({"comp", "w"})->state_history.entries().back(),
            (audit_entry{two_past, "ready", "pending-recompat-check", "dependee-bump:crg"}));
}

TEST(Merge, AnAdapterThatAViewReadsFromStays) {
  lockfile base;
  ASSERT_TRUE(base.activate("crg", "s0", "d0", at(0)));
  lockfile ours = base;
  ASSERT_TRUE(ours.remove_adapter("crg"));
  lockfile theirs = base;
  const dependency on_crg{"crg", "d0", ""};
  ASSERT_TRUE(theirs.register_view({"comp", "v"}, "v0", {&on_crg, 1}, at(1)));
  const merged_lockfile merged = merge_lockfiles(base, ours, theirs, merge_side::ours);
  ASSERT_NE(merged.file.find_adapter("crg"), nullptr);
  EXPECT_EQ(merged.file.state({"comp", "v"}), view_state::ready);
  EXPECT_EQ(merge_lockfiles(base, ours, base, merge_side::ours).file.find_adapter("crg"), nullptr);
}

TEST(Merge, TheResultOwnsItsTexts) {
  std::optional<merged_lockfile> merged;
  {
    const lockfile base = base_file();
    lockfile ours = base;
    ASSERT_TRUE(ours.activate("crg", "s1", "d1", at(1)));
    merged = merge_lockfiles(base, ours, base, merge_side::ours);
  }
  EXPECT_EQ(merged->file.find_adapter("crg")->schema_digest, "d1");
  EXPECT_EQ(merged->file.state({"comp", "v"}), view_state::pending_recompat_check);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
