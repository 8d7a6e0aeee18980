// How far the tests of the protocol go: by the environment variable AGENTSLOCK_EXPLORE, "small" or "large".
#pragma once

#include <cstdint>
#include <cstdlib>
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

}  // namespace agentslock::testing
