// The tables of merging, in words.
#pragma once

#include <string>

namespace agentslock::docs {

/// What becomes of a view by what two branches did to it.
[[nodiscard]] std::string merge_rule_table();
/// What the result is at least.
[[nodiscard]] std::string merge_floor_list();
/// The statuses, the least cautious first.
[[nodiscard]] std::string caution_in_words();

}  // namespace agentslock::docs
// SPDX-License-Identifier: Apache-2.0
