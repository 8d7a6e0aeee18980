// Times as people write them on a command line.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace agentslock::cli {

/// "30", "30s", "1.5m", "2h", "250ms": a number of seconds, or of what its unit says. Nothing for anything else, for a
/// negative one, and beyond ten years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
