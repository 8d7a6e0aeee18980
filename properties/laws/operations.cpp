#include "operations.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "shown.hpp"
#include "step_reading.hpp"

namespace agentslock::laws {

breach a_refused_operation_changes_nothing(const kernel_step& step) {
  if (!step.result.refused) return kept;
  if (!(step.before == step.after))
    return "refused as " + std::string(name(step.result.refused->code)) + ", and changed";
  if (step.result.refused->message.empty()) return "refused without a word";
  return kept;
}

breach every_change_of_status_is_an_edge_of_the_machine(const kernel_step& step) {
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (after == nullptr) return kept;
    const view_state from = before == nullptr ? view_state::none : before->status.state();
    const view_state to = after->status.state();
    if (from == to && from != view_state::unrecognised) return kept;
    if (from == to && before->status.text() == after->status.text()) return kept;
    const bool cuts_over = std::holds_alternative<operations::cutover>(step.done.what);
    const auto leads = [](view_state a, view_state b) {
      return std::ranges::any_of(transition_table, [&](const transition& row) {
        return row.outcome == step_outcome::moves && row.from == a && row.to == b;
      });
    };
    const bool in_two = cuts_over && from == view_state::ready &&
                        leads(view_state::pending_recompat_check, to) &&
                        to != view_state::pending_recompat_check;
    if (leads(from, to) || in_two) return kept;
    return shown(key) + " went from " + std::string(name(from)) + " to " + std::string(name(to));
  });
}

breach only_registration_and_rebuild_make_a_view_ready(const kernel_step& step) {
  const owned_key* named = named_view_of(step.done);
  const bool may = std::holds_alternative<operations::register_view>(step.done.what) ||
                   std::holds_alternative<operations::mark_view_rebuilt>(step.done.what);
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (after == nullptr || after->status.state() != view_state::ready) return kept;
    if (before != nullptr && before->status.state() == view_state::ready) return kept;
    if (may && owned_key(key) == *named) return kept;
    return shown(key) + " became ready by: " + shown(step.done);
  });
}

breach no_operation_records_an_unrecognised_status(const kernel_step& step) {
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (after == nullptr || after->status.state() != view_state::unrecognised) return kept;
    if (before != nullptr && before->status.text() == after->status.text()) return kept;
    return shown(key) + " now has the status " + shown(after->status.text());
  });
}

breach views_that_are_not_concerned_keep_their_entries(const kernel_step& step) {
  const owned_key* named = named_view_of(step.done);
  const std::string* dependee = nullptr;
  if (const auto* one = std::get_if<operations::mark_dependee_bumped>(&step.done.what))
    dependee = &one->dependee;
  if (const auto* one = std::get_if<operations::cutover>(&step.done.what)) dependee = &one->dependee;
  const auto* removed = std::get_if<operations::remove_adapter>(&step.done.what);
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (before != nullptr && after != nullptr && *before == *after) return kept;
    if (named != nullptr && owned_key(key) == *named) return kept;
    if (dependee != nullptr && before != nullptr && after != nullptr && before->reads_from(*dependee))
      return kept;
    if (removed != nullptr && removed->adapter == key.adapter && after == nullptr) return kept;
    const auto is_marked = [&](const missed_bump& one) { return view_key{one.adapter, one.view} == key; };
    if (std::ranges::any_of(step.result.missed, is_marked)) return kept;
    const auto& changes = step.result.reconciled.changes;
    if (std::ranges::find(changes, owned_key(key), &reconcile_found::change::key) != changes.end())
      return kept;
    return shown(key) + " changed by: " + shown(step.done);
  });
}

breach adapters_that_are_not_concerned_keep_their_entries(const kernel_step& step) {
  std::string_view concerned;
  if (const auto* one = std::get_if<operations::activate>(&step.done.what)) concerned = one->adapter;
  if (const auto* one = std::get_if<operations::remove_adapter>(&step.done.what)) concerned = one->adapter;
  if (const auto* one = std::get_if<operations::cutover>(&step.done.what);
      one != nullptr && step.result.cut_over.activated)
    concerned = one->dependee;
  for (const auto& [adapter_name, entry] : step.before.adapters()) {
    if (adapter_name == concerned) continue;
    const adapter* after = step.after.find_adapter(adapter_name);
    if (after == nullptr) return "adapter " + shown(adapter_name) + " is gone";
    if (!same_texts(entry, *after)) return "adapter " + shown(adapter_name) + " has other digests";
  }
  return kept;
}

breach what_changed_is_marked_as_touched(const kernel_step& step) {
  for (const auto& [adapter_name, entry] : step.after.adapters()) {
    const adapter* before = step.before.find_adapter(adapter_name);
    if ((before == nullptr || !same_texts(*before, entry)) && !entry.touched)
      return "adapter " + shown(adapter_name) + " is not marked";
  }
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (after == nullptr || after->touched || (before != nullptr && *before == *after)) return kept;
    return shown(key) + " is not marked";
  });
}

breach every_new_time_is_the_time_given(const kernel_step& step) {
  const auto now = format_rfc3339(step.done.now);
  const auto is_given = [&](std::string_view was, std::string_view is) {
    return was == is || (now && is == now->view());
  };
  for (const auto& [adapter_name, entry] : step.after.adapters()) {
    const adapter* before = step.before.find_adapter(adapter_name);
    if (!is_given(before == nullptr ? "" : before->activated_at, entry.activated_at))
      return "adapter " + shown(adapter_name) + " was activated at " + std::string(entry.activated_at);
  }
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (after == nullptr) return kept;
    if (!is_given(before == nullptr ? "" : before->last_rebuilt_at, after->last_rebuilt_at))
      return shown(key) + " was rebuilt at " + std::string(after->last_rebuilt_at);
    if (!is_given(before == nullptr ? "" : before->last_validation_at, after->last_validation_at))
      return shown(key) + " was validated at " + std::string(after->last_validation_at);
    return kept;
  });
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
