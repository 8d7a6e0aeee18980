/// What to do about one view when a project starts, as data (§10.1.3).
///
/// The table, a row a recorded status and an observation: what the document records, against what the store really holds.
/// Fail-closed: no cell leads to `ready`. The pass over a whole lockfile is lockfile::reconcile.
///
///     reconcile_action action = decide(view_state::ready, observation::absent);   // tables_absent
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "agentslock/kernel/transition.hpp"
#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What the store holds for a view, held against what the document records.
enum class observation : std::uint8_t {
  /// Present, and both digests are the same text, which is not empty.
  consistent,
  /// Present, and the digests differ, or one of them is empty.
  digest_differs,
  /// Not in the store, or there is no store to ask.
  absent,
};

inline constexpr std::size_t observation_count = 3;

/// What the pass does about a view.
enum class reconcile_action : std::uint8_t {
  /// Nothing.
  no_action,
  /// The status stays; the caller is told that validation is due.
  rerun_validation,
  /// The status stays; the caller is told that the gate is shut.
  gate_stays_shut,
  /// To pending-rebuild: the tables are gone.
  tables_absent,
  /// To pending-rebuild: the tables are not those that were recorded.
  digest_mismatch,
  /// To pending-rebuild: what is recorded is no status.
  invalid_status,
};

inline constexpr std::size_t reconcile_action_count = 6;

/// One row: what the document records, and the action for each observation, in the order of that enumeration.
struct reconcile_row {
  view_state recorded;
  std::array<reconcile_action, observation_count> actions;

  friend constexpr bool operator==(const reconcile_row&, const reconcile_row&) noexcept = default;
};

using reconcile_rows = std::array<reconcile_row, recorded_states.size()>;

// clang-format off
/// The table: every state that a document can record, once.
inline constexpr reconcile_rows reconcile_table = [] {
using enum reconcile_action;
using enum view_state;
constexpr reconcile_action revalidate = rerun_validation;
return reconcile_rows{{
    // recorded                 consistent        present, digest differs  absent
    { ready,                  { no_action,        digest_mismatch,         tables_absent   } },
    { pending_rebuild,        { no_action,        no_action,               no_action       } },
    { pending_recompat_check, { revalidate,       revalidate,              revalidate      } },
    { dsl_update_required,    { gate_stays_shut,  gate_stays_shut,         gate_stays_shut } },
    { unrecognised,           { invalid_status,   invalid_status,          invalid_status  } },
}};
}();
// clang-format on

/// The event that an action means for the view, if it means one.
[[nodiscard]] constexpr std::optional<view_event> event_of(reconcile_action action) noexcept {
  switch (action) {
    case reconcile_action::tables_absent:
      return view_event::tables_absent;
    case reconcile_action::digest_mismatch:
      return view_event::digest_mismatch;
    case reconcile_action::invalid_status:
      return view_event::invalid_status;
    case reconcile_action::no_action:
    case reconcile_action::rerun_validation:
    case reconcile_action::gate_stays_shut:
      break;
  }
  return std::nullopt;
}

/// The reason that a report gives for a change, in the words of the table; empty for the other actions.
[[nodiscard]] constexpr std::string_view reason(reconcile_action action) noexcept {
  switch (action) {
    case reconcile_action::tables_absent:
      return "view tables absent";
    case reconcile_action::digest_mismatch:
      return "view digest mismatch";
    case reconcile_action::invalid_status:
      return "invalid view_status";
    case reconcile_action::no_action:
    case reconcile_action::rerun_validation:
    case reconcile_action::gate_stays_shut:
      break;
  }
  return {};
}

namespace detail {

/// Four actions a state, so that a cell is found by a shift.
inline constexpr std::size_t action_stride = 4;

inline constexpr auto packed_actions = [] {
  std::array<reconcile_action, view_state_count * action_stride> packed{};
  std::array<bool, view_state_count> seen{};
  for (const reconcile_row& row : reconcile_table) {
    const auto state = static_cast<std::size_t>(row.recorded);
    if (seen[state]) does_not_compile("a state has two rows in the reconciliation table");
    seen[state] = true;
    for (std::size_t i = 0; i < observation_count; ++i)
      packed[state * action_stride + i] = row.actions[i];
  }
  return packed;
}();

/// One bit a state: whether its row depends on the observation.
inline constexpr std::uint8_t states_that_ask = [] {
  std::uint8_t bits = 0;
  for (const reconcile_row& row : reconcile_table) {
    const bool same = row.actions[0] == row.actions[1] && row.actions[1] == row.actions[2];
    if (!same) bits = static_cast<std::uint8_t>(bits | (1U << static_cast<unsigned>(row.recorded)));
  }
  return bits;
}();

}  // namespace detail

/// What to do about a view with this recorded state and this observation.
/// Total; a view that is not in the document (view_state::none) is no matter of the pass: no_action.
/// Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr reconcile_action decide(view_state recorded, observation seen) noexcept {
  return detail::packed_actions[static_cast<std::size_t>(recorded) * detail::action_stride +
                                static_cast<std::size_t>(seen)];
}

/// Whether the store must be asked before decide() can answer: read off the table, true for `ready` alone.
[[nodiscard]] constexpr bool needs_presence(view_state recorded) noexcept {
  return ((detail::states_that_ask >> static_cast<unsigned>(recorded)) & 1U) != 0;
}

/// Holds what the store has against what is recorded. Two empty digests do not match: fail-closed.
[[nodiscard]] constexpr observation compare_digests(std::string_view recorded,
                                                    std::string_view on_disk) noexcept {
  return !recorded.empty() && recorded == on_disk ? observation::consistent : observation::digest_differs;
}

[[nodiscard]] constexpr std::string_view name(observation seen) noexcept {
  constexpr std::array<std::string_view, observation_count> names{"consistent", "present, digest differs",
                                                                  "absent"};
  return names[static_cast<std::size_t>(seen)];
}

[[nodiscard]] constexpr std::string_view name(reconcile_action action) noexcept {
  constexpr std::array<std::string_view, reconcile_action_count> names{
      "no action",
      "re-run validation",
      "no action, gate stays shut",
      "→ pending-rebuild, \"view tables absent\"",
      "→ pending-rebuild, \"view digest mismatch\"",
      "→ pending-rebuild, \"invalid view_status\""};
  return names[static_cast<std::size_t>(action)];
}

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
