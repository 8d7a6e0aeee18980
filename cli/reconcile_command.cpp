#include <fmt/format.h>

#include <utility>

#include "commands.hpp"
#include "lifecycle_report.hpp"
#include "pass_report.hpp"
#include "store_choice.hpp"
#include "table.hpp"

namespace agentslock::cli {
namespace {

constexpr std::string_view why_all_may_differ =
    "another program may compute view digests by another formula; rebuild with this one, or register the "
    "digests that "
    "this one computes";

std::string to_json(const reconciled& pass, const std::string& document, bool check) {
  json_report json;
  json.text("document", document);
  json.boolean("check", check);
  json.boolean("written", pass.written);
  add_findings(json, pass);
  json_writer& write = json.write();
  write.name("every_digest_differs");
  write.begin_array();
  for (const std::string& adapter : pass.every_digest_differs)
    write.string(adapter);
  write.end_array();
  add_counts(json, view_counts(pass.by_state));
  return std::move(json).finish();
}

std::string to_text(const reconciled& pass, const std::string& document, bool check, bool coloured) {
  std::string text;
  if (pass.views == 0) return fmt::format("{}: no views, nothing to reconcile\n", printable(document));

  text += fmt::format("{}: {}, {} {}\n", printable(document), counted(pass.views, "view"),
                      pass.changes.empty() ? "nothing" : std::to_string(pass.changes.size()),
                      check                  ? "would change"
                      : pass.changes.empty() ? "to change"
                                             : "changed");
  std::vector<std::vector<cell>> rows;
  std::string_view above;
  const auto shown_name = [&](std::string_view adapter) {
    return std::exchange(above, adapter) == adapter ? repeated(adapter) : cell{std::string(adapter)};
  };
  for (const auto& change : pass.changes) {
    const view_state from = read_state(change.from);
    rows.push_back(
        {shown_name(change.key.adapter),
         {change.key.view},
         status_cell(from, change.from),
         {std::string(arrow())},
         status_cell(state_of(change.to), ""),
         {change.dependee.empty() ? change.reason : fmt::format("{}: {}", change.reason, change.dependee)}});
  }
  for (const named_view& due : pass.validation_due) {
    rows.push_back({shown_name(due.adapter),
                    {due.view},
                    status_cell(view_state::pending_recompat_check, ""),
                    {},
                    {},
                    {"validation is due"}});
  }
  for (const named_view& shut : pass.gates_shut) {
    rows.push_back({shown_name(shut.adapter),
                    {shut.view},
                    status_cell(view_state::dsl_update_required, ""),
                    {},
                    {},
                    {"its program must change"}});
  }
  text += table(rows, coloured);
  for (const std::string& adapter : pass.every_digest_differs) {
    text += fmt::format("  note: every view of {} in the store has another digest: {}\n", printable(adapter),
                        why_all_may_differ);
  }
  text += notes_on(pass.missing_dependees);
  return text + fmt::format("{}: {}\n", check ? "after a pass" : "now",
                            by_state_in_words(view_counts(pass.by_state), coloured));
}

}  // namespace

outcome_report run_reconcile(const common_options& common, bool check) {
  const auto pass = run_pass(common, check ? reconcile_mode::check : reconcile_mode::write);
  if (!pass) return report_error(pass.error());
  const lockfile_store store = document_of(common);
  if (!pass->existed) return report_error(missing_document(store.path()));

  if (lists_findings(common.format)) {
    auto found = findings_of(store.path(), *pass);
    if (!found) return report_error(found.error());
    return {code_for(*pass), {}, {}, std::move(*found)};
  }
  // What is to be run is told to people alone, and where all is well there is nothing.
  if (common.json) return {code_for(*pass), {}, to_json(*pass, store.path(), check)};
  std::string text = to_text(*pass, store.path(), check, wants_colour(stdout));
  if (pass->count(view_state::ready) < pass->views) {
    const auto end = state_at_end(store, what_is_in_use(common), view_key{});
    if (!end) return report_error(end.error());
    text += commands_in_words(*end);
  }
  return {code_for(*pass), std::move(text), {}};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
