// The laws refuse tables that lack a row, and machines under which a table no longer does what it says.

#include <gtest/gtest.h>

#include "agentslock/kernel/detail/cutover_laws.hpp"
#include "agentslock/kernel/detail/merge_laws.hpp"
#include "agentslock/kernel/detail/reconcile_laws.hpp"
#include "agentslock/kernel/detail/transition_laws.hpp"

namespace agentslock {
namespace {

/// The real machine with some cells changed.
template <class Which, class Change>
transition_rows machine_with(Which which, Change change) {
  transition_rows machine = transition_table;
  for (transition& row : machine) {
    if (which(row)) change(row);
  }
  return machine;
}

/// The real machine without the rows of one event: they say again what another event's rows say.
transition_rows machine_without(view_event gone) {
  return machine_with([&](const transition& row) { return row.cause == gone; },
                      [&](transition& row) {
                        row.cause =
                            gone == view_event::registered ? view_event::rebuilt : view_event::registered;
                      });
}

TEST(LawEdges, AMachineWithoutACellFreezesNothing) {
  const transition_rows machine = machine_without(view_event::dependee_bumped);
  EXPECT_EQ(laws::find_row(machine, view_state::ready, view_event::dependee_bumped), nullptr);
  EXPECT_FALSE(laws::a_cutover_freezes_what_a_bump_moves(cutover_table, machine));
  // Judged where it was, as nothing says where it would be frozen.
  EXPECT_FALSE(laws::a_verdict_is_an_event_where_the_machine_takes_it(cutover_table, machine));
}

TEST(LawEdges, AMoveThatEndsWhereItBeganOrInNoStatusIsNone) {
  for (const view_state to : {view_state::ready, view_state::unrecognised, view_state::none}) {
    const auto machine = machine_with(
        [](const transition& row) {
          return row.from == view_state::ready && row.outcome == step_outcome::moves;
        },
        [&](transition& row) { row.to = to; });
    EXPECT_FALSE(laws::only_moves_change_the_state(machine)) << name(to);
  }
}

TEST(LawEdges, WhatOnlyARefusalLeadsOutOfIsADeadEnd) {
  EXPECT_TRUE(laws::every_state_has_a_way_to_ready(transition_table));
  const auto machine = machine_with(
      [](const transition& row) {
        return row.from == view_state::pending_rebuild && row.outcome == step_outcome::moves;
      },
      [](transition& row) { row.outcome = step_outcome::no_verdict_awaited; });
  EXPECT_FALSE(laws::every_state_has_a_way_to_ready(machine));
}

TEST(LawEdges, AVerdictThatTheMachineDoesNotTakeIsNoEvent) {
  EXPECT_FALSE(laws::a_verdict_is_an_event_where_the_machine_takes_it(
      cutover_table, machine_without(view_event::validation_passed)));
  const auto refuses_failures =
      machine_with([](const transition& row) { return row.cause == view_event::validation_failed; },
                   [](transition& row) { row.outcome = step_outcome::no_verdict_awaited; });
  EXPECT_FALSE(laws::a_verdict_is_an_event_where_the_machine_takes_it(cutover_table, refuses_failures));
}

TEST(LawEdges, AMergeWithoutACellHasAFavourite) {
  EXPECT_TRUE(laws::a_merge_has_no_favourite(merge_table));
  for (std::size_t i = 0; i < merge_table.size(); ++i) {
    merge_rows table = merge_table;
    table[i] = table[(i + 1) % table.size()];
    const merge_row gone = merge_table[i];
    EXPECT_FALSE(laws::every_merge_cell_has_exactly_one_row(table));
    if (gone.ours == gone.theirs) continue;
    EXPECT_FALSE(laws::a_merge_has_no_favourite(table)) << "without row " << i;
  }
}

TEST(LawEdges, AReconciliationThatTheMachineDoesNotKnowIsRefused) {
  const transition_rows machine = machine_without(view_event::tables_absent);
  EXPECT_EQ(laws::after(machine, view_state::ready, reconcile_action::tables_absent), view_state::none);
  EXPECT_FALSE(laws::reconcile_uses_only_edges_of_the_machine(reconcile_table, machine));
  EXPECT_FALSE(laws::holds(reconcile_table, machine));
}

TEST(LawEdges, AReadyViewThatIsLeftSoOverWhatIsGoneIsRefused) {
  for (std::size_t seen = 0; seen < observation_count; ++seen) {
    reconcile_rows table = reconcile_table;
    for (reconcile_row& row : table) {
      if (row.recorded == view_state::ready) row.actions[seen] = reconcile_action::no_action;
    }
    EXPECT_EQ(laws::reconcile_never_leads_to_ready(table, transition_table),
              static_cast<observation>(seen) == observation::consistent);
  }
}

TEST(LawEdges, AReconciliationThatIsNotDoneAfterOnePassIsRefused) {
  // Views without tables get a text that the next pass would change again.
  const auto machine =
      machine_with([](const transition& row) { return row.cause == view_event::tables_absent; },
                   [](transition& row) { row.to = view_state::unrecognised; });
  EXPECT_TRUE(laws::reconcile_never_leads_to_ready(reconcile_table, machine));
  EXPECT_FALSE(laws::reconcile_is_idempotent(reconcile_table, machine));
  EXPECT_FALSE(laws::holds(reconcile_table, machine));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
