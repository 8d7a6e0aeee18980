// Completions for shells, made from the definitions that the command line is parsed by.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace agentslock::cli {

/// A script for bash, zsh or fish, to be sourced or put where the shell looks for completions. It completes commands and
/// options; everything else is left to the shell, which completes files.
/// Precondition: the shell is one of "bash", "zsh", "fish".
[[nodiscard]] std::string shell_completions(const CLI::App& app, const std::string& shell);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
