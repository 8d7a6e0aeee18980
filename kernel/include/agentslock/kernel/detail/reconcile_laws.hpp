/// The laws of the reconciliation table over the machine that it runs on, as transition_laws.hpp has them.
#pragma once

#include <algorithm>
#include <cstddef>

#include "agentslock/kernel/detail/transition_laws.hpp"
#include "agentslock/kernel/reconcile_table.hpp"
#include "agentslock/kernel/transition.hpp"
#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock::laws {

/// Total and deterministic: each state that a document can record has one row.
[[nodiscard]] constexpr bool every_recorded_state_has_exactly_one_row(const reconcile_rows& table) noexcept {
  return std::ranges::all_of(recorded_states, [&](view_state state) {
    return std::ranges::count(table, state, &reconcile_row::recorded) == 1;
  });
}

/// Where a view is after the pass has done what a cell says.
[[nodiscard]] constexpr view_state after(const transition_rows& machine, view_state from,
                                         reconcile_action action) noexcept {
  const auto event = event_of(action);
  if (!event) return from;
  const transition* row = find_row(machine, from, *event);
  return row == nullptr ? view_state::none : row->to;
}

/// Calls a predicate with every cell: (recorded state, observation, action). True when all are.
template <class Predicate>
[[nodiscard]] constexpr bool for_every_cell(const reconcile_rows& table, Predicate holds_for) {
  for (const reconcile_row& row : table) {
    for (std::size_t i = 0; i < observation_count; ++i) {
      if (!holds_for(row.recorded, static_cast<observation>(i), row.actions[i])) return false;
    }
  }
  return true;
}

/// Closed: a cell that changes a view names an event by which the machine moves that view.
[[nodiscard]] constexpr bool reconcile_uses_only_edges_of_the_machine(const reconcile_rows& table,
                                                                      const transition_rows& machine) {
  return for_every_cell(table, [&](view_state state, observation, reconcile_action action) {
    const auto event = event_of(action);
    if (!event) return true;
    const transition* row = find_row(machine, state, *event);
    return row != nullptr && row->outcome == step_outcome::moves;
  });
}

/// Fail-closed: whatever is recorded and whatever is seen, no cell ends in `ready` that did not begin there,
/// and a ready view stays so only when it is consistent.
[[nodiscard]] constexpr bool reconcile_never_leads_to_ready(const reconcile_rows& table,
                                                            const transition_rows& machine) {
  return for_every_cell(table, [&](view_state state, observation seen, reconcile_action action) {
    if (after(machine, state, action) != view_state::ready) return true;
    return state == view_state::ready && seen == observation::consistent;
  });
}

/// Reconcile twice is reconcile once: where a cell puts a view, no cell moves it again.
[[nodiscard]] constexpr bool reconcile_is_idempotent(const reconcile_rows& table,
                                                     const transition_rows& machine) {
  return for_every_cell(table, [&](view_state state, observation, reconcile_action action) {
    if (!event_of(action)) return true;
    const view_state there = after(machine, state, action);
    return for_every_cell(table, [&](view_state recorded, observation, reconcile_action again) {
      return recorded != there || !event_of(again);
    });
  });
}

/// Only `dsl-update-required` shuts the gate, and it always does.
[[nodiscard]] constexpr bool only_dsl_update_required_blocks(const reconcile_rows& table) {
  return for_every_cell(table, [](view_state state, observation, reconcile_action action) {
    return (action == reconcile_action::gate_stays_shut) == (state == view_state::dsl_update_required);
  });
}

/// Validation is due for every view that awaits a recompat check, and for no other.
[[nodiscard]] constexpr bool only_pending_recompat_check_is_validated(const reconcile_rows& table) {
  return for_every_cell(table, [](view_state state, observation, reconcile_action action) {
    return (action == reconcile_action::rerun_validation) == (state == view_state::pending_recompat_check);
  });
}

/// A view is changed for the reason that was seen: a ready one for what the store holds, an unrecognised one
/// for its text, and no other at all.
[[nodiscard]] constexpr bool every_change_has_its_reason(const reconcile_rows& table) {
  return for_every_cell(table, [](view_state state, observation seen, reconcile_action action) {
    const bool absent = state == view_state::ready && seen == observation::absent;
    const bool differs = state == view_state::ready && seen == observation::digest_differs;
    return (action == reconcile_action::tables_absent) == absent &&
           (action == reconcile_action::digest_mismatch) == differs &&
           (action == reconcile_action::invalid_status) == (state == view_state::unrecognised);
  });
}

/// All laws of the reconciliation table, over the machine that it runs on.
[[nodiscard]] constexpr bool holds(const reconcile_rows& table, const transition_rows& machine) {
  return every_recorded_state_has_exactly_one_row(table) &&
         reconcile_uses_only_edges_of_the_machine(table, machine) &&
         reconcile_never_leads_to_ready(table, machine) && reconcile_is_idempotent(table, machine) &&
         only_dsl_update_required_blocks(table) && only_pending_recompat_check_is_validated(table) &&
         every_change_has_its_reason(table);
}

}  // namespace agentslock::laws
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
