// A merge of lines for where no program may be run: each side changed one place, from its first line that differs to its last.
#pragma once

#include "agentslock/io/merge_document.hpp"

namespace agentslock::reference {

/// Without a conflict where the places of the two sides do not touch; else one conflict around both.
[[nodiscard]] merged_lines merge_lines_plainly(const document_versions& versions);

}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
