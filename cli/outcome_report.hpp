// How a command's result is told.
#pragma once

#include <optional>
#include <string>

#include "agentslock/io/error.hpp"
#include "common_options.hpp"
#include "exit_code.hpp"
#include "finding.hpp"

namespace agentslock::cli {

/// A command's result, from which its text, its JSON and its exit code are all taken.
struct outcome_report {
  exit_code code = exit_code::fine;
  /// For people.
  std::string text;
  /// One JSON object.
  std::string json;
  /// What was found, for a format that lists it; nothing when that is not asked for, or nothing could be found out.
  std::optional<document_findings> findings = std::nullopt;
  /// Why nothing could be found out, or done.
  std::optional<error> failure = std::nullopt;
};

/// A report about an error, as every command gives it.
[[nodiscard]] outcome_report report_error(const error& why);

/// Writes a report where it belongs: text or JSON to standard output, the text of a failure to standard error. A format that
/// lists findings has a failure among them, and it is said on standard error, too.
/// Returns the process's exit status: the report's, or that of output that could not be written, which is said on
/// standard error.
int tell(const outcome_report& report, const common_options& options);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
