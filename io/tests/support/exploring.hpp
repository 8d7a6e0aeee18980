// How far the tests of the protocol go: by the environment variable AGENTSLOCK_EXPLORE, "small" or "large".
#pragma once

#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <string>
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

/// What GoogleTest may call a test of the setup `what`: its words, each with a capital, without what stands between them.
[[nodiscard]] inline std::string test_name_of(std::string_view what) {
  std::string name;
  bool word_begins = true;
  for (char c : what) {
    const auto byte = static_cast<unsigned char>(c);
    const bool in_word = std::isalnum(byte) != 0;
    if (in_word) name += word_begins ? static_cast<char>(std::toupper(byte)) : c;
    word_begins = !in_word;
  }
  return name;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
