#include "explanation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agentslock/kernel/query_gate.hpp"
#include "shortened.hpp"

namespace agentslock::cli {

explanation explain_view(const lockfile& file, const waiting& waits, view_key key) {
  const view* const entry = file.find_view(key);
  const view_state state = entry->status.state();
  const bool missed_bump = file.missed_record(*entry) != nullptr;
  const gate_row& gate = gate_row_of(state, missed_bump ? records::outdated : records::current);
  return {key, entry, state, missed_bump, gate.reason, gate.unblocked_by, waits.of(key)};
}

record_state record_of(const findings& all, view_key reader) {
  record_state worst = record_state::current;
  for (const dependency& item : all.file.find_view(reader)->depends_on) {
    if (item.adapter != all.adapter_name) continue;
    if (const record_state now = all.waits.record_of(item); now != record_state::current) worst = now;
  }
  return worst;
}

exit_code code_for(std::span<const explanation> views) {
  const exit_code code = code_for_states(
      [&](view_state state) { return std::ranges::count(views, state, &explanation::state); });
  const bool any_missed = std::ranges::any_of(views, &explanation::missed_bump);
  return any_missed ? first_of(code, exit_code::not_ready) : code;
}

std::string in_words(const wait_step& step) {
  switch (step.what) {
    case wait_for::reconciliation:
      return "a reconciliation";
    case wait_for::verdict:
      return step.adapter.empty()
                 ? std::string("a verdict, against the schema that froze it")
                 : fmt::format("a verdict, against the active schema of {}", shortened(step.adapter));
    case wait_for::changed_program:
      return std::string(gate_row_of(view_state::dsl_update_required, records::current).unblocked_by);
    case wait_for::cutover:
      return fmt::format("the cutover of {}", shortened(step.adapter));
    case wait_for::rebuild:
      return "a rebuild";
    case wait_for::registration:
      break;
  }
  return "registration";
}

std::string_view name(wait_for what) noexcept {
  switch (what) {
    case wait_for::reconciliation:
      return "reconciliation";
    case wait_for::verdict:
      return "verdict";
    case wait_for::changed_program:
      return "changed_program";
    case wait_for::cutover:
      return "cutover";
    case wait_for::rebuild:
      return "rebuild";
    case wait_for::registration:
      break;
  }
  return "registration";
}

std::string_view name(record_state state) noexcept {
  switch (state) {
    case record_state::current:
      return "current";
    case record_state::another_is_active:
      return "another_is_active";
    case record_state::without_digest:
      return "without_digest";
    case record_state::not_active:
      break;
  }
  return "not_active";
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
