// A lockfile's entries, copied for C.
#include <algorithm>
#include <deque>
#include <memory>

#include "agentslock/io/view_work.hpp"
#include "agentslock/kernel/waiting.hpp"
#include "lockfile.hpp"

using namespace agentslock;
using namespace agentslock::c;

struct agentslock_listing {
  explicit agentslock_listing(const lockfile& file) {
    const waiting waits(file);
    for (const auto& [name, entry] : file.adapters()) {
      adapters.push_back(
          {keep(name), keep(entry.source_digest), keep(entry.schema_digest), keep(entry.activated_at)});
      for (const auto& [view_name, view_entry] : entry.views)
        add_view(file, waits, {name, view_name}, view_entry);
    }
  }

  std::vector<agentslock_adapter_entry> adapters;
  std::vector<agentslock_view_entry> views;

 private:
  /// What a view's entry points to.
  struct parts {
    std::vector<agentslock_dependency> dependencies;
    std::vector<agentslock_transition> history;
    std::vector<agentslock_wait_step> steps;
  };

  agentslock_text keep(std::string_view text) {
    return text.empty() ? text_out("") : text_out(texts_.emplace_back(text));
  }

  void add_view(const lockfile& file, const waiting& waits, view_key key, const view& entry) {
    parts& of = parts_.emplace_back();
    for (const dependency& one : entry.depends_on)
      of.dependencies.push_back({keep(one.adapter), keep(one.schema_digest), keep(one.version)});
    for (const audit_entry& one : entry.state_history.entries())
      of.history.push_back({keep(one.at), keep(one.from), keep(one.to), keep(one.trigger)});
    for (const wait_step& one : waits.of(key))
      of.steps.push_back({number_of(one.what), keep(one.adapter)});
    agentslock_view_entry told{};
    told.key = {keep(key.adapter), keep(key.view)};
    told.state = c::number_of(entry.status.state());
    told.status = keep(entry.status.text());
    told.view_digest = keep(entry.view_digest);
    told.last_rebuilt_at = keep(entry.last_rebuilt_at);
    told.last_validation_at = keep(entry.last_validation_at);
    told.dependencies = of.dependencies.data();
    told.dependency_count = of.dependencies.size();
    told.history = of.history.data();
    told.history_count = of.history.size();
    told.steps = of.steps.data();
    told.step_count = of.steps.size();
    told.is_validation_due = waits.is_validation_due(key);
    told.is_rebuildable = waits.is_rebuildable(key);
    told.missed_a_bump = file.missed_record(entry) != nullptr;
    told.facts = keep(facts_of(file, key).token);
    views.push_back(told);
  }

  static std::int32_t number_of(wait_for what) noexcept {
    switch (what) {
      case wait_for::reconciliation:
        return AGENTSLOCK_WAITS_FOR_RECONCILIATION;
      case wait_for::verdict:
        return AGENTSLOCK_WAITS_FOR_VERDICT;
      case wait_for::changed_program:
        return AGENTSLOCK_WAITS_FOR_CHANGED_PROGRAM;
      case wait_for::cutover:
        return AGENTSLOCK_WAITS_FOR_CUTOVER;
      case wait_for::rebuild:
        return AGENTSLOCK_WAITS_FOR_REBUILD;
      case wait_for::registration:
        return AGENTSLOCK_WAITS_FOR_REGISTRATION;
    }
    return 0;
  }

  // Deques: what was handed out does not move.
  std::deque<std::string> texts_;
  std::deque<parts> parts_;
};

namespace {

std::string_view view_of(agentslock_text text) noexcept {
  return {text.data, text.size};
}

/// The entry of a name in a sorted list; null also when the name can't be looked at.
template <class Entry, class Wanted, class NameOf>
const Entry* find_in(const std::vector<Entry>& entries, const Wanted& wanted, const NameOf& name_of) {
  const auto found =
      std::lower_bound(entries.begin(), entries.end(), wanted,
                       [&](const Entry& one, const Wanted& name) { return name_of(one) < name; });
  return found != entries.end() && name_of(*found) == wanted ? &*found : nullptr;
}

template <class Entry>
const Entry* at(const std::vector<Entry>& entries, std::size_t index) noexcept {
  return index < entries.size() ? &entries[index] : nullptr;
}

}  // namespace

extern "C" {

agentslock_code agentslock_lockfile_list(const agentslock_lockfile* file, agentslock_listing** listing,
                                         agentslock_error** why) {
  return made(listing, why, [&]() -> result<std::unique_ptr<agentslock_listing>> {
    return std::make_unique<agentslock_listing>(given(file).whole());
  });
}

void agentslock_listing_free(agentslock_listing* listing) {
  delete listing;
}

size_t agentslock_listing_adapter_count(const agentslock_listing* listing) {
  return looked_at(listing, [](const agentslock_listing& of) { return of.adapters.size(); });
}
const agentslock_adapter_entry* agentslock_listing_adapter(const agentslock_listing* listing, size_t index) {
  return looked_at(listing, [&](const agentslock_listing& of) { return at(of.adapters, index); });
}
size_t agentslock_listing_view_count(const agentslock_listing* listing) {
  return looked_at(listing, [](const agentslock_listing& of) { return of.views.size(); });
}
const agentslock_view_entry* agentslock_listing_view(const agentslock_listing* listing, size_t index) {
  return looked_at(listing, [&](const agentslock_listing& of) { return at(of.views, index); });
}

const agentslock_adapter_entry* agentslock_listing_find_adapter(const agentslock_listing* listing,
                                                                agentslock_text name) {
  const agentslock_adapter_entry* found = nullptr;
  guarded(nullptr, [&]() -> result<> {
    found = find_in(given(listing).adapters, text_in(name),
                    [](const agentslock_adapter_entry& one) { return view_of(one.name); });
    return {};
  });
  return found;
}

const agentslock_view_entry* agentslock_listing_find_view(const agentslock_listing* listing,
                                                          agentslock_key key) {
  const agentslock_view_entry* found = nullptr;
  guarded(nullptr, [&]() -> result<> {
    found = find_in(given(listing).views, key_in(key), [](const agentslock_view_entry& one) {
      return view_key{view_of(one.key.adapter), view_of(one.key.view)};
    });
    return {};
  });
  return found;
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
