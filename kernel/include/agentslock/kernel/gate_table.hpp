/// What the query gate says about each state, as data (§10.3.3).
///
/// The table alone: the answer for one view of a lockfile, with all that a refusal must name, is query_gate.hpp.
/// Fail-closed: only `ready` may be queried.
///
///     gate_decision decision = decide_query(view_state::ready, fall_through::refused);   // allowed
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agentslock/kernel/view_status.hpp"

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

/// What the gate says about a state, why, and what unblocks the view. One row a state.
struct gate_row {
  view_state state;
  gate_decision decision;
  gate_decision decision_when_opted_in;
  std::string_view reason;
  std::string_view unblocked_by;

  friend constexpr bool operator==(const gate_row&, const gate_row&) noexcept = default;
};

using gate_rows = std::array<gate_row, view_state_count>;

// clang-format off
/// The table: every state, once.
inline constexpr gate_rows gate_table = [] {
using enum gate_decision;
using enum view_state;
return gate_rows{{
    // state                   decision  when opted in     reason                                                         unblocked by
    { ready,                   allowed,  allowed,          "",                                                            "" },
    { pending_recompat_check,  refused,  refused,          "an adapter that it reads from got another schema",            "validation against that schema" },
    { pending_rebuild,         refused,  may_fall_through, "its tables are not what was recorded, or out of date",        "a rebuild" },
    { dsl_update_required,     refused,  refused,          "its program is not valid against a schema that it reads",     "a changed program that passes validation" },
    { unrecognised,            refused,  refused,          "its recorded status is none of the four",                     "reconciliation, then a rebuild" },
    { none,                    refused,  refused,          "the document has no such view",                               "registration" },
}};
}();
// clang-format on

namespace detail {

/// Position of each state's row; a state without a row, or with two, does not compile.
inline constexpr auto gate_positions = [] {
  std::array<std::uint8_t, view_state_count> positions{};
  std::array<bool, view_state_count> seen{};
  for (std::size_t i = 0; i < gate_table.size(); ++i) {
    const auto state = static_cast<std::size_t>(gate_table[i].state);
    if (seen[state]) throw "a state has two rows in the gate's table";
    seen[state] = true;
    positions[state] = static_cast<std::uint8_t>(i);
  }
  return positions;
}();

}  // namespace detail

/// The gate's row for a state.
/// Total. Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr const gate_row& gate_row_of(view_state state) noexcept {
  return gate_table[detail::gate_positions[static_cast<std::size_t>(state)]];
}

/// The gate's decision for a state.
/// Total. Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr gate_decision decide_query(view_state state, fall_through choice) noexcept {
  const gate_row& row = gate_row_of(state);
  return choice == fall_through::opted_in ? row.decision_when_opted_in : row.decision;
}

}  // namespace agentslock
