#include <fmt/format.h>

#include <algorithm>

#include "commands.hpp"
#include "store_choice.hpp"
#include "table.hpp"

namespace agentslock::cli {
namespace {

/// Something that a store holds and no entry records: a table or view, or, without one, an adapter's place itself.
struct orphan {
  std::string adapter;
  std::string view;
  bool adapter_is_recorded;
};

result<std::vector<orphan>> find_orphans(const lockfile& file, store_listing& store) {
  const auto adapters = store.adapters();
  if (!adapters) return adapters.error();
  const auto has_views = [](const auto& one) { return !one.second.views.empty(); };
  if (adapters->empty() && std::ranges::any_of(file.adapters(), has_views)) {
    return error(
        errc::store_empty,
        "the store holds nothing of any adapter, and the document has views: it is more likely the wrong one "
        "than an empty store");
  }
  std::vector<orphan> all;
  for (const std::string& adapter_name : *adapters) {
    const auto views = store.views(adapter_name);
    if (!views) return views.error();
    const adapter* const owner = file.find_adapter(adapter_name);
    if (owner == nullptr && views->empty()) all.push_back({adapter_name, {}, false});
    for (const std::string& view_name : *views) {
      if (owner == nullptr || !owner->views.contains(view_name))
        all.push_back({adapter_name, view_name, owner != nullptr});
    }
  }
  return all;
}

std::string to_json(const std::vector<orphan>& all, const std::string& document) {
  json_report json;
  json.text("document", document);
  json.write().name("orphans");
  json.write().begin_array();
  for (const orphan& one : all) {
    json.write().begin_object();
    json.text("adapter", one.adapter);
    json.text_or_null("view", one.view);
    json.boolean("adapter_is_recorded", one.adapter_is_recorded);
    json.write().end_object();
  }
  json.write().end_array();
  return std::move(json).finish();
}

std::string to_text(const std::vector<orphan>& all, const std::string& document) {
  const std::string shown = printable(document);
  if (all.empty()) return fmt::format("{}: the store holds nothing that no entry records\n", shown);
  std::vector<std::vector<cell>> rows;
  for (const orphan& one : all) {
    rows.push_back({{one.adapter},
                    one.view.empty() ? cell{"no tables", colour::dim} : cell{one.view},
                    {one.adapter_is_recorded ? "" : "the document has no such adapter", colour::yellow}});
  }
  return fmt::format("{}: {} in the store that no entry records; nothing was removed\n", shown,
                     counted(all.size(), "orphan")) +
         table(rows, wants_colour(stdout));
}

}  // namespace

outcome_report run_orphans(const common_options& common) {
  auto store = open_contents(common);
  if (!store) return report_error(store.error());
  const lockfile_store document = document_of(common);
  const auto loaded = load_existing(document);
  if (!loaded) return report_error(loaded.error());
  const auto all = find_orphans(loaded->file(), **store);
  if (!all) return report_error(all.error());
  return {all->empty() ? exit_code::fine : exit_code::not_ready, to_text(*all, document.path()),
          to_json(*all, document.path())};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
