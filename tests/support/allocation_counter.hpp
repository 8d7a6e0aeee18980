// Counts the allocations of this process, so that "allocates nothing" can be asserted; and lets one fail, so that one can see what
// follows.
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

/// While it lives, or until `end`: an allocation of this thread throws std::bad_alloc, and with `from_then_on` all that follow.
/// One at a time in a thread.
class allocation_failure {
 public:
  /// `at`: how many succeed before.
  explicit allocation_failure(long at, bool from_then_on = false) noexcept;
  ~allocation_failure() { end(); }
  allocation_failure(const allocation_failure&) = delete;
  allocation_failure& operator=(const allocation_failure&) = delete;

  /// No further one fails.
  void end() noexcept;
  /// Whether one has failed.
  [[nodiscard]] bool happened() const noexcept;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
