/// The laws of the cutover's table over the machine that it runs on, as transition_laws.hpp has them.
#pragma once

#include <algorithm>

#include "agentslock/kernel/cutover_table.hpp"
#include "agentslock/kernel/detail/transition_laws.hpp"
#include "agentslock/kernel/transition.hpp"
#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock::laws {

/// Total and deterministic: each state that a document can record has one row of the cutover.
[[nodiscard]] constexpr bool every_recorded_state_has_exactly_one_row(const cutover_rows& table) noexcept {
  return std::ranges::all_of(recorded_states, [&](view_state state) {
    return std::ranges::count(table, state, &cutover_row::state) == 1;
  });
}

/// Frozen first is what the machine can freeze: a view that a bump moves.
[[nodiscard]] constexpr bool a_cutover_freezes_what_a_bump_moves(const cutover_rows& table,
                                                                 const transition_rows& machine) noexcept {
  return std::ranges::all_of(table, [&](const cutover_row& row) {
    const transition* bump = find_row(machine, row.state, view_event::dependee_bumped);
    return bump != nullptr && row.frozen_first == (bump->outcome == step_outcome::moves);
  });
}

/// Every view that has one of the four statuses is judged, and no other.
[[nodiscard]] constexpr bool a_cutover_judges_every_status(const cutover_rows& table) noexcept {
  return std::ranges::all_of(table,
                             [](const cutover_row& row) { return row.judged == is_status(row.state); });
}

/// A verdict is an event exactly where the machine takes both verdicts, once the view is frozen if it is to be.
[[nodiscard]] constexpr bool a_verdict_is_an_event_where_the_machine_takes_it(
    const cutover_rows& table, const transition_rows& machine) noexcept {
  return std::ranges::all_of(table, [&](const cutover_row& row) {
    view_state judged_in = row.state;
    const transition* bump = find_row(machine, row.state, view_event::dependee_bumped);
    if (row.frozen_first && bump != nullptr) judged_in = bump->to;
    const auto takes = [&](view_event verdict) {
      const transition* cell = find_row(machine, judged_in, verdict);
      return cell != nullptr && !is_refusal(cell->outcome);
    };
    return row.verdict_is_event ==
           (takes(view_event::validation_passed) && takes(view_event::validation_failed));
  });
}

/// All laws of the cutover's table, over the machine that it runs on.
[[nodiscard]] constexpr bool holds(const cutover_rows& table, const transition_rows& machine) noexcept {
  return every_recorded_state_has_exactly_one_row(table) &&
         a_cutover_freezes_what_a_bump_moves(table, machine) && a_cutover_judges_every_status(table) &&
         a_verdict_is_an_event_where_the_machine_takes_it(table, machine);
}

}  // namespace agentslock::laws
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
