// A table in Markdown, as GitHub and GitLab read it.
#include <fmt/format.h>

#include <iterator>

#include "findings_form.hpp"
#include "project_path.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// A text of others, printable, in a cell: as code, where no mention, link or emoji is made of it, and with every character
/// that could mean something as a reference.
std::string as_code(std::string_view text) {
  std::string shown;
  for (const char c : printable(text, charset::utf8)) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          c == ' ' || (static_cast<unsigned char>(c) & 0x80) != 0;
    if (is_plain) {
      shown += c;
    } else {
      fmt::format_to(std::back_inserter(shown), "&#{};", static_cast<unsigned>(c));
    }
  }
  return shown.empty() ? shown : "<code>" + shown + "</code>";
}

std::string markdown_items(const document_findings& found) {
  const std::string path = path_in_project(found.document).path;
  std::string text;
  for (const finding& one : found.findings) {
    const std::string line = one.place ? fmt::format(":{}", one.place->begin.line) : "";
    text +=
        fmt::format("| {} | {} | {} | ", as_code(path + line), as_code(subject_of(one)), row_of(one.rule).id);
    for (const message_part& part : one.message)
      text += part.is_quoted ? as_code(part.text) : part.text;
    text += " |\n";
  }
  return text;
}

std::string markdown_head() {
  return "### agentslock\n\n";
}

std::string markdown_tail(const findings_summary& all) {
  const std::string checked = counted(all.documents, "document");
  if (all.findings == 0) return fmt::format("{}, nothing found.\n", checked);
  return fmt::format("\n{}, {} not in order, {}.\n", checked, all.not_fine, counted(all.findings, "finding"));
}

}  // namespace

const findings_form markdown_findings{markdown_head, "| place | view | finding | what |\n|---|---|---|---|\n",
                                      "", markdown_items, markdown_tail};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
