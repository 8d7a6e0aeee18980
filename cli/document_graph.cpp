#include "document_graph.hpp"

#include <map>
#include <set>

#include "agentslock/kernel/waiting.hpp"
#include "view_summary.hpp"

namespace agentslock::cli {
namespace {

using adapter_places = std::map<std::string_view, std::size_t>;

/// Those without an entry, that some view reads from.
std::set<std::string_view> only_read_from(const lockfile& file) {
  std::set<std::string_view> names;
  for (const auto& [adapter_name, owner] : file.adapters()) {
    for (const auto& [view_name, entry] : owner.views) {
      for (const dependency& item : entry.depends_on) {
        if (file.find_adapter(item.adapter) == nullptr) names.insert(item.adapter);
      }
    }
  }
  return names;
}

std::vector<graph_arrow> arrows_of(const view& entry, const waiting& waits, const adapter_places& at) {
  std::map<std::size_t, bool> told;
  for (const dependency& item : entry.depends_on) {
    const bool is_current = waits.record_of(item) == record_state::current;
    const auto [arrow, is_new] = told.emplace(at.at(item.adapter), is_current);
    if (!is_new) arrow->second = arrow->second && is_current;
  }
  std::vector<graph_arrow> arrows;
  for (const auto& [to, is_current] : told)
    arrows.push_back({to, is_current});
  return arrows;
}

}  // namespace

document_graph graph_of(const lockfile& file) {
  document_graph graph;
  adapter_places at;
  const auto add = [&](std::string_view name, const adapter* entry) {
    at.emplace(name, graph.adapters.size());
    graph.adapters.push_back({name, entry, {}});
  };
  for (const auto& [adapter_name, owner] : file.adapters())
    add(adapter_name, &owner);
  for (const std::string_view name : only_read_from(file))
    add(name, nullptr);
  const waiting waits(file);
  for (graph_adapter& one : graph.adapters) {
    if (one.entry == nullptr) continue;
    for (const auto& [view_name, entry] : one.entry->views)
      one.views.push_back({view_name, &entry, counted_state(file, entry), arrows_of(entry, waits, at)});
  }
  return graph;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
