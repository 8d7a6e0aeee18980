/// The state machine of a view, as data (§10.1.1, §10.3.1).
///
/// Only three things may live here: the events, the table, and what is derived from the table at compile
/// time. First stand the rows that move a view, in the order and the words in which people read them (the README's table
/// is made from them); then the cells in which nothing may happen, each with the reason's name.
/// What a transition does beyond the status (digests, dependencies, times) is lockfile.hpp.
///
///     step_result next = step(view_state::ready, view_event::dependee_bumped);
///     // next.outcome == step_outcome::moves, next.to == view_state::pending_recompat_check
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What can happen to a view.
enum class view_event : std::uint8_t {
  /// It is put into the document for the first time.
  registered,
  /// A dependee of it got another schema.
  dependee_bumped,
  /// Its program was run against the dependees' schemas and is valid.
  validation_passed,
  /// Its program was run against the dependees' schemas and is not valid.
  validation_failed,
  /// Its tables were built.
  rebuilt,
  /// The store has no tables for it.
  tables_absent,
  /// The store has its tables, with another digest than the recorded one.
  digest_mismatch,
  /// The document's status text is none of the four.
  invalid_status,
};

inline constexpr std::size_t view_event_count = 8;

/// What an event does to a view: it moves, it stays, or the event is refused for a reason that has a name.
enum class step_outcome : std::uint8_t {
  /// The view gets another status, and its audit log an entry.
  moves,
  /// The event is taken and the status is right already: no transition.
  stays,
  /// Refused: the document has no such view.
  unknown_view,
  /// Refused: the view is registered already.
  already_registered,
  /// Refused: only a ready view can be bumped, or be found absent or different.
  not_ready,
  /// Refused: the view awaits no verdict.
  no_verdict_awaited,
  /// Refused: the view awaits no rebuild.
  no_rebuild_awaited,
  /// Refused: the recorded text is one of the four.
  status_recognised,
  /// Refused: the recorded text must be reconciled first.
  status_unrecognised,
};

inline constexpr std::size_t step_outcome_count = 9;

/// One cell of the machine. In a row that does not move, `to` is `from` and the trigger is empty.
struct transition {
  view_state from;
  view_event cause;
  step_outcome outcome;
  view_state to;
  /// The text in the audit log; for a bump the dependee's name follows.
  std::string_view trigger;

  friend constexpr bool operator==(const transition&, const transition&) noexcept = default;
};

inline constexpr std::size_t transition_count = view_state_count * view_event_count;
using transition_rows = std::array<transition, transition_count>;

// clang-format off
/// The machine: every state with every event, once.
inline constexpr transition_rows transition_table = [] {
using enum view_event;
using enum step_outcome;
using enum view_state;
constexpr view_state recompat = pending_recompat_check, rebuild = pending_rebuild, dsl_update = dsl_update_required,
                     garbled = unrecognised;
return transition_rows{{
    // from       event               outcome              to          trigger text in the audit log
    { none,       registered,         moves,               ready,      "registered" },
    { ready,      dependee_bumped,    moves,               recompat,   "dependee-bump:" },
    { recompat,   validation_passed,  moves,               rebuild,    "recompat-pass" },
    { recompat,   validation_failed,  moves,               dsl_update, "recompat-fail" },
    { dsl_update, validation_passed,  moves,               rebuild,    "recompat-pass" },
    { rebuild,    rebuilt,            moves,               ready,      "rebuilt" },
    { ready,      tables_absent,      moves,               rebuild,    "reconcile:view tables absent" },
    { ready,      digest_mismatch,    moves,               rebuild,    "reconcile:view digest mismatch" },
    { garbled,    invalid_status,     moves,               rebuild,    "reconcile:invalid-status" },

    { dsl_update, validation_failed,  stays,               dsl_update, "" },

    { none,       dependee_bumped,    unknown_view,        none,       "" },
    { none,       validation_passed,  unknown_view,        none,       "" },
    { none,       validation_failed,  unknown_view,        none,       "" },
    { none,       rebuilt,            unknown_view,        none,       "" },
    { none,       tables_absent,      unknown_view,        none,       "" },
    { none,       digest_mismatch,    unknown_view,        none,       "" },
    { none,       invalid_status,     unknown_view,        none,       "" },

    { ready,      registered,         already_registered,  ready,      "" },
    { ready,      validation_passed,  no_verdict_awaited,  ready,      "" },
    { ready,      validation_failed,  no_verdict_awaited,  ready,      "" },
    { ready,      rebuilt,            no_rebuild_awaited,  ready,      "" },
    { ready,      invalid_status,     status_recognised,   ready,      "" },

    { recompat,   registered,         already_registered,  recompat,   "" },
    { recompat,   dependee_bumped,    not_ready,           recompat,   "" },
    { recompat,   rebuilt,            no_rebuild_awaited,  recompat,   "" },
    { recompat,   tables_absent,      not_ready,           recompat,   "" },
    { recompat,   digest_mismatch,    not_ready,           recompat,   "" },
    { recompat,   invalid_status,     status_recognised,   recompat,   "" },

    { rebuild,    registered,         already_registered,  rebuild,    "" },
    { rebuild,    dependee_bumped,    not_ready,           rebuild,    "" },
    { rebuild,    validation_passed,  no_verdict_awaited,  rebuild,    "" },
    { rebuild,    validation_failed,  no_verdict_awaited,  rebuild,    "" },
    { rebuild,    tables_absent,      not_ready,           rebuild,    "" },
    { rebuild,    digest_mismatch,    not_ready,           rebuild,    "" },
    { rebuild,    invalid_status,     status_recognised,   rebuild,    "" },

    { dsl_update, registered,         already_registered,  dsl_update, "" },
    { dsl_update, dependee_bumped,    not_ready,           dsl_update, "" },
    { dsl_update, rebuilt,            no_rebuild_awaited,  dsl_update, "" },
    { dsl_update, tables_absent,      not_ready,           dsl_update, "" },
    { dsl_update, digest_mismatch,    not_ready,           dsl_update, "" },
    { dsl_update, invalid_status,     status_recognised,   dsl_update, "" },

    { garbled,    registered,         already_registered,  garbled,    "" },
    { garbled,    dependee_bumped,    status_unrecognised, garbled,    "" },
    { garbled,    validation_passed,  status_unrecognised, garbled,    "" },
    { garbled,    validation_failed,  status_unrecognised, garbled,    "" },
    { garbled,    rebuilt,            status_unrecognised, garbled,    "" },
    { garbled,    tables_absent,      status_unrecognised, garbled,    "" },
    { garbled,    digest_mismatch,    status_unrecognised, garbled,    "" },
}};
}();
// clang-format on

/// What one event does to one view.
struct step_result {
  /// The state after the event; the state before it unless the outcome is step_outcome::moves.
  view_state to;
  step_outcome outcome;

  friend constexpr bool operator==(step_result, step_result) noexcept = default;
};

/// Whether an outcome is neither a move nor a stay.
[[nodiscard]] constexpr bool is_refusal(step_outcome outcome) noexcept {
  return outcome != step_outcome::moves && outcome != step_outcome::stays;
}

namespace detail {

constexpr std::size_t cell_index(view_state from, view_event cause) noexcept {
  return static_cast<std::size_t>(from) * view_event_count + static_cast<std::size_t>(cause);
}

/// Position of each cell's row; a cell without a row, or with two, does not compile.
consteval std::array<std::uint8_t, transition_count> index_rows(const transition_rows& rows) {
  std::array<std::uint8_t, transition_count> positions{};
  std::array<bool, transition_count> seen{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t cell = cell_index(rows[i].from, rows[i].cause);
    if (seen[cell]) does_not_compile("a cell of the transition table has two rows");
    seen[cell] = true;
    positions[cell] = static_cast<std::uint8_t>(i);
  }
  return positions;
}

inline constexpr auto transition_positions = index_rows(transition_table);

/// A word an event, a byte a state: the outcome, and below it the state after the event. The word can be fetched before
/// the state is known, so that in a chain of events one waits for the other no longer than a shift takes.
inline constexpr unsigned state_bits = 3;
inline constexpr auto steps = [] {
  static_assert(view_state_count <= 1U << state_bits && step_outcome_count <= 1U << (8 - state_bits));
  std::array<std::uint64_t, view_event_count> words{};
  for (const transition& row : transition_table) {
    const auto cell =
        static_cast<std::uint64_t>(row.outcome) << state_bits | static_cast<std::uint64_t>(row.to);
    words[static_cast<std::size_t>(row.cause)] |= cell << 8 * static_cast<unsigned>(row.from);
  }
  return words;
}();

}  // namespace detail

/// Applies one event to one state.
/// Total: every pair has an answer. A refused event leaves the state unchanged and says why.
/// Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr step_result step(view_state from, view_event cause) noexcept {
  const auto cell = static_cast<std::uint8_t>(detail::steps[static_cast<std::size_t>(cause)] >>
                                              8 * static_cast<unsigned>(from));
  constexpr unsigned state_mask = (1U << detail::state_bits) - 1;
  return {static_cast<view_state>(cell & state_mask), static_cast<step_outcome>(cell >> detail::state_bits)};
}

/// The row of the table that step() answers from; it has the trigger's text.
/// Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr const transition& transition_for(view_state from, view_event cause) noexcept {
  return transition_table[detail::transition_positions[detail::cell_index(from, cause)]];
}

/// An event's name, in the words of the table.
[[nodiscard]] constexpr std::string_view name(view_event event) noexcept {
  constexpr std::array<std::string_view, view_event_count> names{
      "registered", "dependee bumped", "validation passed", "validation failed",
      "rebuilt",    "tables absent",   "digest mismatch",   "invalid status"};
  return names[static_cast<std::size_t>(event)];
}

/// An outcome for people: "moves", "stays", or why the event was refused.
[[nodiscard]] constexpr std::string_view name(step_outcome outcome) noexcept {
  constexpr std::array<std::string_view, step_outcome_count> names{"moves",
                                                                   "stays",
                                                                   "unknown view",
                                                                   "already registered",
                                                                   "not ready",
                                                                   "awaits no verdict",
                                                                   "awaits no rebuild",
                                                                   "status is recognised",
                                                                   "status is unrecognised"};
  return names[static_cast<std::size_t>(outcome)];
}

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
