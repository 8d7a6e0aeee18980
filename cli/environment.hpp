// The environment's variables.
#pragma once

#include <string>

namespace agentslock::cli {

/// What a variable of the environment says; empty when it is not set.
[[nodiscard]] std::string from_environment(const char* name);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
