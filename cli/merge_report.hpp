// How what a merge left to a person is told.
#pragma once

#include <string>
#include <vector>

#include "json_report.hpp"

namespace agentslock::cli {

/// The member "conflicts".
void add_conflicts(json_report& json, const std::vector<std::string>& conflicts);

/// The same for people, one line each.
[[nodiscard]] std::string listed_conflicts(const std::vector<std::string>& conflicts);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
