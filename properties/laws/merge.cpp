#include "merge.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "merge_reading.hpp"
#include "shown.hpp"
#include "step_reading.hpp"

namespace agentslock::laws {
namespace {

lockfile with_bumps_marked(lockfile file) {
  (void)file.mark_missed_bumps(timestamp{});
  return file;
}

/// Whether two lockfiles say the same but for the time of a marked bump.
bool same_but_for_marks(const lockfile& a, const lockfile& b) {
  const auto keys = a.view_keys();
  if (keys != b.view_keys() || a.adapter_names() != b.adapter_names()) return false;
  for (std::string_view name : a.adapter_names()) {
    if (!same_texts(*a.find_adapter(name), *b.find_adapter(name))) return false;
  }
  return std::ranges::all_of(keys, [&](view_key key) {
    const view& one = *a.find_view(key);
    const view& other = *b.find_view(key);
    return one == other || (one.status == other.status && one.view_digest == other.view_digest &&
                            same_records(one, other) && one.status.text() == "pending-recompat-check");
  });
}

}  // namespace

breach a_merge_is_symmetric(const merge_case& given) {
  const merged_lockfile here = merged(given);
  const merged_lockfile there = merge_lockfiles(given.base, given.theirs, given.ours, merge_side::theirs);
  if (here.conflicts != there.conflicts) return "the conflicts are others";
  return here.file == there.file ? breach(kept) : "the other way round it is another lockfile";
}

breach merging_again_changes_nothing(const merge_case& given) {
  for (const lockfile* side : {&given.ours, &given.theirs}) {
    const lockfile expected = with_bumps_marked(*side);
    for (const lockfile* base : {&given.base, side}) {
      const merged_lockfile again = merge_lockfiles(*base, *side, *side, merge_side::ours);
      if (!again.conflicts.empty()) return "a side is in conflict with itself";
      if (!same_but_for_marks(again.file, expected)) return "a side merged with itself is another";
    }
  }
  const merged_lockfile once = merged(given);
  const merged_lockfile again = merge_lockfiles(given.ours, given.ours, once.file, merge_side::ours);
  return again.file == once.file ? breach(kept) : "merging the result is another";
}

breach a_merge_leaves_no_missed_bump(const merge_case& given) {
  const merged_lockfile result = merged(given);
  for (view_key key : result.file.view_keys()) {
    if (record_that_missed(result.file, *result.file.find_view(key)) != nullptr)
      return shown(key) + " missed a bump";
  }
  return kept;
}

breach digests_are_one_sides_or_a_conflict(const merge_case& given) {
  const merged_lockfile result = merged(given);
  const auto digests = [](const adapter* one) {
    return one == nullptr ? std::pair<std::string_view, std::string_view>()
                          : std::pair(one->source_digest, one->schema_digest);
  };
  for (const auto& [name, entry] : result.file.adapters()) {
    const adapter* base = given.base.find_adapter(name);
    const adapter* ours = given.ours.find_adapter(name);
    const adapter* theirs = given.theirs.find_adapter(name);
    const bool named = std::ranges::count(result.conflicts, name) > 0;
    if (ours == nullptr || theirs == nullptr) {
      if (named || digests(&entry) != digests(ours != nullptr ? ours : theirs))
        return shown(name) + " is another than the one side that has it";
      continue;
    }
    const bool by_us = base == nullptr || digests(ours) != digests(base);
    const bool by_them = base == nullptr || digests(theirs) != digests(base);
    const bool contradict = by_us && by_them && digests(ours) != digests(theirs);
    if (named != contradict) return shown(name) + (named ? " is no conflict" : " is a conflict");
    if (digests(&entry) != digests(contradict || by_us ? ours : theirs))
      return shown(name) + " has other digests than the side that changed them";
  }
  return kept;
}

namespace {

#define AGENTSLOCK_LAW(law) \
  { #law, law }

constexpr std::array all_merge_laws{
    merge_law AGENTSLOCK_LAW(a_merge_is_symmetric),
    merge_law AGENTSLOCK_LAW(merging_again_changes_nothing),
    merge_law AGENTSLOCK_LAW(an_unchanged_side_gives_the_others_view),
    merge_law AGENTSLOCK_LAW(a_merge_is_no_less_cautious_than_a_change),
    merge_law AGENTSLOCK_LAW(a_merged_view_is_ready_only_if_its_sides_are),
    merge_law AGENTSLOCK_LAW(a_pair_that_nobody_judged_is_judged),
    merge_law AGENTSLOCK_LAW(records_are_never_mixed),
    merge_law AGENTSLOCK_LAW(a_merge_invents_no_history),
    merge_law AGENTSLOCK_LAW(a_joined_log_ends_in_its_status),
    merge_law AGENTSLOCK_LAW(a_removal_is_obeyed_unless_it_was_changed),
    merge_law AGENTSLOCK_LAW(a_merge_leaves_no_missed_bump),
    merge_law AGENTSLOCK_LAW(an_adapter_that_is_read_is_not_removed),
    merge_law AGENTSLOCK_LAW(digests_are_one_sides_or_a_conflict),
};

#undef AGENTSLOCK_LAW

}  // namespace

std::span<const merge_law> merge_laws() noexcept {
  return all_merge_laws;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
