#include "duration.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace agentslock::cli {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  struct unit {
    std::string_view name;
    double milliseconds;
  };
  constexpr std::array<unit, 5> units{{{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}}};
  constexpr double most = 10 * 366 * 24 * 3600e3;
  // A sign, an exponent, an infinity is no part of a duration.
  const std::size_t size = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string digits(text.substr(0, size));
  char* end = nullptr;
  const double number = std::strtod(digits.c_str(), &end);
  if (digits.empty() || end != digits.c_str() + size) return std::nullopt;
  const std::string_view rest = text.substr(size);
  for (const unit& one : units) {
    if (one.name != rest) continue;
    const double all = number * one.milliseconds;
    if (all > most) return std::nullopt;
    const auto whole = static_cast<std::int64_t>(all);
    return std::chrono::milliseconds(all - static_cast<double>(whole) < 0.5 ? whole : whole + 1);
  }
  return std::nullopt;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
