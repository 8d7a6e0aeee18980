/// The laws of the operations on a lockfile: what one step may do, whatever the operation.
#pragma once

#include <span>

#include "law.hpp"
#include "step.hpp"

namespace agentslock::laws {

using step_law = named_law<const kernel_step&>;

/// All laws about one step: those below, and those of audit_log.hpp, reconciliation.hpp and cutover.hpp.
[[nodiscard]] std::span<const step_law> step_laws() noexcept;

/// A refused operation leaves the lockfile equal to what it was, and says why in words.
[[nodiscard]] breach a_refused_operation_changes_nothing(const kernel_step& step);
/// A view's status changes only along the machine's edges.
[[nodiscard]] breach every_change_of_status_is_an_edge_of_the_machine(const kernel_step& step);
/// Fail-closed: a view that was not ready, or not there, is ready only after a registration or a rebuild of it.
[[nodiscard]] breach only_registration_and_rebuild_make_a_view_ready(const kernel_step& step);
/// No operation writes a status that is none of the four.
[[nodiscard]] breach no_operation_records_an_unrecognised_status(const kernel_step& step);
/// An operation changes no view but the one that it names, those that read from the dependee that it names, and, in
/// a pass or a marking of missed bumps, those that it reports.
[[nodiscard]] breach views_that_are_not_concerned_keep_their_entries(const kernel_step& step);
/// An operation changes the digests of no adapter but the one that it activates.
[[nodiscard]] breach adapters_that_are_not_concerned_keep_their_entries(const kernel_step& step);
/// An entry that says something else than before is marked as touched: codecs rely on it.
[[nodiscard]] breach what_changed_is_marked_as_touched(const kernel_step& step);
/// Every time that an operation writes is the time that it was given.
[[nodiscard]] breach every_new_time_is_the_time_given(const kernel_step& step);
/// An activation sets the digests and keeps the views; it is refused only for its arguments.
[[nodiscard]] breach an_activation_sets_the_digests_and_keeps_the_views(const kernel_step& step);
/// A registration records what it was given, once.
[[nodiscard]] breach a_registration_records_what_it_was_given(const kernel_step& step);
/// A bump freezes the ready views that read from the dependee, but those that recorded the new digest, and says which.
[[nodiscard]] breach a_bump_freezes_exactly_the_ready_dependents(const kernel_step& step);
/// A pass replaces the dependencies only when new ones are given; a failure never does.
[[nodiscard]] breach a_verdict_replaces_dependencies_only_by_new_ones(const kernel_step& step);
/// A failed validation of a view that is dsl-update-required moves last_validation_at and nothing else.
[[nodiscard]] breach a_repeated_failure_moves_only_its_time(const kernel_step& step);
/// A revalidation that passed leaves a view that can be rebuilt: every record is of the schema that is active, and has a version
/// only if that schema was recorded with it. One that failed keeps the records.
[[nodiscard]] breach a_view_that_is_revalidated_can_be_rebuilt(const kernel_step& step);
/// A build that read another schema of an active dependee than its view records is refused.
[[nodiscard]] breach a_build_against_another_schema_is_refused(const kernel_step& step);
/// A build that is taken records its digest and its time.
[[nodiscard]] breach a_rebuild_records_its_digest(const kernel_step& step);
/// A removal takes out the entry, all of it, and no other; one of an adapter that ready views of others read is refused.
[[nodiscard]] breach a_removal_takes_out_what_nobody_needs(const kernel_step& step);

/// Marking names and freezes the ready views over a schema that is gone, each by its first record that differs, and changes
/// nothing else; no missed bump is left.
[[nodiscard]] breach a_marking_freezes_exactly_the_missed_bumps(const kernel_step& step);

/// A law about a whole lockfile.
using lockfile_law = named_law<const lockfile&>;
[[nodiscard]] std::span<const lockfile_law> lockfile_laws() noexcept;

/// Adapters and views are handed out in byte order, each once, and are found by their names.
[[nodiscard]] breach names_are_in_byte_order_and_found(const lockfile& file);
/// The blockers of an adapter are the views in dsl-update-required that read from it.
[[nodiscard]] breach blockers_are_the_dependents_in_dsl_update_required(const lockfile& file);
/// The ready views that missed a bump are named and marked, each by its first record that differs, and no other view
/// changes; then none is left, and marking again changes nothing.
[[nodiscard]] breach marking_moves_exactly_the_missed_bumps(const lockfile& file);
/// Every dependee without an entry is named, once a view.
[[nodiscard]] breach dependees_without_an_entry_are_named(const lockfile& file);
/// A copy says the same, and goes on saying it when the original changes and goes.
[[nodiscard]] breach a_copy_shares_nothing_with_its_original(const lockfile& file);

/// Operations that concern different views lead to the same lockfile in either order.
/// Precondition: both name a view, and not the same one.
[[nodiscard]] breach operations_on_different_views_commute(const lockfile& file, const operation& one,
                                                           const operation& other);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
