// Instances of a backend that recover one document side by side, under every schedule up to a bound, with a store that may
// fail, and one of them killed. See docs/durability.md.
//
// What holds:
//   in every state   no view is ready of which the store never held what is recorded;
//   at the end       no instance failed for a reason of its own, and no view is ready that the store does not hold, unless
//                    an instance was killed, or failed because the store did;
//   a start later    whoever was killed, wherever: the next start comes to the same end, all ready, and held so.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agentslock/kernel/view_status.hpp"
#include "exploring.hpp"
#include "schedule_explorer.hpp"

namespace agentslock::testing {

struct recovery_setup {
  const char* what;
  /// What the document says of the view at first, the active schema of crg, and what the store holds of it.
  view_state state = view_state::pending_rebuild;
  std::string active = "d0";
  std::optional<std::string> held = std::nullopt;
  /// Whether each instance is of another release, whose builder makes another table.
  bool releases_differ = false;
  /// Which question to the store, counted over all, finds it unreachable; 0: none.
  int question_that_fails = 0;
  schedule_bounds bounds = {3, 1, 0};
};

[[nodiscard]] std::unique_ptr<scenario> make_recovery_scenario(const recovery_setup& setup);

/// The setups of ctest.
[[nodiscard]] std::vector<recovery_setup> recovery_setups(exploring how_far);

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
