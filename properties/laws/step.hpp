/// One step: an operation on a lockfile, what was before it, what it said, what is after it. What laws are about.
///
///     laws::kernel_step step = laws::take_step(file, {operations::remove_view{{"comp", "summary"}}, now});
///     if (auto broken = laws::first_broken(laws::step_laws(), step)) report(*broken);
#pragma once

#include "agentslock/kernel/operation.hpp"

namespace agentslock::laws {

struct kernel_step {
  lockfile before;
  operation done;
  operation_result result;
  lockfile after;
};

/// Takes a step on a copy. The two lockfiles share nothing.
[[nodiscard]] inline kernel_step take_step(const lockfile& from, const operation& todo) {
  kernel_step step{from, todo, {}, from};
  step.result = apply(step.after, todo);
  return step;
}

/// The view that an operation names, or null.
[[nodiscard]] inline const owned_key* named_view_of(const operation& done) noexcept {
  return std::visit(
      [](const auto& what) -> const owned_key* {
        if constexpr (requires { what.key; }) {
          return &what.key;
        } else {
          return nullptr;
        }
      },
      done.what);
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
