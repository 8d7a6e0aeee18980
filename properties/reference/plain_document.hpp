// The document rewritten through a tree: a second way from a text and a change to a text, that keeps nothing in place
// and edits nothing. For a document in the Go tool's format both ways must give the same bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "../laws/document.hpp"
#include "../laws/json_tree.hpp"
#include "plain_lockfile.hpp"

namespace agentslock::reference {

/// The section, as the Go tool states it.
[[nodiscard]] laws::json_node section_of(const plain_lockfile& file);

/// What the `adapters` section of a document says. Precondition: a valid one.
[[nodiscard]] plain_lockfile adapters_in(const laws::json_node& document);

/// The document after a change: read into a tree, the sections exchanged, all of it written anew in the Go tool's
/// format. The operations are done by the plain machine.
/// Precondition: the document is valid.
[[nodiscard]] std::string rewritten(std::string_view document, const laws::document_change& change);

}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
