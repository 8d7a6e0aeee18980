// Counts the allocations of this process, so that "allocates nothing" can be asserted.
#pragma once

#include <cstddef>

namespace agentslock::testing {

/// How often operator new has been called in this process.
[[nodiscard]] std::size_t allocations() noexcept;

/// How often it is called while `work` runs.
template <class Work>
[[nodiscard]] std::size_t allocations_of(Work&& work) {
  const std::size_t before = allocations();
  work();
  return allocations() - before;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
