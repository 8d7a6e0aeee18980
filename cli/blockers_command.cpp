#include <fmt/format.h>

#include <algorithm>

#include "agentslock/kernel/query_gate.hpp"
#include "commands.hpp"
#include "shortened.hpp"
#include "suggestion.hpp"
#include "table.hpp"
#include "view_summary.hpp"

namespace agentslock::cli {
namespace {

/// A view in the way, with what its log says of when and why it got there.
struct blocker {
  view_key key;
  audit_entry last;
  std::string_view last_validation_at;
};

/// Whether some view of the document reads from an adapter: then it is known, also before it is activated.
bool is_read(const lockfile& file, std::string_view name) {
  return std::ranges::any_of(file.adapters(), [&](const auto& owner) {
    return std::ranges::any_of(owner.second.views,
                               [&](const auto& one) { return one.second.reads_from(name); });
  });
}

std::string to_json(const std::vector<blocker>& all, const std::string& document,
                    const std::string& adapter) {
  json_report json;
  json.text("document", document);
  json.text("adapter", adapter);
  json.write().name("blockers");
  json.write().begin_array();
  for (const blocker& one : all) {
    json.write().begin_object();
    json.text("adapter", shortened(one.key.adapter));
    json.text("view", shortened(one.key.view));
    json.text_or_null("since", one.last.at);
    json.text_or_null("why", one.last.trigger);
    json.text_or_null("last_validation_at", one.last_validation_at);
    json.write().end_object();
  }
  json.write().end_array();
  return std::move(json).finish();
}

std::string to_text(const std::vector<blocker>& all, const std::string& document,
                    const std::string& adapter) {
  if (all.empty()) return fmt::format("{}: nothing blocks {}\n", printable(document), printable(adapter));
  std::vector<std::vector<cell>> rows;
  std::string_view above;
  for (const blocker& one : all) {
    const bool is_same = !rows.empty() && above == one.key.adapter;
    above = one.key.adapter;
    rows.push_back({is_same ? repeated(above) : cell{std::string(above)},
                    {std::string(one.key.view)},
                    status_cell(view_state::dsl_update_required, {}),
                    {one.last.at.empty() ? "" : fmt::format("since {}", one.last.at), colour::dim},
                    {std::string(one.last.trigger)}});
  }
  return fmt::format("{}: {} {} another schema of {}; each needs {}\n", printable(document),
                     counted(all.size(), "view"), all.size() == 1 ? "blocks" : "block", printable(adapter),
                     gate_row_of(view_state::dsl_update_required, records::current).unblocked_by) +
         table(rows, wants_colour(stdout));
}

}  // namespace

outcome_report run_blockers(const common_options& common, const std::string& adapter) {
  const lockfile_store store = document_of(common);
  const auto loaded = load_existing(store);
  if (!loaded) return report_error(loaded.error());
  const lockfile& file = loaded->file();
  if (file.find_adapter(adapter) == nullptr && !is_read(file, adapter))
    return report_error(unknown_adapter(file, adapter, store.path()));
  const std::vector<owned_key> keys = file.activation_blockers(adapter);
  std::vector<blocker> all;
  for (const view_key key : keys) {
    const view& entry = *file.find_view(key);
    all.push_back({key, last_transition(entry), entry.last_validation_at});
  }
  return {all.empty() ? exit_code::fine : exit_code::blocked, to_text(all, store.path(), adapter),
          to_json(all, store.path(), adapter)};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
