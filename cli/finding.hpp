// What keeps a document from being in order, one thing at a time, each with its place: what CI shows beside the document.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/entry_places.hpp"
#include "agentslock/io/reconcile_document.hpp"
#include "exit_code.hpp"
#include "view_summary.hpp"

namespace agentslock::cli {

/// The kinds of findings.
enum class finding_rule : std::uint8_t {
  view_tables_absent,
  view_digest_mismatch,
  invalid_view_status,
  dependee_schema_changed,
  pending_recompat_check,
  pending_rebuild,
  dsl_update_required,
  could_not_verify,
  dependee_not_in_document,
  every_digest_differs,
};

struct finding_rule_row {
  finding_rule rule;
  /// As outputs name it.
  std::string_view id;
  /// Whether it is one of the reasons for an exit status other than 0; else it is a note.
  bool is_failure;
  std::string_view what;
};

/// The rules, in the order of the enumeration.
[[nodiscard]] std::span<const finding_rule_row> finding_rules() noexcept;
[[nodiscard]] const finding_rule_row& row_of(finding_rule rule) noexcept;

/// Part of a sentence: ours, or what others chose.
struct message_part {
  std::string text;
  bool is_quoted = false;
};

/// Owns its texts, which are as they stand in the document: fit for no output. Of what may be repeated, long ones are cut.
struct finding {
  enum class subject : std::uint8_t { document, adapter, view };

  finding_rule rule;
  subject about = subject::document;
  /// The entry's names, whole; empty where it is about none.
  owned_key key = view_key{};
  /// What is the matter, without the entry's names.
  std::vector<message_part> message;
  /// Where the entry's name stands, or where the text is wrong.
  std::optional<text_range> place = std::nullopt;
};

/// The entry's names, cut where they are long: "adapter/view", or the adapter's; empty for the document. As they stand in the
/// document.
[[nodiscard]] std::string subject_of(const finding& one);
/// The whole sentence, made printable: "adapter/view says ready: …".
[[nodiscard]] std::string sentence_of(const finding& one);

/// What was found in one document. There is a failure among the findings exactly when `code` is not fine.
struct document_findings {
  std::string document;
  exit_code code = exit_code::fine;
  view_counts counts;
  /// In byte order of adapters, then views.
  std::vector<finding> findings;
};

/// What the gate says of each view as it is recorded; of one adapter's, unless its name is empty.
/// Precondition: the places are those of the document that says this lockfile.
[[nodiscard]] document_findings findings_as_recorded(const std::string& document, const lockfile& file,
                                                     const entry_places& places, std::string_view only = {});

/// What a pass found, and what the gate says of the views that it would leave as they are.
/// Error: that of a text that can't be read any more; none when it is the pass's.
/// Precondition: the pass was not to write.
[[nodiscard]] result<document_findings> findings_of(const std::string& document, const reconciled& pass);

/// A document about which nothing could be found out.
[[nodiscard]] document_findings findings_of(const std::string& document, const error& why);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
