// The environment that a program is started with; private to the io layer.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "agentslock/io/program.hpp"

namespace agentslock {

/// Our own environment with additions, each as "NAME=value". What of the additions the system can't hand over is left out, and
/// nothing of that name is taken from ours: see program_call::environment.
[[nodiscard]] std::vector<std::string> environment_with(std::span<const environment_variable> additions);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
