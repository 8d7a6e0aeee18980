#include "agentslock/kernel/reconcile_table.hpp"

#include <gtest/gtest.h>

#include <set>

#include "allocation_counter.hpp"

namespace agentslock {
namespace {

TEST(ReconcileTable, EveryCellOfTheTableIsWhatDecideAnswers) {
  for (const reconcile_row& row : reconcile_table) {
    for (std::size_t i = 0; i < observation_count; ++i) {
      EXPECT_EQ(decide(row.recorded, static_cast<observation>(i)), row.actions[i]) << name(row.recorded);
    }
  }
}

TEST(ReconcileTable, SaysWhatThePageSays) {
  using enum observation;
  EXPECT_EQ(decide(view_state::ready, consistent), reconcile_action::no_action);
  EXPECT_EQ(decide(view_state::ready, digest_differs), reconcile_action::digest_mismatch);
  EXPECT_EQ(decide(view_state::ready, absent), reconcile_action::tables_absent);
  for (observation seen : {consistent, digest_differs, absent}) {
    EXPECT_EQ(decide(view_state::pending_rebuild, seen), reconcile_action::no_action);
    EXPECT_EQ(decide(view_state::pending_recompat_check, seen), reconcile_action::rerun_validation);
    EXPECT_EQ(decide(view_state::dsl_update_required, seen), reconcile_action::gate_stays_shut);
    EXPECT_EQ(decide(view_state::unrecognised, seen), reconcile_action::invalid_status);
    EXPECT_EQ(decide(view_state::none, seen), reconcile_action::no_action);
  }
}

TEST(ReconcileTable, OnlyAReadyViewIsAskedFor) {
  for (std::size_t i = 0; i < view_state_count; ++i) {
    const auto state = static_cast<view_state>(i);
    EXPECT_EQ(needs_presence(state), state == view_state::ready) << name(state);
  }
}

TEST(ReconcileTable, ReasonsAndEventsAreThePages) {
  EXPECT_EQ(reason(reconcile_action::tables_absent), "view tables absent");
  EXPECT_EQ(reason(reconcile_action::digest_mismatch), "view digest mismatch");
  EXPECT_EQ(reason(reconcile_action::invalid_status), "invalid view_status");
  EXPECT_EQ(event_of(reconcile_action::tables_absent), view_event::tables_absent);
  EXPECT_EQ(event_of(reconcile_action::digest_mismatch), view_event::digest_mismatch);
  EXPECT_EQ(event_of(reconcile_action::invalid_status), view_event::invalid_status);
  for (auto action :
       {reconcile_action::no_action, reconcile_action::rerun_validation, reconcile_action::gate_stays_shut}) {
    EXPECT_EQ(event_of(action), std::nullopt);
    EXPECT_EQ(reason(action), "");
  }
}

TEST(ReconcileTable, EmptyDigestsNeverMatch) {
  EXPECT_EQ(compare_digests("sha256:a", "sha256:a"), observation::consistent);
  EXPECT_EQ(compare_digests("sha256:a", "sha256:b"), observation::digest_differs);
  EXPECT_EQ(compare_digests("sha256:a", "sha256:"), observation::digest_differs);
  EXPECT_EQ(compare_digests("", ""), observation::digest_differs);
  EXPECT_EQ(compare_digests("", "sha256:a"), observation::digest_differs);
  EXPECT_EQ(compare_digests("sha256:a", ""), observation::digest_differs);
}

TEST(ReconcileTable, DecidingAllocatesNothing) {
  std::size_t changes = 0;
  const std::size_t allocated = testing::allocations_of([&] {
    for (const reconcile_row& row : reconcile_table) {
      for (std::size_t i = 0; i < observation_count; ++i) {
        if (event_of(decide(row.recorded, static_cast<observation>(i)))) ++changes;
      }
    }
  });
  EXPECT_EQ(allocated, 0U);
  EXPECT_EQ(changes, 5U);
}

TEST(ReconcileTable, ActionsAndObservationsHaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < reconcile_action_count; ++i)
    names.insert(name(static_cast<reconcile_action>(i)));
  for (std::size_t i = 0; i < observation_count; ++i)
    names.insert(name(static_cast<observation>(i)));
  EXPECT_EQ(names.size(), reconcile_action_count + observation_count);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
