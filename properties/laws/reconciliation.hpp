/// The laws of a reconciliation pass (§10.1.3) over a whole lockfile. They hold of every step; of one that is no pass
/// they say nothing.
#pragma once

#include "law.hpp"
#include "step.hpp"

namespace agentslock::laws {

/// Fail-closed: a view that is ready after a pass was ready before, and the store holds it with the recorded digest.
[[nodiscard]] breach reconcile_never_yields_ready(const kernel_step& step);
/// A pass puts every view where the table of §10.1.3 says; said here by plain comparison.
[[nodiscard]] breach reconcile_does_what_its_table_says(const kernel_step& step);
/// What a pass reports are exactly the views that it changed, in byte order, with their true `from`, `to` and reason.
[[nodiscard]] breach reconcile_reports_exactly_what_it_changed(const kernel_step& step);
/// A pass asks once for each ready view, in byte order, and for no other.
[[nodiscard]] breach reconcile_asks_once_for_each_ready_view(const kernel_step& step);
/// It tells which validations are due and which gates are shut, and counts right.
[[nodiscard]] breach reconcile_tells_what_is_due_and_shut(const kernel_step& step);
/// So many are in each state then.
[[nodiscard]] breach reconcile_counts_the_views_by_their_states(const kernel_step& step);
/// It names the adapters of which every ready view that is in the store has another digest.
[[nodiscard]] breach reconcile_names_the_adapters_that_all_differ(const kernel_step& step);
/// A pass right after a pass, with the same store, changes nothing. One that has no answer is refused and silent.
[[nodiscard]] breach reconcile_again_changes_nothing(const kernel_step& step);
/// A whole pass leads where a marking of the missed bumps and then a pass lead, tells and counts the same, and asks about the same
/// views, about those of one adapter together. One that has no answer is refused and silent, and changes nothing.
[[nodiscard]] breach a_whole_pass_is_a_marking_and_then_a_pass(const kernel_step& step);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
