#include "agentslock/kernel/lockfile.hpp"
#include "lockfile_contents.hpp"
#include "lockfile_editor.hpp"
#include "pass_teller.hpp"

namespace agentslock {
namespace {

/// What the pass decided to change, before it changes anything.
struct pending_change {
  view_key key;
  reconcile_action action;
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
        seen = tally.add(*answer, entry.view_digest);
      }
      const reconcile_action action = decide(recorded, seen);
      if (event_of(action)) changes.push_back({key, action});
    }
    if (tally.all_different()) all_different.push_back(adapter_name);
  }

  // Then make the changes, and say what is due and shut, in the same order.
  lockfile_editor edit(*this, now);
  pass_teller teller(edit, visitor);
  auto change = changes.begin();
  auto different = all_different.begin();
  for (auto& [adapter_name, owner] : contents_->adapters) {
    for (auto& [view_name, entry] : owner.views) {
      const view_key key{adapter_name, view_name};
      const bool is_changed = change != changes.end() && change->key == key;
      // What is not changed does not depend on what the store holds.
      teller.tell(key, entry,
                  is_changed ? (change++)->action : decide(entry.status.state(), observation::consistent));
    }
    if (different != all_different.end() && *different == adapter_name) {
      visitor.every_digest_differs(adapter_name);
      ++different;
    }
  }
  return teller.counts();
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
