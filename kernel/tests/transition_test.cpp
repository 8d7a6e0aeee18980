#include "agentslock/kernel/transition.hpp"

#include <gtest/gtest.h>

#include <set>

#include "allocation_counter.hpp"

namespace agentslock {
namespace {

TEST(Transition, EveryCellOfTheTableIsWhatStepAnswers) {
  for (const transition& row : transition_table) {
    EXPECT_EQ(step(row.from, row.cause), (step_result{row.to, row.outcome}))
        << name(row.from) << " with " << name(row.cause);
    EXPECT_EQ(transition_for(row.from, row.cause), row);
  }
}

TEST(Transition, RefusalLeavesStateUnchanged) {
  std::size_t refused = 0;
  for (const transition& row : transition_table) {
    if (!is_refusal(row.outcome)) continue;
    ++refused;
    EXPECT_EQ(step(row.from, row.cause).to, row.from);
    EXPECT_TRUE(row.trigger.empty());
  }
  EXPECT_EQ(refused, transition_count - 10);
}

TEST(Transition, ThePagesNineEdgesAreTheOnlyMoves) {
  struct edge {
    view_state from;
    view_event cause;
    view_status to;
    std::string_view trigger;
  };
  using enum view_event;
  const edge page[] = {
      {view_state::none, registered, view_status::ready, "registered"},
      {view_state::ready, dependee_bumped, view_status::pending_recompat_check, "dependee-bump:"},
      {view_state::pending_recompat_check, validation_passed, view_status::pending_rebuild, "recompat-pass"},
      {view_state::pending_recompat_check, validation_failed, view_status::dsl_update_required,
       "recompat-fail"},
      {view_state::dsl_update_required, validation_passed, view_status::pending_rebuild, "recompat-pass"},
      {view_state::pending_rebuild, rebuilt, view_status::ready, "rebuilt"},
      {view_state::ready, tables_absent, view_status::pending_rebuild, "reconcile:view tables absent"},
      {view_state::ready, digest_mismatch, view_status::pending_rebuild, "reconcile:view digest mismatch"},
      {view_state::unrecognised, invalid_status, view_status::pending_rebuild, "reconcile:invalid-status"},
  };
  for (const edge& one : page) {
    const transition& row = transition_for(one.from, one.cause);
    EXPECT_EQ(row.outcome, step_outcome::moves) << name(one.from) << " with " << name(one.cause);
    EXPECT_EQ(row.to, state_of(one.to));
    EXPECT_EQ(row.trigger, one.trigger);
  }
  std::size_t moves = 0;
  for (const transition& row : transition_table) {
    if (row.outcome == step_outcome::moves) ++moves;
  }
  EXPECT_EQ(moves, std::size(page));
}

TEST(Transition, AFailedValidationOfAViewThatIsDslUpdateRequiredStays) {
  const step_result result = step(view_state::dsl_update_required, view_event::validation_failed);
  EXPECT_EQ(result.outcome, step_outcome::stays);
  EXPECT_EQ(result.to, view_state::dsl_update_required);
  EXPECT_FALSE(is_refusal(result.outcome));
}

TEST(Transition, SteppingAllocatesNothing) {
  std::size_t moves = 0;
  const std::size_t allocated = testing::allocations_of([&] {
    for (const transition& row : transition_table) {
      if (step(row.from, row.cause).outcome == step_outcome::moves) ++moves;
    }
  });
  EXPECT_EQ(allocated, 0U);
  EXPECT_EQ(moves, 9U);
}

TEST(Transition, EventsAndOutcomesHaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < view_event_count; ++i)
    names.insert(name(static_cast<view_event>(i)));
  EXPECT_EQ(names.size(), view_event_count);
  EXPECT_FALSE(names.contains("")) << "an event that was added without a name";
  names.clear();
  for (std::size_t i = 0; i < step_outcome_count; ++i)
    names.insert(name(static_cast<step_outcome>(i)));
  EXPECT_EQ(names.size(), step_outcome_count);
  EXPECT_FALSE(names.contains("")) << "an outcome that was added without a name";
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
