// The document that a command works on.
#pragma once

#include <string>

#include "agentslock/io/lockfile_store.hpp"
#include "common_options.hpp"

namespace agentslock::cli {

/// Sees to it that a document is chosen: the one that was named, or else AGENTSLOCK_DOCUMENT, or else what find_document
/// finds. Errors: those of find_document.
[[nodiscard]] result<> choose_document(common_options& options);

/// The document of a command. Signals that would end the process wait while its lock is held.
[[nodiscard]] lockfile_store document_of(const common_options& options);

/// What is wrong when there is no document.
[[nodiscard]] error missing_document(const std::string& path);

/// The lockfile of a document that is there. Errors: document_missing, and those of load.
[[nodiscard]] result<loaded_lockfile> load_existing(const lockfile_store& store);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
