#include "view_summary.hpp"

#include <fmt/format.h>

#include <numeric>
#include <vector>

#include "terminal.hpp"

namespace agentslock::cli {

audit_entry last_transition(const view& entry) {
  const auto log = entry.state_history.entries();
  return log.empty() ? audit_entry{} : log.back();
}

const gate_row& gate_row_for(const lockfile& file, const view& entry) {
  const records seen = file.missed_record(entry) == nullptr ? records::current : records::outdated;
  return gate_row_of(entry.status.state(), seen);
}

view_state counted_state(const lockfile& file, const view& entry) {
  return file.missed_record(entry) == nullptr ? entry.status.state() : view_state::pending_recompat_check;
}

std::size_t view_counts::total() const noexcept {
  return std::accumulate(by_state_.begin(), by_state_.end(), std::size_t{0});
}

exit_code code_for(const view_counts& counts) {
  return code_for_states([&](view_state state) { return counts.of(state); });
}

std::string by_state_in_words(const view_counts& counts, bool coloured) {
  std::vector<std::string> parts;
  for (const view_state state : recorded_states) {
    if (counts.of(state) > 0)
      parts.push_back(fmt::format("{} {}", counts.of(state), paint(name(state), colour_of(state), coloured)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string in_words(const view_counts& counts, bool coloured) {
  if (counts.total() == 0) return "no views";
  return fmt::format("{}: {}", counted(counts.total(), "view"), by_state_in_words(counts, coloured));
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
