// The manual page, made from the definitions that the command line is parsed by.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace agentslock::cli {

/// A page for man(1): what the command is, each command with its arguments and options, and the exit statuses.
[[nodiscard]] std::string man_page(const CLI::App& app, std::string_view version);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
