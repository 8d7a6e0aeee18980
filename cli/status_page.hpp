// A document as one page for a browser.
#pragma once

#include <string>

#include "agentslock/kernel/lockfile.hpp"
#include "agentslock/kernel/rfc3339.hpp"

namespace agentslock::cli {

/// A self-contained HTML page: the counts, a table of the views with each one's log and records folded in, the state machine
/// with the views in it, and what reads from what. It needs no script and loads nothing, and says so in its content
/// security policy; it is light or dark as its reader likes. What the document says stands in it as text only.
/// Linear in the document; names of more than 1,024 bytes are cut.
[[nodiscard]] std::string status_page(const lockfile& file, const std::string& document, timestamp now);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
