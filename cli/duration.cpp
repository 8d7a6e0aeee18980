#include "duration.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace agentslock::cli {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  struct unit {
    std::string_view name;
    double milliseconds;
  };
  constexpr std::array<unit, 5> units{{{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}}};
  constexpr double most = 10 * 366 * 24 * 3600e3;
  double number = 0;
  const auto [end, fault] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (fault != std::errc()) return std::nullopt;
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const unit& one : units) {
    if (one.name != rest) continue;
    const double all = number * one.milliseconds;
    // A negative zero is one too, and what is no number is not within anything.
    if (std::signbit(number) || !(all <= most)) return std::nullopt;
    return std::chrono::milliseconds(std::llround(all));
  }
  return std::nullopt;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
