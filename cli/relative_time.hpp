// Times as people think of them.
#pragma once

#include <string>
#include <string_view>

#include "agentslock/kernel/rfc3339.hpp"

namespace agentslock::cli {

/// How long ago a recorded time was: "12 s ago", "5 min ago", "2 h ago", "3 d ago", rounded down; its date when that is two
/// months or more. The text itself when it is no time, or is in the future.
/// Linear in the text.
[[nodiscard]] std::string ago(std::string_view recorded, timestamp now);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
