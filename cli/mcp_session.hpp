// The Model Context Protocol, version 2025-06-18, as a server of tools: a message in, an answer out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bounded_lines.hpp"
#include "common_options.hpp"

namespace agentslock::cli {

/// The one version that is spoken. A client that asks for another is told this one, and ends the session if it can't speak it.
inline constexpr std::string_view mcp_protocol_version = "2025-06-18";

/// How long a message may be.
inline constexpr std::size_t mcp_message_bytes_max = std::size_t{1} << 20;

/// The answer to a line, with its newline; nothing where none is due, as for notifications.
/// Total: whatever the line is. Holds nothing between two lines.
[[nodiscard]] std::optional<std::string> answer_to(const bounded_line& line, const common_options& common);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
