// What an agent may ask: each tool is a command that looks. None takes a path, and none reaches a write.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "common_options.hpp"

namespace agentslock::cli {

/// How long an answer's JSON may be; of a longer one an agent is told to ask for less.
inline constexpr std::size_t mcp_answer_bytes_max = std::size_t{1} << 20;

/// The tools, as the value of "tools": JSON on one line.
[[nodiscard]] std::string mcp_tool_list();

struct mcp_answer {
  /// An object of JSON on one line, in which nothing hides or reorders text; of a failure, what is wrong.
  std::string text;
  bool is_failure = false;
};

/// Calls a tool with its arguments.
/// Error: invalid_argument when there is no such tool, or they are not what it takes.
[[nodiscard]] result<mcp_answer> mcp_call(const common_options& common, std::string_view tool,
                                          const boost::json::object& arguments);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
