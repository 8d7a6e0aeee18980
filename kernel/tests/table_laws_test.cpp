#include <gtest/gtest.h>

#include <utility>

#include "agentslock/kernel/detail/cutover_laws.hpp"
#include "agentslock/kernel/detail/gate_laws.hpp"
#include "agentslock/kernel/detail/merge_laws.hpp"
#include "agentslock/kernel/detail/reconcile_laws.hpp"
#include "agentslock/kernel/detail/transition_laws.hpp"
#include "figure.hpp"

namespace agentslock {
namespace {

using testing::print_figure;

/// Calls `try_mutant` with every table that differs from the real one in one cell of one row.
template <class Try>
void for_each_transition_mutant(Try try_mutant) {
  for (std::size_t i = 0; i < transition_count; ++i) {
    const auto with = [&](auto change) {
      transition_rows mutant = transition_table;
      change(mutant[i]);
      if (mutant != transition_table) try_mutant(mutant, i);
    };
    for (std::size_t k = 0; k < view_state_count; ++k) {
      with([&](transition& row) { row.from = static_cast<view_state>(k); });
      with([&](transition& row) { row.to = static_cast<view_state>(k); });
      // a refused cell that becomes an edge, or an edge with another end, trigger and all
      for (std::size_t t = 0; t < view_event_count; ++t) {
        with([&](transition& row) {
          row.outcome = step_outcome::moves;
          row.to = static_cast<view_state>(k);
          row.trigger = laws::expected_trigger(static_cast<view_event>(t));
        });
      }
    }
    for (std::size_t k = 0; k < view_event_count; ++k) {
      with([&](transition& row) { row.cause = static_cast<view_event>(k); });
      with([&](transition& row) { row.trigger = laws::expected_trigger(static_cast<view_event>(k)); });
    }
    for (std::size_t k = 0; k < step_outcome_count; ++k) {
      with([&](transition& row) { row.outcome = static_cast<step_outcome>(k); });
      // an edge that goes missing, trigger and all
      with([&](transition& row) {
        row.outcome = static_cast<step_outcome>(k);
        row.to = row.from;
        row.trigger = "";
      });
    }
    with([](transition& row) { row.trigger = "acknowledged"; });
  }
}

TEST(TableLaws, HoldForTheRealTables) {
  EXPECT_TRUE(laws::holds(transition_table));
  EXPECT_TRUE(laws::holds(reconcile_table, transition_table));
  EXPECT_TRUE(laws::holds(gate_table));
  EXPECT_TRUE(laws::holds(cutover_table, transition_table));
  EXPECT_TRUE(laws::holds(merge_table));
  EXPECT_TRUE(laws::holds(caution_order));
  EXPECT_TRUE(laws::holds(merge_floor_table));
}

TEST(TableLaws, EverySingleCellMutantOfTheTransitionTableIsRefused) {
  std::size_t mutants = 0;
  std::size_t refused = 0;
  for_each_transition_mutant([&](const transition_rows& mutant, std::size_t row) {
    ++mutants;
    if (!laws::holds(mutant)) {
      ++refused;
    } else {
      ADD_FAILURE() << "a mutant of row " << row << " satisfies all laws";
    }
  });
  print_figure("mutants", "transition table: %zu of %zu mutants refused", refused, mutants);
  EXPECT_GT(mutants, transition_count * 10);
  EXPECT_EQ(refused, mutants);
}

TEST(TableLaws, EverySingleCellMutantOfTheReconciliationTableIsRefused) {
  std::size_t mutants = 0;
  std::size_t refused = 0;
  const auto try_mutant = [&](const reconcile_rows& mutant) {
    ++mutants;
    if (!laws::holds(mutant, transition_table)) ++refused;
  };
  for (std::size_t i = 0; i < reconcile_table.size(); ++i) {
    for (std::size_t column = 0; column < observation_count; ++column) {
      for (std::size_t k = 0; k < reconcile_action_count; ++k) {
        reconcile_rows mutant = reconcile_table;
        mutant[i].actions[column] = static_cast<reconcile_action>(k);
        if (mutant != reconcile_table) try_mutant(mutant);
      }
    }
    for (std::size_t k = 0; k < view_state_count; ++k) {
      reconcile_rows mutant = reconcile_table;
      mutant[i].recorded = static_cast<view_state>(k);
      if (mutant != reconcile_table) try_mutant(mutant);
    }
  }
  print_figure("mutants", "reconciliation table: %zu of %zu mutants refused", refused, mutants);
  EXPECT_EQ(mutants, 5U * 3U * 5U + 5U * 5U);
  EXPECT_EQ(refused, mutants);
}

TEST(TableLaws, EverySingleCellMutantOfTheGatesTableIsRefused) {
  std::size_t mutants = 0;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < gate_table.size(); ++i) {
    const auto with = [&](auto change) {
      gate_rows mutant = gate_table;
      change(mutant[i]);
      if (mutant == gate_table) return;
      ++mutants;
      if (!laws::holds(mutant)) {
        ++refused;
      } else {
        ADD_FAILURE() << "a mutant of row " << i << " satisfies all laws";
      }
    };
    for (std::size_t k = 0; k < view_state_count; ++k)
      with([&](gate_row& row) { row.state = static_cast<view_state>(k); });
    for (std::size_t k = 0; k < row_records_count; ++k)
      with([&](gate_row& row) { row.recorded = static_cast<row_records>(k); });
    for (std::size_t k = 0; k < gate_decision_count; ++k) {
      with([&](gate_row& row) { row.decision = static_cast<gate_decision>(k); });
      with([&](gate_row& row) { row.decision_when_opted_in = static_cast<gate_decision>(k); });
    }
    for (const gate_row& other : gate_table) {
      with([&](gate_row& row) { row.reason = other.reason; });
      with([&](gate_row& row) { row.unblocked_by = other.unblocked_by; });
    }
    with([](gate_row& row) { row.reason = "acknowledged"; });
    with([](gate_row& row) { row.unblocked_by = "an acknowledgement"; });
  }
  print_figure("mutants", "query gate's table: %zu of %zu mutants refused", refused, mutants);
  const std::size_t rows = gate_table.size();
  EXPECT_EQ(mutants, rows * (5U + 2U + 2U + 2U) + rows * 2U * (rows - 1U) + rows * 2U);
  EXPECT_EQ(refused, mutants);
}

TEST(TableLaws, EverySingleCellMutantOfTheCutoversTableIsRefused) {
  std::size_t mutants = 0;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < cutover_table.size(); ++i) {
    const auto with = [&](auto change) {
      cutover_rows mutant = cutover_table;
      change(mutant[i]);
      if (mutant == cutover_table) return;
      ++mutants;
      if (!laws::holds(mutant, transition_table)) {
        ++refused;
      } else {
        ADD_FAILURE() << "a mutant of row " << i << " satisfies all laws";
      }
    };
    for (std::size_t k = 0; k < view_state_count; ++k)
      with([&](cutover_row& row) { row.state = static_cast<view_state>(k); });
    with([](cutover_row& row) { row.frozen_first = !row.frozen_first; });
    with([](cutover_row& row) { row.judged = !row.judged; });
    with([](cutover_row& row) { row.verdict_is_event = !row.verdict_is_event; });
  }
  print_figure("mutants", "cutover's table: %zu of %zu mutants refused", refused, mutants);
  EXPECT_EQ(mutants, cutover_table.size() * (5U + 3U));
  EXPECT_EQ(refused, mutants);
}

TEST(TableLaws, EverySingleCellMutantOfTheMergesTablesIsRefused) {
  std::size_t mutants = 0;
  std::size_t refused = 0;
  // A change of one cell of one row, in a copy of a table.
  const auto with = [&](const auto& table, std::size_t row, auto change) {
    auto mutant = table;
    change(mutant[row]);
    if (mutant == table) return;
    ++mutants;
    if (!laws::holds(mutant)) {
      ++refused;
    } else {
      ADD_FAILURE() << "a mutant of row " << row << " satisfies all laws";
    }
  };
  for (std::size_t i = 0; i < merge_table.size(); ++i) {
    for (std::size_t k = 0; k < side_change_count; ++k) {
      with(merge_table, i, [&](merge_row& row) { row.ours = static_cast<side_change>(k); });
      with(merge_table, i, [&](merge_row& row) { row.theirs = static_cast<side_change>(k); });
    }
    for (std::size_t k = 0; k < row_sides_count; ++k)
      with(merge_table, i, [&](merge_row& row) { row.sides = static_cast<row_sides>(k); });
    for (std::size_t k = 0; k < merge_rule_count; ++k)
      with(merge_table, i, [&](merge_row& row) { row.rule = static_cast<merge_rule>(k); });
  }
  for (std::size_t i = 0; i < caution_order.size(); ++i) {
    for (std::size_t k = 0; k < view_state_count; ++k)
      with(caution_order, i, [&](view_state& state) { state = static_cast<view_state>(k); });
    for (std::size_t k = 0; k < i; ++k) {  // two that stand in each other's place
      caution_states mutant = caution_order;
      std::swap(mutant[i], mutant[k]);
      ++mutants;
      refused += laws::holds(mutant) ? 0U : 1U;
    }
  }
  for (std::size_t i = 0; i < merge_floor_table.size(); ++i) {
    for (std::size_t k = 0; k < merge_doubt_count; ++k)
      with(merge_floor_table, i, [&](merge_floor& one) { one.doubt = static_cast<merge_doubt>(k); });
    for (std::size_t k = 0; k < view_state_count; ++k)
      with(merge_floor_table, i, [&](merge_floor& one) { one.at_least = static_cast<view_state>(k); });
  }
  print_figure("mutants", "merge's tables: %zu of %zu mutants refused", refused, mutants);
  EXPECT_EQ(mutants, merge_table.size() * (4U + 4U + 2U + 7U) + 5U * 5U + 10U + 4U * (3U + 5U));
  EXPECT_EQ(refused, mutants);
}

TEST(TableLaws, AMachineThatDivergesUnderReconciliationIsRefused) {
  // The reconciliation table is right; the machine it runs on makes its changes end in ready.
  transition_rows machine = transition_table;
  for (transition& row : machine) {
    if (row.cause == view_event::invalid_status && row.outcome == step_outcome::moves)
      row.to = view_state::ready;
  }
  EXPECT_FALSE(laws::reconcile_never_leads_to_ready(reconcile_table, machine));
  EXPECT_FALSE(laws::holds(reconcile_table, machine));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
