#include "query_gate.hpp"

#include <array>

#include "shown.hpp"
#include "step_reading.hpp"

namespace agentslock::laws {
namespace {

std::string_view status_of_view(const lockfile& file, view_key key) {
  const view* entry = file.find_view(key);
  return entry == nullptr ? std::string_view() : entry->status.text();
}

constexpr std::array both_choices{fall_through::refused, fall_through::opted_in};

}  // namespace

breach only_a_ready_view_is_queried(const lockfile& file, view_key key) {
  const view* entry = file.find_view(key);
  const bool ready = status_of_view(file, key) == "ready" && record_that_missed(file, *entry) == nullptr;
  for (fall_through choice : both_choices) {
    const bool allowed = may_query(file, key, choice).decision == gate_decision::allowed;
    if (allowed != ready) return shown(key) + (allowed ? " may be queried" : " may not be queried");
  }
  return kept;
}

breach only_a_view_that_awaits_its_rebuild_falls_through(const lockfile& file, view_key key) {
  const bool awaits = status_of_view(file, key) == "pending-rebuild";
  for (fall_through choice : both_choices) {
    const bool falls = may_query(file, key, choice).decision == gate_decision::may_fall_through;
    if (falls != (awaits && choice == fall_through::opted_in))
      return shown(key) + (falls ? " falls through" : " does not fall through");
  }
  return kept;
}

breach a_refusal_names_all_that_it_must(const lockfile& file, view_key key) {
  const gate_answer answer = may_query(file, key, fall_through::refused);
  const view* entry = file.find_view(key);
  if (answer.state != file.state(key)) return shown(key) + " has another state";
  if (answer.recorded_status != status_of_view(file, key)) return shown(key) + " has another status";
  if (answer.decision == gate_decision::allowed) return kept;
  if (answer.reason.empty() || answer.unblocked_by.empty())
    return shown(key) + " has no reason or no way out";
  if (entry == nullptr) return kept;
  if (answer.dependees.size() != entry->depends_on.size())
    return shown(key) + " has dependees that are not named";
  for (std::size_t i = 0; i < answer.dependees.size(); ++i) {
    const dependee_facts& named = answer.dependees[i];
    const dependency& recorded = entry->depends_on[i];
    const adapter* active = file.find_adapter(recorded.adapter);
    const bool right = named.adapter == recorded.adapter && named.recorded_digest == recorded.schema_digest &&
                       named.recorded_version == recorded.version &&
                       named.active_digest.has_value() == (active != nullptr) &&
                       (active == nullptr || *named.active_digest == active->schema_digest);
    if (!right) return shown(key) + " is said to read otherwise from " + shown(recorded.adapter);
  }
  return kept;
}

namespace {

constexpr std::array all_gate_laws{
    gate_law{"only_a_ready_view_is_queried", only_a_ready_view_is_queried},
    gate_law{"only_a_view_that_awaits_its_rebuild_falls_through",
             only_a_view_that_awaits_its_rebuild_falls_through},
    gate_law{"a_refusal_names_all_that_it_must", a_refusal_names_all_that_it_must},
};

}  // namespace

std::span<const gate_law> gate_laws() noexcept {
  return all_gate_laws;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
