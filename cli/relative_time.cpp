#include "relative_time.hpp"

#include <chrono>

#include <fmt/format.h>

namespace agentslock::cli {

std::string ago(std::string_view recorded, timestamp now) {
  using namespace std::chrono;
  const auto then = parse_rfc3339(recorded);
  if (!then || *then > now) return std::string(recorded);
  const seconds passed = now - *then;
  if (passed < minutes(1)) return fmt::format("{} s ago", passed.count());
  if (passed < hours(1)) return fmt::format("{} min ago", floor<minutes>(passed).count());
  if (passed < days(2)) return fmt::format("{} h ago", floor<hours>(passed).count());
  if (passed < days(60)) return fmt::format("{} d ago", floor<days>(passed).count());
  const auto date = format_rfc3339(*then);
  return date ? std::string(date->view().substr(0, 10)) : std::string(recorded);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
