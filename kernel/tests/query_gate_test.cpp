#include "agentslock/kernel/query_gate.hpp"

#include <gtest/gtest.h>

#include "allocation_counter.hpp"
#include "world.hpp"

namespace agentslock {
namespace {

using testing::with_view_in;

TEST(QueryGate, EveryStateHasItsRowAndOnlyReadyIsAllowed) {
  for (std::size_t i = 0; i < view_state_count; ++i) {
    const auto state = static_cast<view_state>(i);
    const gate_row& row = gate_row_of(state);
    EXPECT_EQ(row.state, state);
    const bool ready = state == view_state::ready;
    EXPECT_EQ(row.decision, ready ? gate_decision::allowed : gate_decision::refused) << name(state);
    EXPECT_EQ(row.reason.empty(), ready);
    EXPECT_EQ(row.unblocked_by.empty(), ready);
  }
}

TEST(QueryGate, OptingInHelpsOnlyWhileARebuildIsPending) {
  for (std::size_t i = 0; i < view_state_count; ++i) {
    const auto state = static_cast<view_state>(i);
    const gate_decision opted_in = decide_query(state, fall_through::opted_in);
    if (state == view_state::pending_rebuild) {
      EXPECT_EQ(opted_in, gate_decision::may_fall_through);
    } else {
      EXPECT_EQ(opted_in, decide_query(state, fall_through::refused)) << name(state);
    }
  }
}

TEST(QueryGate, AllowingAllocatesNothing) {
  const lockfile file = with_view_in(view_state::ready);
  gate_decision decision{};
  EXPECT_EQ(testing::allocations_of([&] {
              decision = may_query(file, {"comp", "v"}, fall_through::refused).decision;
            }),
            0U);
  EXPECT_EQ(decision, gate_decision::allowed);
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
