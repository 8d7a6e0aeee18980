// Ready views over a schema that is gone: who they are, and that they await validation.

#include <algorithm>

#include "agentslock/kernel/lockfile.hpp"
#include "lockfile_contents.hpp"
#include "lockfile_editor.hpp"

namespace agentslock {

const dependency* lockfile::missed_record(const view& entry) const noexcept {
  if (entry.status.state() != view_state::ready) return nullptr;
  for (const dependency& item : entry.depends_on) {
    if (item.schema_digest.empty()) continue;
    const adapter* active = find_adapter(item.adapter);
    if (active != nullptr && active->schema_digest != item.schema_digest) return &item;
  }
  return nullptr;
}

std::vector<missed_bump> lockfile::missed_bumps() const {
  std::vector<missed_bump> found;
  for (const auto& [adapter_name, owner] : contents_->adapters) {
    for (const auto& [view_name, entry] : owner.views) {
      const dependency* record = missed_record(entry);
      if (record == nullptr) continue;
      found.push_back({std::string(adapter_name), std::string(view_name), std::string(record->adapter),
                       std::string(record->schema_digest),
                       std::string(find_adapter(record->adapter)->schema_digest)});
    }
  }
  return found;
}

outcome<std::vector<missed_bump>> lockfile::mark_missed_bumps(timestamp now) {
  if (auto no = check_time(now)) return *no;
  auto missed = missed_bumps();
  lockfile_editor edit(*this, now);
  for (const missed_bump& one : missed) {
    view& entry = *edit.find({one.adapter, one.view});
    edit.step(entry, entry.status.state(), view_event::dependee_bumped, one.dependee);
  }
  return missed;
}

std::vector<missing_dependee> lockfile::missing_dependees() const {
  std::vector<missing_dependee> found;
  for (const auto& [adapter_name, owner] : contents_->adapters) {
    for (const auto& [view_name, entry] : owner.views) {
      for (auto item = entry.depends_on.begin(); item != entry.depends_on.end(); ++item) {
        if (find_adapter(item->adapter) != nullptr) continue;
        const bool named = std::any_of(entry.depends_on.begin(), item, [&](const dependency& before) {
          return before.adapter == item->adapter;
        });
        if (!named)
          found.push_back({std::string(adapter_name), std::string(view_name), std::string(item->adapter)});
      }
    }
  }
  return found;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
