// What every report says of a view, and of many.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "agentslock/kernel/gate_table.hpp"
#include "agentslock/kernel/lockfile.hpp"
#include "exit_code.hpp"

namespace agentslock::cli {

/// The last transition of a view: since when it is what it is, and why. Empty texts when none is recorded.
[[nodiscard]] audit_entry last_transition(const view& entry);

/// What the gate says about a view, its records considered.
/// Precondition: the entry is one of this lockfile's.
[[nodiscard]] const gate_row& gate_row_for(const lockfile& file, const view& entry);

/// As what a view counts: one that missed a bump is not ready, whatever it says, and awaits validation.
/// Precondition: the entry is one of this lockfile's.
[[nodiscard]] view_state counted_state(const lockfile& file, const view& entry);

/// How many views are in each state.
class view_counts {
 public:
  view_counts() = default;
  explicit view_counts(const std::array<std::size_t, view_state_count>& by_state) : by_state_(by_state) {}

  void add(view_state state) noexcept { ++by_state_[static_cast<std::size_t>(state)]; }
  [[nodiscard]] std::size_t of(view_state state) const noexcept {
    return by_state_[static_cast<std::size_t>(state)];
  }
  [[nodiscard]] std::size_t total() const noexcept;

 private:
  std::array<std::size_t, view_state_count> by_state_{};
};

/// The exit code for a document with so many.
[[nodiscard]] exit_code code_for(const view_counts& counts);

/// "2 ready, 1 pending-rebuild"; empty when there are none.
[[nodiscard]] std::string by_state_in_words(const view_counts& counts, bool coloured);
/// "3 views: 2 ready, 1 pending-rebuild", or "no views".
[[nodiscard]] std::string in_words(const view_counts& counts, bool coloured);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
