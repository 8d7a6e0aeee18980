// Mutants: the product's code with one thing wrong in it, so that a check is seen to find something.
//
// Each is a patch beside this file, which says what is wrong. All patches are applied to copies of the sources that they
// change, and the copies are linked in place of those sources. What a patch puts in does nothing until its mutant is on.
// Nothing of it is in a library that ships. At most one mutant is on at a time.
#pragma once

#include <atomic>
#include <span>
#include <string_view>

#include "mutant_names.hpp"

namespace agentslock {

inline constinit std::atomic<mutant> mutant_that_is_on{mutant::none};

/// What a patch asks. Safe from any thread.
[[nodiscard]] inline bool is_on(mutant one) noexcept {
  return mutant_that_is_on.load(std::memory_order_relaxed) == one;
}

/// Has a mutant on as long as this lives, and then none.
class with_mutant {
 public:
  explicit with_mutant(mutant one) noexcept { mutant_that_is_on = one; }
  with_mutant(const with_mutant&) = delete;
  with_mutant& operator=(const with_mutant&) = delete;
  ~with_mutant() { mutant_that_is_on = mutant::none; }
};

/// What a patch says of its mutant.
struct mutant_facts {
  mutant which;
  std::string_view name;
  /// The law that finds it, or the program of tests.
  std::string_view found_by;
  /// The property that holds this law against generated values; empty where a program of tests finds it.
  std::string_view property;
};

/// All, in order of their names.
[[nodiscard]] std::span<const mutant_facts> mutants() noexcept;

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
