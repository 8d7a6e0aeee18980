#include "agentslock/kernel/waiting.hpp"

#include <algorithm>

namespace agentslock {
namespace {

/// Adds a step, once.
void add(std::vector<wait_step>& steps, wait_step step) {
  if (std::ranges::find(steps, step) == steps.end()) steps.push_back(step);
}

}  // namespace

waiting::waiting(const lockfile& file) : file_(file) {
  for (const auto& [adapter_name, owner] : file.adapters()) {
    for (const auto& [view_name, entry] : owner.views) {
      if (entry.status.state() != view_state::dsl_update_required) continue;
      const view_key key{adapter_name, view_name};
      for (const dependency& item : entry.depends_on) {
        auto& blocking = blockers_[item.adapter];
        if (blocking.empty() || blocking.back() != key) blocking.push_back(key);
      }
    }
  }
}

std::span<const view_key> waiting::blockers_of(std::string_view adapter) const noexcept {
  const auto found = blockers_.find(adapter);
  return found == blockers_.end() ? std::span<const view_key>() : std::span<const view_key>(found->second);
}

record_state waiting::record_of(const dependency& item) const noexcept {
  const adapter* const active = file_.find_adapter(item.adapter);
  if (active == nullptr) return record_state::not_active;
  if (item.schema_digest == active->schema_digest) return record_state::current;
  return item.schema_digest.empty() ? record_state::without_digest : record_state::another_is_active;
}

void waiting::add_verdicts(std::vector<wait_step>& steps, const view& entry) const {
  for (const dependency& item : entry.depends_on) {
    if (record_of(item) == record_state::another_is_active) add(steps, {wait_for::verdict, item.adapter});
  }
}

bool waiting::is_validation_due(view_key key) const {
  const view_state state = file_.state(key);
  if (state == view_state::pending_recompat_check) return true;
  if (state != view_state::pending_rebuild) return false;
  const auto steps = of(key);
  return std::ranges::count(steps, wait_for::verdict, &wait_step::what) > 0 &&
         std::ranges::count(steps, wait_for::cutover, &wait_step::what) == 0;
}

bool waiting::is_rebuildable(view_key key) const {
  return file_.state(key) == view_state::pending_rebuild && of(key).size() == 1;
}

std::vector<wait_step> waiting::of(view_key key) const {
  std::vector<wait_step> steps;
  const view* const entry = file_.find_view(key);
  switch (entry == nullptr ? view_state::none : entry->status.state()) {
    case view_state::ready:
      add_verdicts(steps, *entry);
      if (steps.empty()) return steps;
      steps.insert(steps.begin(), {wait_for::reconciliation, {}});
      break;
    case view_state::pending_recompat_check:
      add_verdicts(steps, *entry);
      // Frozen for a schema that is not active yet.
      if (steps.empty()) steps.push_back({wait_for::verdict, {}});
      break;
    case view_state::dsl_update_required:
      steps.push_back({wait_for::changed_program, {}});
      break;
    case view_state::pending_rebuild:
      // A rebuild is taken only against the schemas that were recorded.
      for (const dependency& item : entry->depends_on) {
        const record_state record = record_of(item);
        if (record == record_state::current || record == record_state::not_active) continue;
        const bool is_blocked = !blockers_of(item.adapter).empty();
        add(steps, {is_blocked ? wait_for::cutover : wait_for::verdict, item.adapter});
      }
      break;
    case view_state::unrecognised:
      steps.push_back({wait_for::reconciliation, {}});
      break;
    case view_state::none:
      return {{wait_for::registration, {}}};
  }
  steps.push_back({wait_for::rebuild, {}});
  return steps;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
