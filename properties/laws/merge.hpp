/// The laws of merging: what two sides made of one base becomes one lockfile that is no less cautious than either meant.
#pragma once

#include <span>

#include "agentslock/kernel/merge.hpp"
#include "law.hpp"

namespace agentslock::laws {

/// A base, and what two sides made of it.
struct merge_case {
  lockfile base;
  lockfile ours;
  lockfile theirs;
};

using merge_law = named_law<const merge_case&>;
[[nodiscard]] std::span<const merge_law> merge_laws() noexcept;

/// Who is called ours does not matter.
[[nodiscard]] breach a_merge_is_symmetric(const merge_case& given);
/// Merging a side with itself, or with what it was made of, changes nothing but views that missed a bump; nor does merging a
/// side with the result.
[[nodiscard]] breach merging_again_changes_nothing(const merge_case& given);
/// Where a side left a view as it was, the result has the other's, unless that missed a bump in the result.
[[nodiscard]] breach an_unchanged_side_gives_the_others_view(const merge_case& given);
/// No view is less cautious than a side that changed it.
[[nodiscard]] breach a_merge_is_no_less_cautious_than_a_change(const merge_case& given);
/// A view that both sides have is ready only if both are, with the same digest and records; or one side left it as it was, and
/// the other made it ready. A view that one side removed and the other changed is never ready.
[[nodiscard]] breach a_merged_view_is_ready_only_if_its_sides_are(const merge_case& given);
/// Where both sides changed what is recorded of the dependees, to different things, the view awaits a verdict, or more.
[[nodiscard]] breach a_pair_that_nobody_judged_is_judged(const merge_case& given);
/// The records of a merged view are those of one side.
[[nodiscard]] breach records_are_never_mixed(const merge_case& given);
/// Each item of a merged log stands in a side's, no more often than in both, and what both begin with once; but for one item with the trigger "merge", which
/// ends in the status, and one for a missed bump; the times are of the documents.
[[nodiscard]] breach a_merge_invents_no_history(const merge_case& given);
/// A log that was joined ends in its view's status, and is no longer than a transition would leave it.
[[nodiscard]] breach a_joined_log_ends_in_its_status(const merge_case& given);
/// What one side removed is gone where the other left it as it was, and kept where the other changed it.
[[nodiscard]] breach a_removal_is_obeyed_unless_it_was_changed(const merge_case& given);
/// No ready view of the result missed a bump.
[[nodiscard]] breach a_merge_leaves_no_missed_bump(const merge_case& given);
/// An adapter that a view of the result reads from, and that a side has, is in the result.
[[nodiscard]] breach an_adapter_that_is_read_is_not_removed(const merge_case& given);
/// A conflict is named exactly where both sides changed an adapter's digests, to different ones; else its digests are
/// together those of a side that changed them.
[[nodiscard]] breach digests_are_one_sides_or_a_conflict(const merge_case& given);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
