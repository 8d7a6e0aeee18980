/// May this view be queried (§10.3.3)? The answer for one view, with everything that a refusal must say; the table it
/// comes from is gate_table.hpp.
///
///     gate_answer answer = may_query(file, {"comp", "summary"}, fall_through::refused);
///     if (answer.decision != gate_decision::allowed) report(answer.reason);
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "agentslock/kernel/entries.hpp"
#include "agentslock/kernel/gate_table.hpp"
#include "agentslock/kernel/lockfile.hpp"
#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

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

/// Whether the view may be queried, and if not, why and what unblocks it. A view that says `ready` and missed a bump
/// (missed_bump.hpp) may not.
/// Total. Logarithmic for the view and for each of its dependees; allocates only when the answer is not `allowed`.
[[nodiscard]] gate_answer may_query(const lockfile& file AGENTSLOCK_LIFETIMEBOUND, view_key key,
                                    fall_through choice);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
