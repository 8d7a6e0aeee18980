/// May this view be queried (§10.3.3)? The table, and the answer for a view with everything that a refusal
/// must say.
///
///     gate_answer answer = may_query(file, {"comp", "summary"}, fall_through::refused);
///     if (answer.decision != gate_decision::allowed) explain(answer);
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "agentslock/kernel/entries.hpp"
#include "agentslock/kernel/lockfile.hpp"
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

/// Whether the caller opted in to asking the source when a view awaits its rebuild.
enum class fall_through : std::uint8_t { refused, opted_in };

/// What the gate says about a state, why, and what unblocks the view. One row a state.
struct gate_row {
  view_state state;
  gate_decision decision;
  gate_decision decision_when_opted_in;
  std::string_view reason;
  std::string_view unblocked_by;
};

// clang-format off
inline constexpr std::array<gate_row, view_state_count> gate_table = [] {
using enum gate_decision;
using enum view_state;
return std::array<gate_row, view_state_count>{{
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

/// The gate's row for a state. Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr const gate_row& gate_row_of(view_state state) noexcept {
  return gate_table[static_cast<std::size_t>(state)];
}

/// The gate's decision for a state. Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr gate_decision decide_query(view_state state, fall_through choice) noexcept {
  const gate_row& row = gate_row_of(state);
  return choice == fall_through::opted_in ? row.decision_when_opted_in : row.decision;
}

/// What a view recorded of a dependee, beside what is active now.
struct dependee_facts {
  std::string_view adapter;
  std::string_view recorded_digest;
  std::string_view recorded_version;
  /// Nothing when the lockfile has no entry for the adapter.
  std::optional<std::string_view> active_digest;
};

/// The gate's answer. Its texts live as long as the lockfile.
struct gate_answer {
  gate_decision decision;
  view_state state;
  /// The status text as recorded; empty when there is no such view.
  std::string_view recorded_status;
  std::string_view reason;
  std::string_view unblocked_by;
  /// What the view depends on; filled only when the decision is not `allowed`.
  std::vector<dependee_facts> dependees;
};

/// Whether the view may be queried, and if not, why and what unblocks it.
/// Total. Logarithmic; allocates only when the answer is not `allowed`.
[[nodiscard]] gate_answer may_query(const lockfile& file, view_key key, fall_through choice);

}  // namespace agentslock
