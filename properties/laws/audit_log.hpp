/// The laws of the audit log: it is the end of what happened to a view, and nothing else.
#pragma once

#include <span>

#include "law.hpp"
#include "step.hpp"

namespace agentslock::laws {

/// A log changes by what the step did to its view: one entry for each move, none for anything else.
[[nodiscard]] breach the_log_grows_by_the_moves_of_the_step(const kernel_step& step);
/// After a transition the log is the last 20 of what it held before and what was added.
[[nodiscard]] breach the_log_is_the_last_20_of_the_full_trace(const kernel_step& step);
/// A log that was written to ends in its view's status.
[[nodiscard]] breach the_log_ends_in_the_current_status(const kernel_step& step);
/// A new entry begins in the status that the view had, and none when there was no view.
[[nodiscard]] breach each_entry_begins_where_its_predecessor_ended(const kernel_step& step);
/// A new entry has the trigger of an edge of the machine; a bump's names the dependee, and its version when known.
[[nodiscard]] breach every_trigger_is_what_happened(const kernel_step& step);

/// The full trace of one view, oldest first, and the log that is left of it.
/// For who follows a view through many steps.
[[nodiscard]] breach the_log_is_the_end_of_the_trace(std::span<const audit_entry> log,
                                                     std::span<const audit_entry> trace);
/// Each entry's `from` is its predecessor's `to`.
[[nodiscard]] breach the_log_is_a_chain(std::span<const audit_entry> log);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
