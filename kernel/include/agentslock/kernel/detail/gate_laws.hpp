/// The laws of the query gate's table, as transition_laws.hpp has them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "agentslock/kernel/gate_table.hpp"
#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock::laws {

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

}  // namespace agentslock::laws
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
