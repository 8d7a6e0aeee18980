// Cuts the power at every system call of a write, and looks at everything that POSIX lets a machine find afterwards.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "memory_platform.hpp"

namespace agentslock::testing {

/// A write that is cut off.
struct crash_scenario {
  const char* what;
  /// Nothing: there is no document yet.
  std::optional<std::string> document;
  std::function<result<>(lockfile_store&)> run;
  bool directory_exists = true;
};

struct crash_findings {
  /// Calls at which the power was cut, and different states that were looked at.
  std::size_t calls = 0;
  std::size_t states = 0;
  /// States in which the document was neither the old nor the new one; states after which the next writer did not go
  /// on or left something behind; and states without the new document although its write had been acknowledged.
  std::vector<std::string> torn;
  std::vector<std::string> stuck;
  std::vector<std::string> undone;

  [[nodiscard]] bool all_well() const noexcept { return torn.empty() && stuck.empty() && undone.empty(); }
};

/// For every prefix of the calls of the scenario, every subset of the name operations that are not synced, and for
/// every file that is not synced: all its bytes, none, zeros, the first half, the first half and zeros; at large bounds
/// every sixteenth part instead of the half.
[[nodiscard]] crash_findings cut_power_everywhere(const crash_scenario& scenario);

/// The writes that are checked: save, update, flush, with and without a document.
[[nodiscard]] std::vector<crash_scenario> crash_scenarios();

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
