// Whether a document in conflict is still what was written into it, so that resolve undoes nobody's edit.
#pragma once

#include <string_view>

#include "agentslock/io/error.hpp"
#include "agentslock/io/merge_document.hpp"

namespace agentslock::cli {

/// Whether a text with conflict marks is what these versions were made into: by git in any style of marks, with either of the
/// algorithms that it merges by, or by the merge driver or resolve. What the marks are called, and their size, does not matter.
/// Merges the versions anew: in memory, and where that gives another text by git in a temporary repository.
/// Errors: those of run_git and merge_documents; io_failed when there is no place for the repository.
[[nodiscard]] result<bool> is_written_conflict(std::string_view text, const document_versions& versions);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
