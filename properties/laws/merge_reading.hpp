// What the laws of merging look at; private to the laws.
#pragma once

#include <algorithm>

#include "merge.hpp"

namespace agentslock::laws {

[[nodiscard]] inline merged_lockfile merged(const merge_case& given) {
  return merge_lockfiles(given.base, given.ours, given.theirs, merge_side::ours);
}

[[nodiscard]] inline bool same_records(const view& a, const view& b) {
  return std::ranges::equal(a.depends_on, b.depends_on);
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
