/// The laws of the four tables, as predicates over a table value.
///
/// A law takes a table and says whether it holds; it reads the table by column or by path where the table is
/// written by row, so that a slip in one is seen by the other. table_proofs.cpp states every law about the
/// real tables with static_assert; a test hands the same laws every table with one cell changed and sees each
/// such mutant refused; the property suite hands them to whole lockfiles.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "agentslock/kernel/cutover_table.hpp"
#include "agentslock/kernel/gate_table.hpp"
#include "agentslock/kernel/reconcile_table.hpp"
#include "agentslock/kernel/transition.hpp"
#include "agentslock/kernel/view_status.hpp"

namespace agentslock::laws {

/// The row of a cell; null when the table has none.
[[nodiscard]] constexpr const transition* find_row(const transition_rows& table, view_state from,
                                                   view_event cause) noexcept {
  for (const transition& row : table) {
    if (row.from == from && row.cause == cause) return &row;
  }
  return nullptr;
}

/// Total and deterministic: each state with each event has a row, and no cell has two.
[[nodiscard]] constexpr bool every_cell_has_exactly_one_row(const transition_rows& table) noexcept {
  std::array<int, transition_count> rows_of_cell{};
  for (const transition& row : table)
    ++rows_of_cell[detail::cell_index(row.from, row.cause)];
  return std::ranges::all_of(rows_of_cell, [](int rows) { return rows == 1; });
}

/// Closed: a move ends in one of the four statuses and in another one than it began; nothing else moves.
[[nodiscard]] constexpr bool only_moves_change_the_state(const transition_rows& table) noexcept {
  return std::ranges::all_of(table, [](const transition& row) {
    return row.outcome == step_outcome::moves ? is_status(row.to) && row.to != row.from : row.to == row.from;
  });
}

/// Fail-closed: only a first registration and a completed rebuild end in `ready`.
[[nodiscard]] constexpr bool only_registration_and_rebuild_lead_to_ready(
    const transition_rows& table) noexcept {
  return std::ranges::all_of(table, [](const transition& row) {
    const bool arrives = row.to == view_state::ready && row.from != view_state::ready;
    return !arrives || row.cause == view_event::registered || row.cause == view_event::rebuilt;
  });
}

/// No dead end: from every state some path of events ends in `ready`.
[[nodiscard]] constexpr bool every_state_has_a_way_to_ready(const transition_rows& table) noexcept {
  std::array<bool, view_state_count> arrives{};
  arrives[static_cast<std::size_t>(view_state::ready)] = true;
  for (std::size_t round = 0; round < view_state_count; ++round) {
    for (const transition& row : table) {
      if (row.outcome == step_outcome::moves && arrives[static_cast<std::size_t>(row.to)]) {
        arrives[static_cast<std::size_t>(row.from)] = true;
      }
    }
  }
  return std::ranges::all_of(arrives, [](bool yes) { return yes; });
}

/// One column of the machine: the event moves the views in `from`, and no other, to `to`.
[[nodiscard]] constexpr bool event_moves_exactly(const transition_rows& table, view_event cause,
                                                 std::initializer_list<view_state> from,
                                                 view_status to) noexcept {
  return std::ranges::all_of(table, [&](const transition& row) {
    if (row.cause != cause) return true;
    const bool named = std::ranges::find(from, row.from) != from.end();
    return named ? row.outcome == step_outcome::moves && row.to == state_of(to)
                 : row.outcome != step_outcome::moves;
  });
}

/// The machine by column: what each event is for, and that it does nothing else.
[[nodiscard]] constexpr bool each_event_moves_only_the_views_it_is_for(
    const transition_rows& table) noexcept {
  using enum view_state;
  using enum view_event;
  return event_moves_exactly(table, registered, {none}, view_status::ready) &&
         event_moves_exactly(table, dependee_bumped, {ready}, view_status::pending_recompat_check) &&
         event_moves_exactly(table, validation_passed, {pending_recompat_check, dsl_update_required},
                             view_status::pending_rebuild) &&
         event_moves_exactly(table, validation_failed, {pending_recompat_check},
                             view_status::dsl_update_required) &&
         event_moves_exactly(table, rebuilt, {pending_rebuild}, view_status::ready) &&
         event_moves_exactly(table, tables_absent, {ready}, view_status::pending_rebuild) &&
         event_moves_exactly(table, digest_mismatch, {ready}, view_status::pending_rebuild) &&
         event_moves_exactly(table, invalid_status, {unrecognised}, view_status::pending_rebuild);
}

/// The name that a cell in which nothing moves must carry.
[[nodiscard]] constexpr step_outcome expected_standstill(view_state from, view_event cause) noexcept {
  using enum view_event;
  if (from == view_state::none) return step_outcome::unknown_view;
  if (cause == registered) return step_outcome::already_registered;
  if (cause == invalid_status) return step_outcome::status_recognised;
  if (from == view_state::unrecognised) return step_outcome::status_unrecognised;
  if (cause == rebuilt) return step_outcome::no_rebuild_awaited;
  if (cause == validation_failed && from == view_state::dsl_update_required) return step_outcome::stays;
  if (cause == validation_passed || cause == validation_failed) return step_outcome::no_verdict_awaited;
  return step_outcome::not_ready;
}

/// Every cell in which nothing moves says why, by the right name.
[[nodiscard]] constexpr bool every_refusal_names_its_cause(const transition_rows& table) noexcept {
  return std::ranges::all_of(table, [](const transition& row) {
    return row.outcome == step_outcome::moves || row.outcome == expected_standstill(row.from, row.cause);
  });
}

/// The audit log's text for an event that moves a view.
[[nodiscard]] constexpr std::string_view expected_trigger(view_event cause) noexcept {
  switch (cause) {
    case view_event::registered:
      return "registered";
    case view_event::dependee_bumped:
      return "dependee-bump:";
    case view_event::validation_passed:
      return "recompat-pass";
    case view_event::validation_failed:
      return "recompat-fail";
    case view_event::rebuilt:
      return "rebuilt";
    case view_event::tables_absent:
      return "reconcile:view tables absent";
    case view_event::digest_mismatch:
      return "reconcile:view digest mismatch";
    case view_event::invalid_status:
      return "reconcile:invalid-status";
  }
  return {};
}

/// A move leaves its event's text in the audit log; what does not move leaves none.
[[nodiscard]] constexpr bool every_trigger_is_its_events(const transition_rows& table) noexcept {
  return std::ranges::all_of(table, [](const transition& row) {
    return row.trigger ==
           (row.outcome == step_outcome::moves ? expected_trigger(row.cause) : std::string_view{});
  });
}

/// All laws of the transition table.
[[nodiscard]] constexpr bool holds(const transition_rows& table) noexcept {
  return every_cell_has_exactly_one_row(table) && only_moves_change_the_state(table) &&
         only_registration_and_rebuild_lead_to_ready(table) && every_state_has_a_way_to_ready(table) &&
         each_event_moves_only_the_views_it_is_for(table) && every_refusal_names_its_cause(table) &&
         every_trigger_is_its_events(table);
}

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

/// Total and deterministic: each state has, for either of a view's records, one row of the gate.
[[nodiscard]] constexpr bool every_state_has_exactly_one_row(const gate_rows& table) noexcept {
  for (std::size_t i = 0; i < view_state_count; ++i) {
    for (records seen : {records::current, records::outdated}) {
      const auto rows = std::ranges::count_if(table, [&](const gate_row& row) {
        return row.state == static_cast<view_state>(i) && speaks_for(row.recorded, seen);
      });
      if (rows != 1) return false;
    }
  }
  return true;
}

/// Fail-closed: a ready view that missed no bump may be queried, and nothing else, whatever the caller opted in to.
[[nodiscard]] constexpr bool only_ready_may_be_queried(const gate_rows& table) noexcept {
  return std::ranges::all_of(table, [](const gate_row& row) {
    const bool ready = row.state == view_state::ready;
    // Not `ready && …`: GCC 12 joins the two bytes into one comparison, which it can't do at compile time.
    const bool may = row.recorded == row_records::current ? ready : false;
    return (row.decision == gate_decision::allowed) == may &&
           (row.decision_when_opted_in == gate_decision::allowed) == may;
  });
}

/// The source may be asked only while a rebuild is pending, and only by a caller that opted in.
[[nodiscard]] constexpr bool opting_in_helps_only_while_a_rebuild_is_pending(
    const gate_rows& table) noexcept {
  return std::ranges::all_of(table, [](const gate_row& row) {
    const bool waits = row.state == view_state::pending_rebuild;
    return row.decision != gate_decision::may_fall_through &&
           (row.decision_when_opted_in == gate_decision::may_fall_through) == waits;
  });
}

/// What a refusal says: why, and what unblocks the view.
struct gate_words {
  std::string_view reason;
  std::string_view unblocked_by;
};

/// The words of a refusal; none for what is not refused.
[[nodiscard]] constexpr gate_words expected_words(view_state state, row_records recorded) noexcept {
  switch (state) {
    case view_state::ready:
      if (recorded != row_records::outdated) return {};
      return {"dependee schema changed", "validation and a rebuild"};
    case view_state::pending_recompat_check:
      return {"an adapter that it reads from got another schema", "validation against that schema"};
    case view_state::pending_rebuild:
      return {"its tables are not what was recorded, or out of date", "a rebuild"};
    case view_state::dsl_update_required:
      return {"its program is not valid against a schema that it reads",
              "a changed program that passes validation"};
    case view_state::unrecognised:
      return {"its recorded status is none of the four", "reconciliation, then a rebuild"};
    case view_state::none:
      return {"the document has no such view", "registration"};
  }
  return {};
}

/// Each refusal has its own row's reason and way out.
[[nodiscard]] constexpr bool every_refusal_says_why_and_what_unblocks(const gate_rows& table) noexcept {
  return std::ranges::all_of(table, [](const gate_row& row) {
    const gate_words words = expected_words(row.state, row.recorded);
    return row.reason == words.reason && row.unblocked_by == words.unblocked_by;
  });
}

/// All laws of the gate's table.
[[nodiscard]] constexpr bool holds(const gate_rows& table) noexcept {
  return every_state_has_exactly_one_row(table) && only_ready_may_be_queried(table) &&
         opting_in_helps_only_while_a_rebuild_is_pending(table) &&
         every_refusal_says_why_and_what_unblocks(table);
}

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
