#include "agentslock/kernel/audit_log.hpp"

namespace agentslock {

void audit_log::append(const audit_entry& entry) {
  entries_.push_back(entry);
  if (entries_.size() > entries_max) {
    const auto surplus = static_cast<std::ptrdiff_t>(entries_.size() - entries_max);
    entries_.erase(entries_.begin(), entries_.begin() + surplus);
  }
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
