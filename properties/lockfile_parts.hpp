// What generators take from plain lockfiles and put into them.
#pragma once

#include <string>
#include <vector>

#include "reference/plain_lockfile.hpp"

namespace agentslock::properties {

[[nodiscard]] std::vector<std::string> adapters_of(const reference::plain_lockfile& file);
[[nodiscard]] std::vector<owned_key> views_of(const reference::plain_lockfile& file);
/// Some version of a schema.
[[nodiscard]] std::string version();

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
