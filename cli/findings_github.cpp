// Workflow commands of GitHub Actions: "::error file=…,line=…::message", a line a finding.
#include <fmt/format.h>
#include <unistd.h>

#include <iterator>

#include "findings_form.hpp"
#include "json_report.hpp"
#include "project_path.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// A text as the runner reads it back; of a property what ends one is escaped, too.
std::string as_command_text(std::string_view text, bool in_property) {
  std::string shown;
  for (const char c : text) {
    const bool ends = c == '%' || c == '\r' || c == '\n' || (in_property && (c == ':' || c == ','));
    if (ends) {
      fmt::format_to(std::back_inserter(shown), "%{:02X}", static_cast<unsigned char>(c));
    } else {
      shown += c;
    }
  }
  return shown;
}

std::string github_items(const document_findings& found) {
  const std::string path = as_utf8(path_in_project(found.document).path);
  // The runner looks for the file by its very name; on a terminal, nothing must look like what it is not.
  const std::string shown = ::isatty(STDOUT_FILENO) != 0 ? printable(path) : path;
  std::string text;
  for (const finding& one : found.findings) {
    const finding_rule_row& rule = row_of(one.rule);
    text += fmt::format("::{} file={}", rule.is_failure ? "error" : "notice", as_command_text(shown, true));
    if (one.place) {
      text += fmt::format(",line={},endLine={},col={},endColumn={}", one.place->begin.line,
                          one.place->end.line, one.place->begin.column, one.place->end.column);
    }
    text += fmt::format(",title={}::{}\n", as_command_text(fmt::format("agentslock: {}", rule.id), true),
                        as_command_text(sentence_of(one), false));
  }
  return text;
}

}  // namespace

const findings_form github_findings{no_head, "", "", github_items, no_tail};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
