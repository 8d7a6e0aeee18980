#include "agentslock/kernel/lockfile.hpp"
#include "lockfile_contents.hpp"
#include "lockfile_editor.hpp"

namespace agentslock {
namespace {

/// What the pass decided to change, before it changes anything.
struct pending_change {
  view_key key;
  reconcile_action action;
};

/// How the ready views of one adapter compare with the store.
struct adapter_tally {
  std::size_t present = 0;
  std::size_t different = 0;
  [[nodiscard]] bool all_different() const noexcept { return present > 0 && different == present; }
};

}  // namespace

outcome<reconcile_counts> lockfile::reconcile(presence_query ask, reconcile_visitor& visitor, timestamp now) {
  if (auto no = check_time(now)) return *no;

  // First look, and change nothing: a question that has no answer ends the pass.
  std::vector<pending_change> changes;
  std::vector<std::string_view> all_different;
  for (const auto& [adapter_name, owner] : contents_->adapters) {
    adapter_tally tally;
    for (const auto& [view_name, entry] : owner.views) {
      const view_key key{adapter_name, view_name};
      const view_state recorded = entry.status.state();
      observation seen = observation::absent;
      if (needs_presence(recorded)) {
        const std::optional<presence> answer = ask(key);
        if (!answer) {
          return refusal{refusal_code::presence_unknown,
                         "could not find out whether the store holds view " + to_string(key)};
        }
        if (answer->present) {
          seen = compare_digests(entry.view_digest, answer->digest);
          ++tally.present;
          if (seen == observation::digest_differs) ++tally.different;
        }
      }
      const reconcile_action action = decide(recorded, seen);
      if (event_of(action)) changes.push_back({key, action});
    }
    if (tally.all_different()) all_different.push_back(adapter_name);
  }

  // Then say what is due and shut, and make the changes, in the same order.
  reconcile_counts counts;
  lockfile_editor edit(*this, now);
  auto change = changes.begin();
  auto different = all_different.begin();
  for (auto& [adapter_name, owner] : contents_->adapters) {
    for (auto& [view_name, entry] : owner.views) {
      const view_key key{adapter_name, view_name};
      if (change != changes.end() && change->key == key) {
        const recorded_status before = entry.status;
        edit.step(entry, before.state(), *event_of(change->action));
        visitor.changed({key, before.text(), status_of(entry.status.state()), reason(change->action)});
        ++counts.changed;
        ++counts.by_state[static_cast<std::size_t>(entry.status.state())];
        ++change;
        continue;
      }
      ++counts.by_state[static_cast<std::size_t>(entry.status.state())];
      // Neither of the two that remain depends on what the store holds.
      const reconcile_action action = decide(entry.status.state(), observation::consistent);
      if (action == reconcile_action::rerun_validation) {
        visitor.validation_due(key);
        ++counts.validation_due;
      } else if (action == reconcile_action::gate_stays_shut) {
        visitor.gate_shut(key);
        ++counts.gates_shut;
      }
    }
    if (different != all_different.end() && *different == adapter_name) {
      visitor.every_digest_differs(adapter_name);
      ++different;
    }
  }
  return counts;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
