// How far the tests of the protocol go: by the environment variable AGENTSLOCK_EXPLORE, "small" or "large", and for how
// long one setup, by AGENTSLOCK_EXPLORE_SECONDS.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace agentslock::testing {

/// Small is for sanitizers, the usual for every change, large for nights.
enum class exploring : std::uint8_t { small, usual, large };

[[nodiscard]] inline exploring how_far() {
  const char* const wish = std::getenv("AGENTSLOCK_EXPLORE");
  const std::string_view text = wish == nullptr ? "" : wish;
  if (text == "small") return exploring::small;
  if (text == "large") return exploring::large;
  return exploring::usual;
}

/// How long one setup may be explored, by AGENTSLOCK_EXPLORE_SECONDS; nothing is no limit.
[[nodiscard]] inline std::optional<std::chrono::seconds> time_for_each() {
  const char* const wish = std::getenv("AGENTSLOCK_EXPLORE_SECONDS");
  if (wish == nullptr) return std::nullopt;
  return std::chrono::seconds(std::strtol(wish, nullptr, 10));
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
