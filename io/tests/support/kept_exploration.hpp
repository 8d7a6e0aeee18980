// An exploration that was stopped before it ended, kept in a file so that another run can go on with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "schedule_explorer.hpp"

namespace agentslock::testing {

/// How far an exploration has come: what is left to run, what has been seen, and what that took.
struct explored_part {
  /// Schedules to go on with, the last first; each is run, and then goes on by itself.
  std::vector<std::vector<decision>> to_do{{}};
  /// Fingerprints of the states that have been gone on from.
  std::unordered_set<std::uint64_t> seen;
  std::size_t schedules = 0;
  std::size_t steps = 0;
  std::chrono::milliseconds processor_time{0};
};

/// What the environment allows the exploration called `name` within `bounds`. AGENTSLOCK_EXPLORE_SECONDS: how much of the
/// processors' time. AGENTSLOCK_EXPLORE_KEPT: the directory of the file that keeps it, whose name holds the digest of the
/// program that asks, as what was explored of other code says nothing of this.
[[nodiscard]] exploration_limits limits_of(std::string_view name, schedule_bounds bounds);

/// What `path` keeps; a new beginning when no such file is there. Throws std::runtime_error for a file that is not whole.
[[nodiscard]] explored_part read_kept(const std::string& path);

/// Replaces what `path` keeps. Throws std::runtime_error when that fails; what was kept then stays.
void write_kept(const std::string& path, const explored_part& part);

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
