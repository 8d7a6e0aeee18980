#include <fmt/format.h>

#include <set>
#include <vector>

#include "agentslock/io/reconcile_document.hpp"
#include "agentslock/kernel/waiting.hpp"
#include "commands.hpp"
#include "pass_report.hpp"
#include "shortened.hpp"
#include "store_choice.hpp"
#include "table.hpp"

namespace agentslock::cli {
namespace {

/// Makes a lockfile what a pass, that was only looked at, would have made it.
result<> take_over(lockfile& file, const reconciled& pass, timestamp now) {
  std::set<view_key> changed;
  for (const auto& change : pass.changes)
    changed.insert({change.key.adapter, change.key.view});
  if (const auto marked = file.mark_missed_bumps(now); !marked) return error(marked.why());
  reconcile_visitor nobody;
  // What the store did not hold as recorded is moved; why, the pass has said.
  const auto as_seen = [&](view_key key) -> std::optional<presence> {
    if (changed.contains(key)) return presence{};
    return presence{true, file.find_view(key)->view_digest};
  };
  const auto done = file.reconcile(as_seen, nobody, now);
  return done ? result<>() : error(done.why());
}

/// The views that the programs would be run for.
struct planned {
  std::vector<view_key> judged;
  std::vector<view_key> built;
};

planned plan(const lockfile& file) {
  const waiting waits(file);
  planned views;
  for (const view_key key : file.view_keys()) {
    if (waits.is_validation_due(key)) {
      views.judged.push_back(key);
    } else if (waits.is_rebuildable(key)) {
      views.built.push_back(key);
    }
  }
  return views;
}

void add_views(json_report& json, std::string_view name, const std::vector<view_key>& views) {
  json.write().name(name);
  json.write().begin_array();
  for (const view_key key : views)
    json.view(key);
  json.write().end_array();
}

void add_rows(std::vector<std::vector<cell>>& rows, const std::vector<view_key>& views,
              std::string_view what) {
  for (const view_key key : views)
    rows.push_back({{shortened(key.adapter)}, {shortened(key.view)}, {std::string(what)}});
}

}  // namespace

outcome_report run_recover_dry(const common_options& common) {
  auto views = open_store(common);
  if (!views) return report_error(views.error());
  const lockfile_store store = document_of(common);
  const auto pass = reconcile_document(store, **views, reconcile_mode::check);
  if (!pass) return report_error(pass.error());
  auto loaded = load_existing(store);
  if (!loaded) return report_error(loaded.error());
  if (const auto taken = take_over(loaded->file(), *pass, store.now()); !taken)
    return report_error(taken.error());
  const planned work = plan(loaded->file());

  json_report json;
  json.text("document", store.path());
  add_findings(json, *pass);
  add_views(json, "would_judge", work.judged);
  add_views(json, "would_build", work.built);
  add_counts(json, view_counts(pass->by_state));
  std::vector<std::vector<cell>> rows;
  for (const auto& change : pass->changes) {
    rows.push_back({{shortened(change.key.adapter)},
                    {shortened(change.key.view)},
                    {fmt::format("would become {}: {}", spelling(change.to), change.reason)}});
  }
  add_rows(rows, work.judged, "would be judged, and built if it passes");
  add_rows(rows, work.built, "would be built");
  const std::string head = pass->views == 0
                               ? std::string("no views")
                               : fmt::format("{} would be changed by the pass, {} judged, {} built",
                                             pass->changes.size(), work.judged.size(), work.built.size());
  return {code_for(*pass),
          fmt::format("{}: {}\n", printable(store.path()), head) + table(rows, wants_colour(stdout)),
          std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
