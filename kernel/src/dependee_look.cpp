#include "dependee_look.hpp"

#include <algorithm>
#include <string>

namespace agentslock {

bool is_of_another_schema(const dependency& record, std::string_view active_digest) noexcept {
  return !record.schema_digest.empty() && record.schema_digest != active_digest;
}

missed_bump missed_by(view_key key, const dependency& record, std::string_view active_digest) {
  return {std::string(key.adapter), std::string(key.view), std::string(record.adapter),
          std::string(record.schema_digest), std::string(active_digest)};
}

bool dependee_look::at(view_key key, const view& entry) {
  const bool is_ready = entry.status.state() == view_state::ready;
  bool has_missed = false;
  for (auto record = entry.depends_on.begin(); record != entry.depends_on.end(); ++record) {
    if (const auto* active = index_.find(record->adapter)) {
      if (is_ready && !has_missed && is_of_another_schema(*record, active->schema_digest)) {
        missed_.push_back(missed_by(key, *record, active->schema_digest));
        has_missed = true;
      }
      continue;
    }
    const bool named = std::any_of(entry.depends_on.begin(), record, [&](const dependency& before) {
      return before.adapter == record->adapter;
    });
    if (!named)
      missing_.push_back({std::string(key.adapter), std::string(key.view), std::string(record->adapter)});
  }
  return has_missed;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
