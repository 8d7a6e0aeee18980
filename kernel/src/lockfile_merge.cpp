// Merging whole lockfiles: every view by merge_views, every adapter by the same table, and the bumps that the result missed.

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "agentslock/kernel/merge.hpp"
#include "lockfile_editor.hpp"
#include "merge_rules.hpp"

namespace agentslock {
namespace {

/// Three entries of one name.
template <class Entry>
struct three {
  const Entry* base = nullptr;
  const Entry* ours = nullptr;
  const Entry* theirs = nullptr;
};

/// The entries of three maps, by name.
template <class Map>
std::map<std::string_view, three<typename Map::mapped_type>> by_name(const Map& base, const Map& ours,
                                                                     const Map& theirs) {
  std::map<std::string_view, three<typename Map::mapped_type>> all;
  const auto add = [&](const Map& from, auto member) {
    auto hint = all.begin();
    for (const auto& [name, entry] : from) {
      hint = all.try_emplace(hint, name);
      hint->second.*member = &entry;
    }
  };
  add(base, &three<typename Map::mapped_type>::base);
  add(ours, &three<typename Map::mapped_type>::ours);
  add(theirs, &three<typename Map::mapped_type>::theirs);
  return all;
}

/// An adapter of the result.
struct merged_adapter {
  merge_rule rule = merge_rule::gone;
  three<adapter> entries;
  std::vector<std::pair<std::string_view, merged_view>> views;
};

const view_map& views_of(const adapter* one) noexcept {
  static const view_map none;
  return one == nullptr ? none : one->views;
}

std::span<const dependency> records_of(const merged_view& one) noexcept {
  return one.as_it_is != nullptr ? std::span<const dependency>(one.as_it_is->depends_on) : one.depends_on;
}

class lockfile_merge {
 public:
  lockfile_merge(const lockfile& base, const lockfile& ours, const lockfile& theirs) {
    for (const auto& [name, entries] : by_name(base.adapters(), ours.adapters(), theirs.adapters())) {
      merged_adapter& one = adapters_[name];
      one.entries = entries;
      one.rule = rule_for(entries.base, entries.ours, entries.theirs, same_own_texts);
      for (const auto& [view_name, views] :
           by_name(views_of(entries.base), views_of(entries.ours), views_of(entries.theirs))) {
        merged_view merged = merge_views(views.base, views.ours, views.theirs);
        if (!merged.present()) continue;
        for (const dependency& item : records_of(merged))
          read_.insert(item.adapter);
        one.views.emplace_back(view_name, merged);
      }
    }
  }

  [[nodiscard]] merged_lockfile finish(merge_side of_conflicts) const {
    lockfile_restorer restore;
    std::vector<std::string> conflicts;
    for (const auto& [name, one] : adapters_) {
      if (!stays(name, one)) continue;
      adapter& made = *restore.add_adapter(restore.keep(name));
      if (!merge_texts(restore, made, one, of_conflicts)) conflicts.emplace_back(name);
      for (const auto& [view_name, merged] : one.views)
        add_view(restore, *restore.add_view(made, restore.keep(view_name)), merged);
    }
    merged_lockfile result{std::move(restore).finish(), std::move(conflicts)};
    mark_missed(result.file);
    return result;
  }

 private:
  /// Whether the result has an adapter: also one that a side removed, if a view needs it.
  [[nodiscard]] bool stays(std::string_view name, const merged_adapter& one) const {
    if (one.rule != merge_rule::gone) return true;
    const bool somebody_has_it = one.entries.ours != nullptr || one.entries.theirs != nullptr;
    return !one.views.empty() || (somebody_has_it && read_.count(name) > 0);
  }

  /// An adapter's digests and its time. False: its digests are a conflict.
  static bool merge_texts(lockfile_restorer& restore, adapter& made, const merged_adapter& one,
                          merge_side of_conflicts) {
    const auto& [base, ours, theirs] = one.entries;
    const adapter_texts texts = merge_adapter_texts(base, ours, theirs, of_conflicts);
    made.source_digest = restore.keep(texts.digests_of->source_digest);
    made.schema_digest = restore.keep(texts.digests_of->schema_digest);
    made.activated_at = restore.keep(texts.activated_at);
    return !texts.conflict;
  }

  static void add_view(lockfile_restorer& restore, view& made, const merged_view& from) {
    const view* whole = from.as_it_is;
    made.status = recorded_status(restore.keep((whole != nullptr ? whole->status : from.status).text()));
    made.view_digest = restore.keep(whole != nullptr ? whole->view_digest : from.view_digest);
    made.last_rebuilt_at = restore.keep(whole != nullptr ? whole->last_rebuilt_at : from.last_rebuilt_at);
    made.last_validation_at =
        restore.keep(whole != nullptr ? whole->last_validation_at : from.last_validation_at);
    for (const dependency& item : records_of(from)) {
      made.depends_on.push_back(
          {restore.keep(item.adapter), restore.keep(item.schema_digest), restore.keep(item.version)});
    }
    const auto log = whole != nullptr ? whole->state_history.entries() : from.history.entries();
    std::vector<audit_entry> items;
    items.reserve(log.size());
    for (const audit_entry& item : log) {
      items.push_back({restore.keep(item.at), restore.keep(item.from), restore.keep(item.to),
                       restore.keep(item.trigger)});
    }
    made.state_history.restore(items);
  }

  /// As lockfile::mark_missed_bumps, but each at a time that the documents record.
  static void mark_missed(lockfile& file) {
    for (const missed_bump& one : file.missed_bumps()) {
      const std::string_view at = later(latest_time(*file.find_view({one.adapter, one.view})),
                                        file.find_adapter(one.dependee)->activated_at);
      lockfile_editor edit(file, at);
      edit.step(*edit.find({one.adapter, one.view}), view_state::ready, view_event::dependee_bumped,
                one.dependee);
    }
  }

  std::map<std::string_view, merged_adapter> adapters_;
  /// Whom the views of the result read from.
  std::set<std::string_view> read_;
};

}  // namespace

merged_lockfile merge_lockfiles(const lockfile& base, const lockfile& ours, const lockfile& theirs,
                                merge_side of_conflicts) {
  return lockfile_merge(base, ours, theirs).finish(of_conflicts);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
