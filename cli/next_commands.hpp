// The commands that move a view on, as a person may paste them into a shell.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/waiting.hpp"
#include "terminal.hpp"

namespace agentslock::cli {

/// A word as a shell reads it back, and as a terminal may show it: as it is where nothing in it is special, else in single
/// quotes. What could not be shown as it is (see printable) stands in $'…', which bash, zsh, ksh and POSIX since 2024 know.
/// Linear.
[[nodiscard]] std::string shell_word(std::string_view text, charset in = output_charset());

/// What a command works with, as the next one must be told it. Empty: what only a person knows, and stands in capitals.
struct in_use {
  std::string document;
  /// "sqlite:DIRECTORY", from here.
  std::string store = {};
  /// Command lines.
  std::string validator = {};
  std::string builder = {};
};

/// The commands that take the steps, in their order, each once; for a cutover, with the schema that the view recorded. What
/// is in use is named, quoted for a shell, so that a command is to be shown as it is; a document only where it is not the usual one here. Names of more than 1,024
/// bytes are cut.
/// Precondition: the steps are those of this view.
[[nodiscard]] std::vector<std::string> commands_for(std::span<const wait_step> steps, const lockfile& file,
                                                    view_key key, const in_use& with);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
