#include "agentslock/kernel/audit_log.hpp"

#include "kernel_bugs.hpp"

namespace agentslock {

void audit_log::append(const audit_entry& entry) {
  entries_.push_back(entry);
  const std::size_t bound = has_bug(kernel_bug::log_keeps_one_more) ? entries_max + 1 : entries_max;
  if (entries_.size() > bound) {
    const auto surplus = static_cast<std::ptrdiff_t>(entries_.size() - bound);
    const auto first =
        has_bug(kernel_bug::log_drops_the_newest) ? entries_.end() - surplus : entries_.begin();
    entries_.erase(first, first + surplus);
  }
}

}  // namespace agentslock
