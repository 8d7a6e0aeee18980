// The laws of the operations, the log, the pass, the cutover and the gate, on generated lockfiles and scripts.

#include <array>
#include <chrono>

#include "choices.hpp"
#include "generators.hpp"
#include "holding.hpp"
#include "laws/audit_log.hpp"
#include "laws/operations.hpp"
#include "laws/query_gate.hpp"
#include "laws/tables.hpp"

namespace agentslock::properties {
namespace {

/// The first steps begin anywhere that a document can be; the next where the ones before have led.
void every_step_keeps_its_laws(const law_choice& chosen) {
  const auto start = *any_lockfile();
  const auto script = *script_on(start, 12);
  lockfile file = reference::restored(start);
  for (const operation& one : script) {
    laws::kernel_step step = laws::take_step(file, one);
    hold_all(chosen, laws::step_laws(), step);
    file = std::move(step.after);
  }
}

void every_lockfile_keeps_its_laws(const law_choice& chosen) {
  const lockfile file = reference::restored(*any_lockfile());
  hold_all(chosen, laws::lockfile_laws(), file);
}

void the_gate_keeps_its_laws(const law_choice& chosen) {
  const lockfile file = reference::restored(*any_lockfile());
  for (view_key key : file.view_keys())
    hold_all(chosen, laws::gate_laws(), file, key);
  hold_all(chosen, laws::gate_laws(), file, view_key{"nobody", "nothing"});
}

void different_views_commute(const law_choice& chosen) {
  const auto start = *any_lockfile();
  std::vector<owned_key> keys;
  for (const auto& [adapter_name, owner] : start.adapters) {
    for (const auto& [view_name, entry] : owner.views)
      keys.emplace_back(adapter_name, view_name);
  }
  keys.emplace_back("new", "one");
  keys.emplace_back("new", "other");
  const std::size_t first = below(keys.size());
  const std::size_t second = (first + 1 + below(keys.size() - 1)) % keys.size();
  if (keys[first].adapter.empty() || keys[second].adapter.empty()) return;
  const auto one = *operation_on_view(start, keys[first]);
  auto other = *operation_on_view(start, keys[second]);
  const lockfile file = reference::restored(start);
  hold(chosen, "operations_on_different_views_commute",
       [&] { return laws::operations_on_different_views_commute(file, one, other); });
}

/// One view through many events, from a log of any length, with its whole trace beside it.
void the_log_is_the_end_of_the_whole_trace(const law_choice& chosen) {
  const owned_key key("comp", "v");
  reference::plain_lockfile start;
  start.adapters["comp"].views["v"].view_status = "ready";
  start.adapters["comp"].views["v"].depends_on = {{"crg", "d0", "1"}};
  for (std::size_t i = below(30); i > 0; --i)
    start.adapters["comp"].views["v"].state_history.push_back(
        {"2026-06-01T00:00:00Z", "ready", "ready", "before"});
  lockfile file = reference::restored(start);
  const auto recorded = file.find_view(key)->state_history.entries();
  std::vector<audit_entry> trace(recorded.begin(), recorded.end());
  const lockfile original = file;  // keeps the texts of the trace
  for (std::size_t i = below(60); i > 0; --i) {
    const auto todo = one_of(std::vector<operation::kind>{
        operations::mark_dependee_bumped{"crg", "", ""},
        operations::resolve_recompat{key, verdict::passed, {}},
        operations::resolve_recompat{key, verdict::failed, {}},
        operations::mark_view_rebuilt{key, "v0", std::nullopt}, operations::reconcile{}});
    const auto now = timestamp(std::chrono::seconds(1000 + static_cast<long>(i)));
    const std::string before(file.find_view(key)->status.text());
    (void)apply(file, {todo, now});
    const view& after = *file.find_view(key);
    if (after.status.text() == before) continue;
    trace.push_back(after.state_history.entries().back());
    hold(chosen, "the_log_is_the_end_of_the_trace",
         [&] { return laws::the_log_is_the_end_of_the_trace(after.state_history.entries(), trace); });
  }
  const auto log = file.find_view(key)->state_history.entries();
  hold(chosen, "the_log_is_a_chain", [&] { return laws::the_log_is_a_chain(log); });
}

constexpr std::array kernel_laws{
    property{"every_step_keeps_its_laws", 1500, 50, every_step_keeps_its_laws},
    property{"every_lockfile_keeps_its_laws", 500, 50, every_lockfile_keeps_its_laws},
    property{"the_gate_keeps_its_laws", 500, 50, the_gate_keeps_its_laws},
    property{"different_views_commute", 1000, 50, different_views_commute},
    property{"the_log_is_the_end_of_the_whole_trace", 300, 50, the_log_is_the_end_of_the_whole_trace},
};

}  // namespace

std::span<const property> kernel_properties() {
  return kernel_laws;
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
