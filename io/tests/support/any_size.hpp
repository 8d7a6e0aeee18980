// For reading a file of whatever size.
#pragma once

#include <cstdint>

#include "agentslock/io/error.hpp"

namespace agentslock::testing {

inline constexpr auto any_size = [](std::uint64_t) -> result<> { return {}; };

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
