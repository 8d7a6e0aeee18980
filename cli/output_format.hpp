// What a command's result is printed as.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace agentslock::cli {

enum class output_format : std::uint8_t {
  /// For people.
  text,
  /// One object: what --json prints.
  json,
  /// Workflow commands of GitHub Actions, which become annotations.
  github,
  /// SARIF 2.1.0: one log, for code scanning.
  sarif,
  /// A table for a comment on a pull request, or a job's summary.
  markdown,
};

/// As --format names them, in the order of the enumeration.
inline constexpr std::array<std::string_view, 5> output_format_names{"text", "json", "github", "sarif",
                                                                     "markdown"};

/// Whether it lists findings, with their places, for programs that show them beside the document.
[[nodiscard]] constexpr bool lists_findings(output_format format) noexcept {
  return format > output_format::json;
}

/// Precondition: one of the names, or empty, which is text.
[[nodiscard]] constexpr output_format read_format(std::string_view name) noexcept {
  for (std::size_t i = 0; i < output_format_names.size(); ++i) {
    if (output_format_names[i] == name) return static_cast<output_format>(i);
  }
  return output_format::text;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
