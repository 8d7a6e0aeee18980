// Which document a command works on when none is named.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

/// The users whose documents are taken wherever they are found: the one that this process acts for, root, and under sudo the
/// one who called it (SUDO_UID).
[[nodiscard]] std::vector<uid_t> trusted_users();

/// The default document: `.agentsrc.lock` in this directory, or in the nearest directory above, up to the one that holds
/// `.git`; when there is none, the one here.
/// One that is found above is taken only if it and its directory belong to users who are trusted, and so does what a symlink
/// there leads to. Else anybody who may write above could choose what is read and rewritten. One that may not be taken ends
/// the search.
/// Errors: access_denied; those of looking at a path, since what can't be seen may be the nearest one.
[[nodiscard]] result<std::string> find_document(std::span<const uid_t> trusted);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
