// What each operation does to the views and adapters that it is about.
#include <algorithm>
#include <set>
#include <utility>

#include "operations.hpp"
#include "shown.hpp"
#include "step_reading.hpp"

namespace agentslock::laws {

breach an_activation_sets_the_digests_and_keeps_the_views(const kernel_step& step) {
  const auto* done = std::get_if<operations::activate>(&step.done.what);
  if (done == nullptr || step.result.refused) return kept;
  const adapter* after = step.after.find_adapter(done->adapter);
  if (after == nullptr) return "there is no entry";
  if (after->source_digest != done->source_digest || after->schema_digest != done->schema_digest)
    return "the entry has other digests";
  if (after->activated_at != format_rfc3339(step.done.now)->view()) return "the entry has another time";
  const adapter* before = step.before.find_adapter(done->adapter);
  const bool same_views = before == nullptr ? after->views.empty() : before->views == after->views;
  return same_views ? breach(kept) : "its views changed";
}

breach a_registration_records_what_it_was_given(const kernel_step& step) {
  const auto* done = std::get_if<operations::register_view>(&step.done.what);
  if (done == nullptr) return kept;
  const bool was_there = step.before.find_view(done->key) != nullptr;
  if (step.result.refused) return kept;
  if (was_there) return "a view that is there was registered again";
  const view* after = step.after.find_view(done->key);
  if (after == nullptr) return "the view is not there";
  if (after->status.state() != view_state::ready) return "the view is not ready";
  if (after->view_digest != done->view_digest || done->view_digest.empty()) return "the digest is another";
  if (!same_dependencies(after->depends_on, done->depends_on)) return "the dependencies are others";
  if (after->last_rebuilt_at.empty()) return "last_rebuilt_at is empty";
  return kept;
}

breach a_bump_freezes_exactly_the_ready_dependents(const kernel_step& step) {
  const auto* done = std::get_if<operations::mark_dependee_bumped>(&step.done.what);
  if (done == nullptr || step.result.refused) return kept;
  std::vector<owned_key> due;
  (void)for_each_view(step, [&](view_key key, const view* before, const view*) -> breach {
    const bool knows = !done->schema_digest.empty() && before != nullptr &&
                       before->recorded_schema(done->dependee, done->schema_digest);
    if (before != nullptr && before->status.state() == view_state::ready &&
        before->reads_from(done->dependee) && !knows) {
      due.emplace_back(key);
    }
    return kept;
  });
  if (step.result.bumped != due) return "it says that it moved other views than those that are due";
  for (const owned_key& key : due) {
    if (step.after.state(key) != view_state::pending_recompat_check) return shown(key) + " is not frozen";
  }
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    const bool is_due = std::ranges::binary_search(due, owned_key(key));
    if (is_due || (before != nullptr && after != nullptr && *before == *after)) return kept;
    return shown(key) + " changed and is not due";
  });
}

breach a_verdict_replaces_dependencies_only_by_new_ones(const kernel_step& step) {
  const auto* done = std::get_if<operations::resolve_recompat>(&step.done.what);
  if (done == nullptr || step.result.refused) return kept;
  const view& before = *step.before.find_view(done->key);
  const view& after = *step.after.find_view(done->key);
  const bool replaces = done->judged == verdict::passed && !done->new_dependencies.empty();
  const bool right = replaces ? same_dependencies(after.depends_on, done->new_dependencies)
                              : before.depends_on == after.depends_on;
  if (!right) return shown(done->key) + " has other dependencies";
  if (after.last_validation_at != format_rfc3339(step.done.now)->view())
    return shown(done->key) + " has another last_validation_at";
  return kept;
}

breach a_repeated_failure_moves_only_its_time(const kernel_step& step) {
  const auto* done = std::get_if<operations::resolve_recompat>(&step.done.what);
  if (done == nullptr || done->judged == verdict::passed) return kept;
  if (step.before.state(done->key) != view_state::dsl_update_required) return kept;
  if (step.result.refused) return kept;
  view expected = *step.before.find_view(done->key);
  const view& after = *step.after.find_view(done->key);
  expected.last_validation_at = after.last_validation_at;
  return expected == after ? breach(kept) : shown(done->key) + " changed beyond its time";
}

breach a_view_that_is_revalidated_can_be_rebuilt(const kernel_step& step) {
  const auto* done = std::get_if<operations::revalidate>(&step.done.what);
  if (done == nullptr || step.result.refused) return kept;
  const view& before = *step.before.find_view(done->key);
  const view& after = *step.after.find_view(done->key);
  if (after.last_validation_at != format_rfc3339(step.done.now)->view())
    return shown(done->key) + " has another last_validation_at";
  if (done->judged == verdict::failed) {
    if (before.depends_on != after.depends_on) return shown(done->key) + " has other dependencies";
    const bool moved = before.status != after.status;
    return moved == (before.status.state() == view_state::pending_recompat_check)
               ? breach(kept)
               : shown(done->key) + " is " + std::string(after.status.text());
  }
  for (const dependency& item : after.depends_on) {
    const adapter* active = step.after.find_adapter(item.adapter);
    if (active != nullptr && active->schema_digest != item.schema_digest)
      return shown(done->key) + " can't be rebuilt against " + shown(item.adapter);
  }
  if (!done->new_dependencies.empty()) {
    return same_dependencies(after.depends_on, done->new_dependencies)
               ? breach(kept)
               : shown(done->key) + " does not record what it was given";
  }
  const bool same_adapters =
      std::ranges::equal(before.depends_on, after.depends_on, {}, &dependency::adapter, &dependency::adapter);
  if (!same_adapters) return shown(done->key) + " reads from other adapters";
  for (std::size_t i = 0; i < after.depends_on.size(); ++i) {
    const dependency& was = before.depends_on[i];
    const dependency& is = after.depends_on[i];
    if (is.schema_digest == was.schema_digest ? is.version != was.version : !is.version.empty())
      return shown(done->key) + " has a version that is not its schema's";
  }
  return kept;
}

breach a_build_against_another_schema_is_refused(const kernel_step& step) {
  const auto* done = std::get_if<operations::mark_view_rebuilt>(&step.done.what);
  if (done == nullptr || step.result.refused || !done->schemas_read) return kept;
  for (const dependency& recorded : step.before.find_view(done->key)->depends_on) {
    if (step.before.find_adapter(recorded.adapter) == nullptr) continue;
    for (const owned_schema& read : *done->schemas_read) {
      if (read.adapter == recorded.adapter && read.schema_digest != recorded.schema_digest)
        return "it read " + shown(read.adapter) + " at " + shown(read.schema_digest) + " and records " +
               shown(recorded.schema_digest);
    }
  }
  return kept;
}

breach a_rebuild_records_its_digest(const kernel_step& step) {
  const auto* done = std::get_if<operations::mark_view_rebuilt>(&step.done.what);
  if (done == nullptr || step.result.refused) return kept;
  const view& before = *step.before.find_view(done->key);
  const view& after = *step.after.find_view(done->key);
  if (before.status.state() != view_state::pending_rebuild) return "no rebuild was awaited";
  if (after.status.state() != view_state::ready) return "the view is not ready";
  if (after.view_digest != done->view_digest || done->view_digest.empty()) return "the digest is another";
  if (after.last_rebuilt_at != format_rfc3339(step.done.now)->view()) return "last_rebuilt_at is another";
  return before.depends_on == after.depends_on ? breach(kept) : "the dependencies changed";
}

breach a_removal_takes_out_what_nobody_needs(const kernel_step& step) {
  if (step.result.refused) return kept;
  if (const auto* done = std::get_if<operations::remove_view>(&step.done.what)) {
    if (step.after.find_view(done->key) != nullptr) return "the view is still there";
    if (step.after.find_adapter(done->key.adapter) == nullptr) return "the adapter is gone with its view";
  }
  const auto* done = std::get_if<operations::remove_adapter>(&step.done.what);
  if (done == nullptr) return kept;
  if (step.after.find_adapter(done->adapter) != nullptr) return "the adapter is still there";
  for (const auto& [adapter_name, owner] : step.before.adapters()) {
    for (const auto& [view_name, entry] : owner.views) {
      if (adapter_name != done->adapter && entry.status.state() == view_state::ready &&
          entry.reads_from(done->adapter)) {
        return shown({adapter_name, view_name}) + " is ready and reads from it";
      }
    }
  }
  return kept;
}

breach a_marking_freezes_exactly_the_missed_bumps(const kernel_step& step) {
  if (!std::holds_alternative<operations::mark_missed_bumps>(step.done.what))
    return step.result.missed.empty() ? breach(kept) : "it marked missed bumps, and is no marking";
  if (step.result.refused)
    return step.result.missed.empty() ? breach(kept) : "it was refused and tells of bumps";
  std::vector<missed_bump> due;
  auto broken = for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (before == nullptr || after == nullptr) return shown(key) + " came or went";
    const dependency* record = record_that_missed(step.before, *before);
    if (record == nullptr)
      return *before == *after ? breach(kept) : shown(key) + " missed no bump and changed";
    due.push_back({std::string(key.adapter), std::string(key.view), std::string(record->adapter),
                   std::string(record->schema_digest),
                   std::string(step.before.find_adapter(record->adapter)->schema_digest)});
    if (after->status.text() != "pending-recompat-check") return shown(key) + " is not frozen";
    return before->depends_on == after->depends_on ? breach(kept) : shown(key) + " has other dependencies";
  });
  if (broken) return broken;
  if (step.result.missed != due) return "other missed bumps are told";
  return step.after.missed_bumps().empty() ? breach(kept) : "a missed bump is left";
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
