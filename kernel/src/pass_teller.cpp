#include "pass_teller.hpp"

namespace agentslock {

void pass_teller::act(view_key key, view& entry, reconcile_action action) {
  if (const auto cause = event_of(action)) {
    const recorded_status before = entry.status;
    edit_.step(entry, before.state(), *cause);
    visitor_.changed({key, before.text(), status_of(entry.status.state()), reason(action)});
    ++counts_.changed;
  } else if (action == reconcile_action::rerun_validation) {
    visitor_.validation_due(key);
    ++counts_.validation_due;
  } else {  // gate_stays_shut
    visitor_.gate_shut(key);
    ++counts_.gates_shut;
  }
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
