#include "findings_form.hpp"

#include <fmt/format.h>

#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// A line about the document, and one about each finding, as compilers print theirs.
std::string text_items(const document_findings& found) {
  const std::string path = printable(found.document);
  // What could not be found out has no counts.
  std::string text;
  for (const finding& one : found.findings) {
    if (one.rule == finding_rule::could_not_verify) continue;
    const text_position at = one.place ? one.place->begin : text_position{};
    text += fmt::format("{}:{}:{}: {}: {}\n", path, at.line, at.column,
                        row_of(one.rule).is_failure ? "error" : "note", sentence_of(one));
  }
  for (const finding& one : found.findings) {
    // The message names the document and the place.
    if (one.rule == finding_rule::could_not_verify) return fmt::format("{}: {}\n", path, sentence_of(one));
  }
  return fmt::format("{}: {}\n", path, in_words(found.counts, false)) + text;
}

}  // namespace

const findings_form text_findings{no_head, "", "", text_items, no_tail};

std::string no_head() {
  return {};
}
std::string no_tail(const findings_summary&) {
  return {};
}

void findings_summary::add(const document_findings& found) noexcept {
  ++documents;
  if (found.code != exit_code::fine) ++not_fine;
  findings += found.findings.size();
  code = first_of(code, found.code);
}

void findings_summary::add(const findings_summary& other) noexcept {
  documents += other.documents;
  not_fine += other.not_fine;
  findings += other.findings;
  code = first_of(code, other.code);
}

const findings_form& form_of(output_format format) noexcept {
  switch (format) {
    case output_format::github:
      return github_findings;
    case output_format::sarif:
      return sarif_findings;
    case output_format::markdown:
      return markdown_findings;
    case output_format::text:
    case output_format::json:
      break;
  }
  return text_findings;
}

std::string findings_printer::next(std::string_view items) {
  if (items.empty()) return {};
  std::string text(has_items_ ? form_->separator : form_->before_first);
  has_items_ = true;
  return text.append(items);
}

std::string whole_in(const findings_form& form, const document_findings& found) {
  findings_printer print(form);
  findings_summary all;
  all.add(found);
  std::string text = print.begin();
  text += print.next(form.items(found));
  return text + print.end(all);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
