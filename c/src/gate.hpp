// The gate's answer as C reads it.
#pragma once

#include <string>
#include <vector>

#include "agentslock/kernel/query_gate.hpp"
#include "border.hpp"

namespace agentslock::c {

/// One answer at a time, with its texts. One that allows allocates nothing.
class gate_telling {
 public:
  /// Asks the gate. The answer lives until the next question.
  const agentslock_gate_answer& ask(const lockfile& file, view_key key, std::int32_t choice);

 private:
  void tell_dependees(const gate_answer& answer);

  agentslock_gate_answer told_{};
  std::string status_;
  std::vector<std::string> texts_;
  std::vector<agentslock_dependee_facts> dependees_;
};

}  // namespace agentslock::c
// SPDX-License-Identifier: Apache-2.0
