#include "finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "agentslock/kernel/reconcile_table.hpp"
#include "pass_report.hpp"
#include "shortened.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

// clang-format off
constexpr std::array<finding_rule_row, 10> rules{{
    {finding_rule::view_tables_absent,       "view-tables-absent",       true,  "A view is recorded as ready, and the store has no tables of it."},
    {finding_rule::view_digest_mismatch,     "view-digest-mismatch",     true,  "A view is recorded as ready, and the store's digest of it is not the recorded one."},
    {finding_rule::invalid_view_status,      "invalid-view-status",      true,  "A view's recorded status is none of the four."},
    {finding_rule::dependee_schema_changed,  "dependee-schema-changed",  true,  "A view is recorded as ready over a schema that is gone."},
    {finding_rule::pending_recompat_check,   "pending-recompat-check",   true,  "A view awaits validation."},
    {finding_rule::pending_rebuild,          "pending-rebuild",          true,  "A view awaits its rebuild."},
    {finding_rule::dsl_update_required,      "dsl-update-required",      true,  "A view's program must be changed."},
    {finding_rule::could_not_verify,         "could-not-verify",         true,  "It could not be found out how the document stands."},
    {finding_rule::dependee_not_in_document, "dependee-not-in-document", false, "A view reads from an adapter that has no entry, so nobody can say whether its schema changed."},
    {finding_rule::every_digest_differs,     "every-digest-differs",     false, "Every view of an adapter has another digest in the store than recorded; another program may compute digests by another formula."},
}};
// clang-format on

finding_rule rule_of(view_state state) noexcept {
  switch (state) {
    case view_state::ready:
      return finding_rule::dependee_schema_changed;
    case view_state::pending_recompat_check:
      return finding_rule::pending_recompat_check;
    case view_state::pending_rebuild:
      return finding_rule::pending_rebuild;
    case view_state::dsl_update_required:
      return finding_rule::dsl_update_required;
    case view_state::unrecognised:
    case view_state::none:
      break;
  }
  return finding_rule::invalid_view_status;
}

finding_rule rule_of(const reconciled::change& change) noexcept {
  if (change.kind == reconciled::change_kind::missed_bump) return finding_rule::dependee_schema_changed;
  if (change.reason == reason(reconcile_action::tables_absent)) return finding_rule::view_tables_absent;
  if (change.reason == reason(reconcile_action::digest_mismatch)) return finding_rule::view_digest_mismatch;
  return finding_rule::invalid_view_status;
}

using message_parts = std::vector<message_part>;

message_part quoted_part(std::string_view text) {
  return {shortened(text), true};
}

/// "says STATUS: REASON", and the dependee that it is about.
message_parts says(std::string_view status, std::string_view reason, std::string_view dependee) {
  message_parts sentence{{"says "}, quoted_part(status), {fmt::format(": {}", reason)}};
  if (status.empty()) sentence = {{fmt::format("says nothing: {}", reason)}};
  if (!dependee.empty()) {
    sentence.push_back({": "});
    sentence.push_back(quoted_part(dependee));
  }
  return sentence;
}

/// What the gate says of a view, if it may not be queried.
std::optional<finding> as_recorded(const lockfile& file, view_key key, const view& entry) {
  const gate_row& gate = gate_row_for(file, entry);
  if (gate.decision == gate_decision::allowed) return std::nullopt;
  const dependency* missed = file.missed_record(entry);
  finding found{
      rule_of(entry.status.state()), finding::subject::view, key,
      says(entry.status.text(), gate.reason, missed == nullptr ? std::string_view() : missed->adapter)};
  found.message.push_back({fmt::format("; needs {}", gate.unblocked_by)});
  return found;
}

finding of_change(const reconciled::change& change) {
  const gate_row& then = gate_row_of(state_of(change.to), records::current);
  finding found{rule_of(change), finding::subject::view, change.key,
                says(change.from, change.reason, change.dependee)};
  found.message.push_back(
      {fmt::format("; a pass makes it {}, and then it needs {}", spelling(change.to), then.unblocked_by)});
  return found;
}

finding of_missing(const missing_dependee& one) {
  return {finding_rule::dependee_not_in_document,
          finding::subject::view,
          view_key{one.adapter, one.view},
          {{"reads from "},
           quoted_part(one.dependee),
           {", which is not in this document: nobody can say whether its schema changed"}}};
}

finding of_adapter(finding_rule rule, std::string_view adapter) {
  return {rule, finding::subject::adapter, view_key{adapter, {}}, {{std::string(row_of(rule).what)}}};
}

void add_places(std::vector<finding>& findings, const entry_places& places) {
  for (finding& one : findings)
    one.place =
        one.about == finding::subject::view ? places.of_view(one.key) : places.of_adapter(one.key.adapter);
}

/// In the order of the views; of one view, failures first.
void sort(std::vector<finding>& findings) {
  std::ranges::stable_sort(findings, {}, [](const finding& one) { return view_key(one.key); });
}

}  // namespace

std::string subject_of(const finding& one) {
  switch (one.about) {
    case finding::subject::document:
      return {};
    case finding::subject::adapter:
      return shortened(one.key.adapter);
    case finding::subject::view:
      break;
  }
  const std::string adapter = shortened(one.key.adapter);
  const std::string view = shortened(one.key.view);
  return to_string(view_key{adapter, view});
}

std::string sentence_of(const finding& one) {
  std::string sentence = printable(subject_of(one), charset::utf8);
  if (one.about == finding::subject::view) sentence += " ";
  if (one.about == finding::subject::adapter) sentence += ": ";
  for (const message_part& part : one.message)
    sentence += part.is_quoted ? printable(part.text, charset::utf8) : part.text;
  return sentence;
}

std::span<const finding_rule_row> finding_rules() noexcept {
  return rules;
}

const finding_rule_row& row_of(finding_rule rule) noexcept {
  return rules[static_cast<std::size_t>(rule)];
}

document_findings findings_as_recorded(const std::string& document, const lockfile& file,
                                       const entry_places& places, std::string_view only) {
  document_findings all{document, {}, {}, {}};
  for (const auto& [adapter_name, owner] : file.adapters()) {
    if (!only.empty() && adapter_name != only) continue;
    for (const auto& [view_name, entry] : owner.views) {
      all.counts.add(counted_state(file, entry));
      if (auto found = as_recorded(file, {adapter_name, view_name}, entry))
        all.findings.push_back(std::move(*found));
    }
  }
  for (const missing_dependee& one : file.missing_dependees()) {
    if (only.empty() || one.adapter == only) all.findings.push_back(of_missing(one));
  }
  all.code = code_for(all.counts);
  sort(all.findings);
  add_places(all.findings, places);
  return all;
}

result<document_findings> findings_of(const std::string& document, const reconciled& pass) {
  const auto read = lock_document::parse(pass.as_read, document, version_rule::any);
  if (!read) return read.error();
  document_findings all{document, code_for(pass), view_counts(pass.by_state), {}};
  for (const reconciled::change& change : pass.changes)
    all.findings.push_back(of_change(change));
  auto change = pass.changes.begin();
  for (const auto& [adapter_name, owner] : read->adapters.adapters()) {
    for (const auto& [view_name, entry] : owner.views) {
      const view_key key{adapter_name, view_name};
      // Both are in byte order.
      if (change != pass.changes.end() && view_key(change->key) == key) {
        ++change;
      } else if (auto found = as_recorded(read->adapters, key, entry)) {
        all.findings.push_back(std::move(*found));
      }
    }
  }
  for (const missing_dependee& one : pass.missing_dependees)
    all.findings.push_back(of_missing(one));
  for (const std::string& adapter : pass.every_digest_differs)
    all.findings.push_back(of_adapter(finding_rule::every_digest_differs, adapter));
  sort(all.findings);
  add_places(all.findings, entry_places(read->document));
  return all;
}

document_findings findings_of(const std::string& document, const error& why) {
  document_findings all{document, code_for(why.code()), {}, {}};
  finding found{
      finding_rule::could_not_verify, finding::subject::document, view_key{}, {quoted_part(why.message())}};
  if (const auto at = why.position()) found.place = text_range{*at, {at->line, at->column + 1}};
  all.findings.push_back(std::move(found));
  return all;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
