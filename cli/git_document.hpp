// Documents as git has them.
#pragma once

#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

/// Whether a name is REV:PATH, of git. A name of a file is one without a colon, or one that begins with "/", "./" or "../".
[[nodiscard]] bool is_of_git(std::string_view name) noexcept;

/// What `git show REV:PATH` says in this directory, by whose rules PATH is found: from the top of the working tree, or with
/// "./" from here. No shell is asked, and no name is taken for an option.
/// Errors: invalid_argument (a name that begins with "-", or holds a NUL); document_missing, with what git said; io_failed,
/// also when there is no git; too_large, as for a document.
[[nodiscard]] result<std::string> show_by_git(const std::string& name);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
