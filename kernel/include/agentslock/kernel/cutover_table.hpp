/// How a cutover treats the views that read from its adapter, as data (§10.3.2).
///
/// The table alone: the step over a whole lockfile is lockfile::cutover.
///
///     cutover_row row = cutover_row_of(view_state::ready);   // row.frozen_first
#pragma once

#include <array>
#include <cstddef>

#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// How a cutover treats a dependent, by its state. One row a state.
struct cutover_row {
  view_state state;
  /// Whether a ready view with another recorded digest is frozen first.
  bool frozen_first;
  /// Whether the validator must judge it. One that is not judged must be reconciled before the cutover.
  bool judged;
  /// Whether the verdict is an event of the machine; else a pass keeps the status and a failure blocks.
  bool verdict_is_event;

  friend constexpr bool operator==(const cutover_row&, const cutover_row&) noexcept = default;
};

using cutover_rows = std::array<cutover_row, recorded_states.size()>;

// clang-format off
/// The table: every state that a document can record, once.
inline constexpr cutover_rows cutover_table{{
    // state                              frozen first  judged  verdict is event
    { view_state::ready,                  true,         true,   true  },
    { view_state::pending_recompat_check, false,        true,   true  },
    { view_state::dsl_update_required,    false,        true,   true  },
    { view_state::pending_rebuild,        false,        true,   false },
    { view_state::unrecognised,           false,        false,  false },
}};
// clang-format on

namespace detail {

/// The row of each state; a state with two rows does not compile.
inline constexpr auto cutover_rows_by_state = [] {
  std::array<cutover_row, view_state_count> rows{};
  std::array<bool, view_state_count> seen{};
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].state = static_cast<view_state>(i);
  for (const cutover_row& row : cutover_table) {
    const auto state = static_cast<std::size_t>(row.state);
    if (seen[state]) does_not_compile("a state has two rows in the cutover's table");
    seen[state] = true;
    rows[state] = row;
  }
  return rows;
}();

}  // namespace detail

/// How a cutover treats a view in this state.
/// Total; a view that is not in the document (view_state::none) takes no part: it is neither frozen nor judged.
/// Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr const cutover_row& cutover_row_of(view_state state) noexcept {
  return detail::cutover_rows_by_state[static_cast<std::size_t>(state)];
}

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
