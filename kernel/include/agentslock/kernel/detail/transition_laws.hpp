/// The laws of the transition table, as predicates over a table value.
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

#include "agentslock/kernel/transition.hpp"
#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
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

}  // namespace agentslock::laws
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
