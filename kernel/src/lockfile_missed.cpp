// Ready views over a schema that is gone: who they are, and that they await validation.

#include <algorithm>
#include <utility>
#include <vector>

#include "agentslock/kernel/lockfile.hpp"
#include "dependee_look.hpp"
#include "lockfile_contents.hpp"
#include "lockfile_editor.hpp"

namespace agentslock {

const dependency* lockfile::missed_record(const view& entry) const noexcept {
  if (entry.status.state() != view_state::ready) return nullptr;
  const auto found = std::ranges::find_if(entry.depends_on, [&](const dependency& record) {
    const adapter* active = find_adapter(record.adapter);
    return active != nullptr && is_of_another_schema(record, active->schema_digest);
  });
  return found == entry.depends_on.end() ? nullptr : &*found;
}

std::vector<missed_bump> lockfile::missed_bumps() const {
  std::vector<missed_bump> found;
  for (const auto& [adapter_name, owner] : contents_->adapters) {
    for (const auto& [view_name, entry] : owner.views) {
      if (const dependency* record = missed_record(entry))
        found.push_back(
            missed_by({adapter_name, view_name}, *record, find_adapter(record->adapter)->schema_digest));
    }
  }
  return found;
}

std::vector<missing_dependee> lockfile::missing_dependees() const {
  dependee_look look(contents_->adapters);
  for (const auto& [adapter_name, owner] : contents_->adapters) {
    for (const auto& [view_name, entry] : owner.views)
      look.at({adapter_name, view_name}, entry);
  }
  return std::move(look.missing());
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

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
