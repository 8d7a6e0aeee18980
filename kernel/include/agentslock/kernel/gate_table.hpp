/// What the query gate says about each state, as data (§10.3.3).
///
/// The table alone: the answer for one view of a lockfile, with all that a refusal must name, is query_gate.hpp.
/// Fail-closed: only `ready` may be queried, and of the views that are, only one that missed no bump.
///
///     gate_row row = gate_row_of(view_state::ready, records::current);   // row.decision is allowed
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agentslock/kernel/missed_bump.hpp"
#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What the gate says.
enum class gate_decision : std::uint8_t {
  /// The view's tables may be read.
  allowed,
  /// They may not, but the caller may ask the source in their place, as it opted in to.
  may_fall_through,
  /// Neither.
  refused,
};

inline constexpr std::size_t gate_decision_count = 3;

/// Whether the caller opted in to asking the source when a view awaits its rebuild.
enum class fall_through : std::uint8_t { refused, opted_in };

/// What a ready view records of the adapters that it reads from, held against their active schemas.
enum class records : std::uint8_t {
  /// None is known to differ.
  current,
  /// One differs: the view missed a bump.
  outdated,
};

inline constexpr std::size_t records_count = 2;

/// The records for which a row speaks. Only a ready view's are looked at.
enum class row_records : std::uint8_t { current, outdated, any };

inline constexpr std::size_t row_records_count = 3;

/// What the gate says about a state, why, and what unblocks the view.
struct gate_row {
  view_state state;
  row_records recorded;
  gate_decision decision;
  gate_decision decision_when_opted_in;
  std::string_view reason;
  std::string_view unblocked_by;

  friend constexpr bool operator==(const gate_row&, const gate_row&) noexcept = default;
};

using gate_rows = std::array<gate_row, view_state_count + 1>;

// clang-format off
/// The table: every state, once for each of the records that count there.
inline constexpr gate_rows gate_table = [] {
using enum gate_decision;
using enum view_state;
constexpr row_records any = row_records::any, current = row_records::current, outdated = row_records::outdated;
return gate_rows{{
    // state                   records   decision  when opted in     reason                                                         unblocked by
    { ready,                   current,  allowed,  allowed,          "",                                                            "" },
    { ready,                   outdated, refused,  refused,          dependee_schema_changed,                                       "validation and a rebuild" },
    { pending_recompat_check,  any,      refused,  refused,          "an adapter that it reads from got another schema",            "validation against that schema" },
    { pending_rebuild,         any,      refused,  may_fall_through, "its tables are not what was recorded, or out of date",        "a rebuild" },
    { dsl_update_required,     any,      refused,  refused,          "its program is not valid against a schema that it reads",     "a changed program that passes validation" },
    { unrecognised,            any,      refused,  refused,          "its recorded status is none of the four",                     "reconciliation, then a rebuild" },
    { none,                    any,      refused,  refused,          "the document has no such view",                               "registration" },
}};
}();
// clang-format on

/// Whether a row speaks for these records.
[[nodiscard]] constexpr bool speaks_for(row_records row, records seen) noexcept {
  return row == row_records::any || (row == row_records::outdated) == (seen == records::outdated);
}

namespace detail {

constexpr std::size_t gate_index(view_state state, records seen) noexcept {
  return static_cast<std::size_t>(state) * records_count + static_cast<std::size_t>(seen);
}

/// Position of the row for each state and records; a cell without a row, or with two, does not compile.
inline constexpr auto gate_positions = [] {
  std::array<std::uint8_t, view_state_count * records_count> positions{};
  std::array<bool, view_state_count * records_count> seen{};
  for (std::size_t i = 0; i < gate_table.size(); ++i) {
    for (records one : {records::current, records::outdated}) {
      if (!speaks_for(gate_table[i].recorded, one)) continue;
      const std::size_t cell = gate_index(gate_table[i].state, one);
      if (seen[cell]) does_not_compile("a cell of the gate's table has two rows");
      seen[cell] = true;
      positions[cell] = static_cast<std::uint8_t>(i);
    }
  }
  for (bool one : seen) {
    if (!one) does_not_compile("a cell of the gate's table has no row");
  }
  return positions;
}();

}  // namespace detail

/// The gate's row for a state, and for the records of a view in that state.
/// Total. Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr const gate_row& gate_row_of(view_state state, records seen) noexcept {
  return gate_table[detail::gate_positions[detail::gate_index(state, seen)]];
}

/// The gate's decision.
/// Total. Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr gate_decision decide_query(view_state state, records seen,
                                                   fall_through choice) noexcept {
  const gate_row& row = gate_row_of(state, seen);
  return choice == fall_through::opted_in ? row.decision_when_opted_in : row.decision;
}

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
