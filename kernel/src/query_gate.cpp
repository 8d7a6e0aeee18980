#include "agentslock/kernel/query_gate.hpp"

#include "kernel_bugs.hpp"

namespace agentslock {

gate_answer may_query(const lockfile& file, view_key key, fall_through choice) {
  const view* entry = file.find_view(key);
  const view_state state = file.state(key);
  if (has_bug(kernel_bug::gate_falls_through_unasked)) choice = fall_through::opted_in;
  const gate_row& row = gate_row_of(state);
  gate_answer answer{decide_query(state, choice), state, {}, row.reason, row.unblocked_by, {}};
  if (entry == nullptr) return answer;
  answer.recorded_status = entry->status.text();
  if (answer.decision == gate_decision::allowed) return answer;
  for (const dependency& item : entry->depends_on) {
    const adapter* active = file.find_adapter(item.adapter);
    const bool lies = has_bug(kernel_bug::gate_says_recorded_is_active);
    answer.dependees.push_back({item.adapter, item.schema_digest, item.version,
                                active == nullptr ? std::nullopt
                                                  : std::optional<std::string_view>(
                                                        lies ? item.schema_digest : active->schema_digest)});
  }
  return answer;
}

}  // namespace agentslock
