// The formats in which findings are printed, of one document or of many as they come.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "finding.hpp"
#include "output_format.hpp"

namespace agentslock::cli {

/// What has been printed.
struct findings_summary {
  std::size_t documents = 0;
  std::size_t not_fine = 0;
  std::size_t findings = 0;
  exit_code code = exit_code::fine;

  void add(const document_findings& found) noexcept;
  void add(const findings_summary& other) noexcept;
};

/// A format, as the parts that it is put together from. All texts of others are escaped as the format needs it.
struct findings_form {
  std::string (*head)();
  /// Stands before the first items, and between two.
  std::string_view before_first;
  std::string_view separator;
  /// A document's; empty when there is nothing to say.
  std::string (*items)(const document_findings&);
  std::string (*tail)(const findings_summary&);
};

/// Of a form that is its items alone.
[[nodiscard]] std::string no_head();
[[nodiscard]] std::string no_tail(const findings_summary& all);

/// Precondition: the format lists findings, or is text.
[[nodiscard]] const findings_form& form_of(output_format format) noexcept;

/// The form of each.
extern const findings_form text_findings;
extern const findings_form github_findings;
extern const findings_form sarif_findings;
extern const findings_form markdown_findings;

/// Joins what is printed, in the order in which it is given.
class findings_printer {
 public:
  explicit findings_printer(const findings_form& form) noexcept : form_(&form) {}
  [[nodiscard]] std::string begin() const { return form_->head(); }
  /// What to print for these items, which the form made.
  [[nodiscard]] std::string next(std::string_view items);
  [[nodiscard]] std::string end(const findings_summary& all) const { return form_->tail(all); }

 private:
  const findings_form* form_;
  bool has_items_ = false;
};

/// One document's findings, whole.
[[nodiscard]] std::string whole_in(const findings_form& form, const document_findings& found);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
