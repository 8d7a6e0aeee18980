// Merging in plain ifs over strings: a second implementation that judges the kernel's.
#pragma once

#include <string>
#include <vector>

#include "plain_lockfile.hpp"

namespace agentslock::reference {

struct plain_merge_result {
  plain_lockfile file;
  /// Adapters whose digests are a conflict; the file has ours.
  std::vector<std::string> conflicts;
};

[[nodiscard]] plain_merge_result merge_plainly(const plain_lockfile& base, const plain_lockfile& ours,
                                               const plain_lockfile& theirs);

}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
