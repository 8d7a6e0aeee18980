// A merged document with marks around what a person must choose; private to the io layer.
#pragma once

#include <string>
#include <vector>

#include "merge_composition.hpp"
#include "parsed_version.hpp"

namespace agentslock {

/// The document with marks around what a person must choose. `ours` and `theirs` are the document with all
/// conflicts decided for one side; an entry that is to be chosen as it stands is taken from the sides.
/// Errors: those of the merge of lines.
[[nodiscard]] result<std::string> with_marks(const std::string& ours, const std::string& theirs,
                                             const parsed_version& base, const parsed_version& our_side,
                                             const parsed_version& their_side,
                                             const std::vector<entry_conflict>& conflicts,
                                             const merge_options& options, line_merge by_lines);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
