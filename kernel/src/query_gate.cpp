#include "agentslock/kernel/query_gate.hpp"

namespace agentslock {

gate_answer may_query(const lockfile& file, view_key key, fall_through choice) {
  const view* entry = file.find_view(key);
  const view_state state = file.state(key);
  const gate_row& row = gate_row_of(state);
  gate_answer answer{decide_query(state, choice), state, {}, row.reason, row.unblocked_by, {}};
  if (entry == nullptr) return answer;
  answer.recorded_status = entry->status.text();
  if (answer.decision == gate_decision::allowed) return answer;
  for (const dependency& item : entry->depends_on) {
    dependee_facts facts{item.adapter, item.schema_digest, item.version, std::nullopt};
    if (const adapter* active = file.find_adapter(item.adapter)) facts.active_digest = active->schema_digest;
    answer.dependees.push_back(facts);
  }
  return answer;
}

}  // namespace agentslock
