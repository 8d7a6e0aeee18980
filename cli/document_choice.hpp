// The document that a command works on.
#pragma once

#include <string>
#include <string_view>

#include "agentslock/io/lockfile_store.hpp"
#include "common_options.hpp"

namespace agentslock::cli {

/// Sees to it that a document is chosen: the one that was named, or else AGENTSLOCK_DOCUMENT, or else what find_document
/// finds. Errors: those of find_document, and of read_place; a name that may hold a secret is forgotten then.
[[nodiscard]] result<> choose_document(common_options& options);

/// The document of a command: a file, or one that lives elsewhere (document_kinds.hpp). Signals that would end the process wait while a
/// file's lock is held. What keeps a document from being opened is what its store says when it is asked.
[[nodiscard]] lockfile_store document_of(const common_options& options);

/// Its name for whoever works in another directory: the path of a file, absolute.
[[nodiscard]] std::string name_anywhere(const std::string& document);

/// For commands that make sense for files alone. Error: invalid_argument, which says where the document lives, and why that is
/// not for it.
[[nodiscard]] result<> check_is_file(const common_options& options, std::string_view why_not);

/// What is wrong when there is no document.
[[nodiscard]] error missing_document(const std::string& path);

/// The lockfile of a document that is there. Errors: document_missing, and those of load.
[[nodiscard]] result<loaded_lockfile> load_existing(const lockfile_store& store);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
