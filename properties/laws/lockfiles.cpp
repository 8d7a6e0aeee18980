// The laws about whole lockfiles, and the list of all laws about steps.

#include <algorithm>
#include <array>
#include <memory>

#include "audit_log.hpp"
#include "cutover.hpp"
#include "operations.hpp"
#include "reconciliation.hpp"
#include "shown.hpp"
#include "step_reading.hpp"

namespace agentslock::laws {

breach names_are_in_byte_order_and_found(const lockfile& file) {
  const auto names = file.adapter_names();
  const auto keys = file.view_keys();
  const auto strictly = [](const auto& all) {
    return std::ranges::adjacent_find(all, [](const auto& a, const auto& b) { return !(a < b); }) ==
           all.end();
  };
  if (!strictly(names)) return "the adapters' names are out of order";
  if (!strictly(keys)) return "the views' names are out of order";
  for (std::string_view one : names) {
    if (file.find_adapter(one) == nullptr) return "adapter " + shown(one) + " is not found";
  }
  for (view_key key : keys) {
    if (file.find_view(key) == nullptr) return shown(key) + " is not found";
  }
  return kept;
}

breach blockers_are_the_dependents_in_dsl_update_required(const lockfile& file) {
  for (const auto& [dependee, entry] : file.adapters()) {
    std::vector<owned_key> expected;
    for (view_key key : file.view_keys()) {
      const view& one = *file.find_view(key);
      const bool reads =
          std::ranges::find(one.depends_on, dependee, &dependency::adapter) != one.depends_on.end();
      if (reads && one.status.text() == "dsl-update-required") expected.push_back(key);
    }
    if (file.activation_blockers(dependee) != expected) return "those of " + shown(dependee) + " are others";
  }
  return kept;
}

breach marking_moves_exactly_the_missed_bumps(const lockfile& file) {
  std::vector<missed_bump> expected;
  for (view_key key : file.view_keys()) {
    if (const dependency* record = record_that_missed(file, *file.find_view(key))) {
      expected.push_back({std::string(key.adapter), std::string(key.view), std::string(record->adapter),
                          std::string(record->schema_digest),
                          std::string(file.find_adapter(record->adapter)->schema_digest)});
    }
  }
  if (file.missed_bumps() != expected) return "other missed bumps are named";
  lockfile marked = file;
  const timestamp any{};
  const auto moved = marked.mark_missed_bumps(any);
  if (!moved || *moved != expected) return "other views are said to be marked";
  for (view_key key : file.view_keys()) {
    const view& before = *file.find_view(key);
    const view& after = *marked.find_view(key);
    const dependency* record = record_that_missed(file, before);
    if (record == nullptr) {
      if (!(before == after)) return shown(key) + " missed no bump and changed";
      continue;
    }
    if (after.status.text() != "pending-recompat-check") return shown(key) + " is not marked";
    if (after.state_history.entries().back().trigger != "dependee-bump:" + std::string(record->adapter))
      return shown(key) + " has another trigger";
  }
  const lockfile once = marked;
  const auto again = marked.mark_missed_bumps(any);
  return again && again->empty() && marked == once ? breach(kept) : "marking again changes something";
}

breach dependees_without_an_entry_are_named(const lockfile& file) {
  std::vector<missing_dependee> expected;
  for (view_key key : file.view_keys()) {
    for (const dependency& item : file.find_view(key)->depends_on) {
      missing_dependee one{std::string(key.adapter), std::string(key.view), std::string(item.adapter)};
      const bool named = std::ranges::find(expected, one) != expected.end();
      if (file.find_adapter(item.adapter) == nullptr && !named) expected.push_back(std::move(one));
    }
  }
  return file.missing_dependees() == expected ? breach(kept) : "others are named";
}

breach a_copy_shares_nothing_with_its_original(const lockfile& file) {
  auto original = std::make_unique<lockfile>(file);
  const lockfile copy = *original;
  if (!(copy == file)) return "the copy says something else";
  const timestamp any{};
  for (std::string_view one : file.adapter_names())
    (void)original->activate(one, "changed", "changed", any);
  original.reset();
  return copy == file ? breach(kept) : "the copy changed with its original";
}

breach operations_on_different_views_commute(const lockfile& file, const operation& one,
                                             const operation& other) {
  lockfile here = file;
  const bool one_first = apply(here, one).refused.has_value();
  const bool other_second = apply(here, other).refused.has_value();
  lockfile there = file;
  const bool other_first = apply(there, other).refused.has_value();
  const bool one_second = apply(there, one).refused.has_value();
  const std::string what = shown(one) + " and " + shown(other);
  if (one_first != one_second || other_first != other_second) return what + " do not refuse alike";
  return here == there ? breach(kept) : what + " lead to different lockfiles";
}

namespace {

#define AGENTSLOCK_LAW(law) \
  { #law, law }

constexpr std::array all_step_laws{
    step_law AGENTSLOCK_LAW(a_refused_operation_changes_nothing),
    step_law AGENTSLOCK_LAW(every_change_of_status_is_an_edge_of_the_machine),
    step_law AGENTSLOCK_LAW(only_registration_and_rebuild_make_a_view_ready),
    step_law AGENTSLOCK_LAW(no_operation_records_an_unrecognised_status),
    step_law AGENTSLOCK_LAW(views_that_are_not_concerned_keep_their_entries),
    step_law AGENTSLOCK_LAW(adapters_that_are_not_concerned_keep_their_entries),
    step_law AGENTSLOCK_LAW(what_changed_is_marked_as_touched),
    step_law AGENTSLOCK_LAW(every_new_time_is_the_time_given),
    step_law AGENTSLOCK_LAW(an_activation_sets_the_digests_and_keeps_the_views),
    step_law AGENTSLOCK_LAW(a_registration_records_what_it_was_given),
    step_law AGENTSLOCK_LAW(a_bump_freezes_exactly_the_ready_dependents),
    step_law AGENTSLOCK_LAW(a_verdict_replaces_dependencies_only_by_new_ones),
    step_law AGENTSLOCK_LAW(a_repeated_failure_moves_only_its_time),
    step_law AGENTSLOCK_LAW(a_view_that_is_revalidated_can_be_rebuilt),
    step_law AGENTSLOCK_LAW(a_build_against_another_schema_is_refused),
    step_law AGENTSLOCK_LAW(a_rebuild_records_its_digest),
    step_law AGENTSLOCK_LAW(a_removal_takes_out_what_nobody_needs),
    step_law AGENTSLOCK_LAW(a_marking_freezes_exactly_the_missed_bumps),
    step_law AGENTSLOCK_LAW(the_log_grows_by_the_moves_of_the_step),
    step_law AGENTSLOCK_LAW(the_log_is_the_last_20_of_the_full_trace),
    step_law AGENTSLOCK_LAW(the_log_ends_in_the_current_status),
    step_law AGENTSLOCK_LAW(each_entry_begins_where_its_predecessor_ended),
    step_law AGENTSLOCK_LAW(every_trigger_is_what_happened),
    step_law AGENTSLOCK_LAW(reconcile_never_yields_ready),
    step_law AGENTSLOCK_LAW(reconcile_does_what_its_table_says),
    step_law AGENTSLOCK_LAW(reconcile_reports_exactly_what_it_changed),
    step_law AGENTSLOCK_LAW(reconcile_asks_once_for_each_ready_view),
    step_law AGENTSLOCK_LAW(reconcile_tells_what_is_due_and_shut),
    step_law AGENTSLOCK_LAW(reconcile_counts_the_views_by_their_states),
    step_law AGENTSLOCK_LAW(reconcile_names_the_adapters_that_all_differ),
    step_law AGENTSLOCK_LAW(reconcile_again_changes_nothing),
    step_law AGENTSLOCK_LAW(a_whole_pass_is_a_marking_and_then_a_pass),
    step_law AGENTSLOCK_LAW(a_cutover_activates_exactly_when_nothing_blocks),
    step_law AGENTSLOCK_LAW(a_cutover_judges_every_candidate),
    step_law AGENTSLOCK_LAW(a_cutover_believes_no_stale_verdict),
    step_law AGENTSLOCK_LAW(a_cutover_records_the_schema_that_was_judged),
    step_law AGENTSLOCK_LAW(after_a_cutover_every_ready_dependent_has_the_new_schema),
};

constexpr std::array all_lockfile_laws{
    lockfile_law AGENTSLOCK_LAW(names_are_in_byte_order_and_found),
    lockfile_law AGENTSLOCK_LAW(blockers_are_the_dependents_in_dsl_update_required),
    lockfile_law AGENTSLOCK_LAW(marking_moves_exactly_the_missed_bumps),
    lockfile_law AGENTSLOCK_LAW(dependees_without_an_entry_are_named),
    lockfile_law AGENTSLOCK_LAW(a_copy_shares_nothing_with_its_original),
};

#undef AGENTSLOCK_LAW

}  // namespace

std::span<const step_law> step_laws() noexcept {
  return all_step_laws;
}
std::span<const lockfile_law> lockfile_laws() noexcept {
  return all_lockfile_laws;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
