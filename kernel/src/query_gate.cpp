#include "agentslock/kernel/query_gate.hpp"

namespace agentslock {

gate_answer may_query(const lockfile& file, view_key key, fall_through choice) {
  const view* entry = file.find_view(key);
  const view_state state = file.state(key);
  const bool missed = entry != nullptr && file.missed_record(*entry) != nullptr;
  const records seen = missed ? records::outdated : records::current;
  const gate_row& row = gate_row_of(state, seen);
  gate_answer answer{decide_query(state, seen, choice), state, {}, row.reason, row.unblocked_by, {}};
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
// SPDX-License-Identifier: Apache-2.0
