// Breadth-first exploration of the small world: every state that can be reached, each once, and how it was reached.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "laws/law.hpp"
#include "small_world.hpp"

namespace agentslock::properties {

/// What is looked at on the way.
struct exploration_laws {
  /// Holds in a state.
  std::function<laws::breach(const small_state&, const lockfile&)> in_state;
  /// Holds of a step of the kernel; empty when steps are not looked at.
  std::function<laws::breach(const laws::kernel_step&)> of_step;
};

/// A law that was broken, and the shortest way there from the beginning.
struct counterexample {
  std::string broken;
  std::vector<std::string> way;
  small_state end;
};

struct exploration {
  /// The numbers of the states, in the order in which they were found.
  std::vector<std::uint32_t> states;
  /// Every transition: the places in `states` of its ends, and whether an operator would take it to mend.
  struct transition {
    std::uint32_t from;
    std::uint32_t to;
    bool mends;
  };
  std::vector<transition> transitions;
  std::optional<counterexample> found;
};

/// Explores from a world without views; stops at the first breach.
[[nodiscard]] exploration explore(const world_rules& rules, const exploration_laws& laws);

/// The first state, if there is one, from which no mending operations lead to a state whose views are all ready.
[[nodiscard]] std::optional<small_state> dead_end(const exploration& explored);

[[nodiscard]] std::string to_string(const counterexample& found);

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
