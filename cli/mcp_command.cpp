#include <fmt/format.h>
#include <unistd.h>

#include "commands.hpp"
#include "mcp_session.hpp"
#include "streams.hpp"

namespace agentslock::cli {

outcome_report run_mcp(const common_options& common) {
  bounded_lines lines(STDIN_FILENO, mcp_message_bytes_max);
  for (;;) {
    const auto line = lines.next(1);
    if (line.empty()) break;
    const auto answer = answer_to(line.front(), common);
    if (!answer) continue;
    if (const auto written = write_all(STDOUT_FILENO, *answer); !written) {
      return report_error(error(errc::invalid_argument,
                                fmt::format("could not write an answer: {}", written.error().message())));
    }
  }
  if (const auto why = lines.failure())
    return report_error(
        error(errc::invalid_argument, fmt::format("could not read standard input: {}", why.message())));
  return {};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
