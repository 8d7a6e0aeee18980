// Where a page is written to.
#pragma once

#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

/// Writes a page to a file: whole or not at all, and through symlinks. What is there and no file (a device, a pipe) is written
/// into.
/// Errors: invalid_argument for the document itself, which it would replace; not_a_file for a directory; access_denied,
/// no_space, io_failed, not_durable, as those of atomic_write.
[[nodiscard]] result<> write_page(const std::string& path, std::string_view page,
                                  const std::string& document);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
