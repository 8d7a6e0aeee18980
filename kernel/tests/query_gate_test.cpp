#include "agentslock/kernel/query_gate.hpp"

#include <gtest/gtest.h>

#include "allocation_counter.hpp"
#include "world.hpp"

namespace agentslock {
namespace {

using testing::with_view_in;

constexpr records both_records[] = {records::current, records::outdated};

TEST(QueryGate, EveryStateHasItsRowAndOnlyReadyThatMissedNoBumpIsAllowed) {
  for (std::size_t i = 0; i < view_state_count; ++i) {
    const auto state = static_cast<view_state>(i);
    for (records seen : both_records) {
      const gate_row& row = gate_row_of(state, seen);
      EXPECT_EQ(row.state, state);
      const bool may = state == view_state::ready && seen == records::current;
      EXPECT_EQ(row.decision, may ? gate_decision::allowed : gate_decision::refused) << name(state);
      EXPECT_EQ(row.reason.empty(), may);
      EXPECT_EQ(row.unblocked_by.empty(), may);
    }
  }
}

TEST(QueryGate, OptingInHelpsOnlyWhileARebuildIsPending) {
  for (std::size_t i = 0; i < view_state_count; ++i) {
    const auto state = static_cast<view_state>(i);
    for (records seen : both_records) {
      const gate_decision opted_in = decide_query(state, seen, fall_through::opted_in);
      if (state == view_state::pending_rebuild) {
        EXPECT_EQ(opted_in, gate_decision::may_fall_through);
      } else {
        EXPECT_EQ(opted_in, decide_query(state, seen, fall_through::refused)) << name(state);
      }
    }
  }
}

TEST(QueryGate, AllowingAllocatesNothing) {
  lockfile file = with_view_in(view_state::ready);
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d0", testing::at(9)));
  gate_decision decision{};
  EXPECT_EQ(testing::allocations_of([&] {
              decision = may_query(file, {"comp", "v"}, fall_through::refused).decision;
            }),
            0U);
  EXPECT_EQ(decision, gate_decision::allowed);
}

TEST(QueryGate, WhatIsAllowedIsSaidWithItsStatusAndNeedsNoReason) {
  const lockfile file = with_view_in(view_state::ready);
  const gate_answer answer = may_query(file, {"comp", "v"}, fall_through::refused);
  EXPECT_EQ(answer.decision, gate_decision::allowed);
  EXPECT_EQ(answer.state, view_state::ready);
  EXPECT_EQ(answer.recorded_status, "ready");
  EXPECT_EQ(answer.reason, "");
  EXPECT_EQ(answer.unblocked_by, "");
  EXPECT_TRUE(answer.dependees.empty());
}

TEST(QueryGate, ARefusalNamesStateDependeesReasonAndWayOut) {
  lockfile file = with_view_in(view_state::dsl_update_required);
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", testing::at(9)));
  const gate_answer answer = may_query(file, {"comp", "v"}, fall_through::opted_in);
  EXPECT_EQ(answer.decision, gate_decision::refused);
  EXPECT_EQ(answer.recorded_status, "dsl-update-required");
  EXPECT_FALSE(answer.reason.empty());
  EXPECT_FALSE(answer.unblocked_by.empty());
  ASSERT_EQ(answer.dependees.size(), 1U);
  EXPECT_EQ(answer.dependees[0].adapter, "crg");
  EXPECT_EQ(answer.dependees[0].recorded_digest, "sha256:d0");
  EXPECT_EQ(answer.dependees[0].recorded_version, "1.0.0");
  EXPECT_EQ(answer.dependees[0].active_digest, "sha256:d1");
}

TEST(QueryGate, AReadyViewThatMissedABumpIsRefusedWithBothDigests) {
  lockfile file = with_view_in(view_state::ready);
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", testing::at(9)));
  for (fall_through choice : {fall_through::refused, fall_through::opted_in}) {
    const gate_answer answer = may_query(file, {"comp", "v"}, choice);
    EXPECT_EQ(answer.decision, gate_decision::refused);
    EXPECT_EQ(answer.state, view_state::ready);
    EXPECT_EQ(answer.recorded_status, "ready");
    EXPECT_EQ(answer.reason, "dependee schema changed");
    EXPECT_EQ(answer.unblocked_by, "validation and a rebuild");
    ASSERT_EQ(answer.dependees.size(), 1U);
    EXPECT_EQ(answer.dependees[0].recorded_digest, "sha256:d0");
    EXPECT_EQ(answer.dependees[0].active_digest, "sha256:d1");
  }
}

TEST(QueryGate, ADependeeWithoutAnEntryHasNoActiveDigest) {
  const lockfile file = with_view_in(view_state::pending_rebuild);
  const gate_answer answer = may_query(file, {"comp", "v"}, fall_through::refused);
  ASSERT_EQ(answer.dependees.size(), 1U);
  EXPECT_EQ(answer.dependees[0].active_digest, std::nullopt);
}

TEST(QueryGate, UnknownAndGarbledViewsAreRefused) {
  EXPECT_EQ(may_query(lockfile(), {"comp", "v"}, fall_through::opted_in).decision, gate_decision::refused);
  const lockfile file = with_view_in(view_state::unrecognised);
  const gate_answer answer = may_query(file, {"comp", "v"}, fall_through::opted_in);
  EXPECT_EQ(answer.decision, gate_decision::refused);
  EXPECT_EQ(answer.recorded_status, "garbage");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
