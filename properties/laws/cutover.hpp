/// The laws of a cutover (§10.3.2). They hold of every step; of one that is no cutover they say nothing.
#pragma once

#include "law.hpp"
#include "step.hpp"

namespace agentslock::laws {

/// The dependee's entry gets the new schema exactly when no dependent blocks; else it is what it was, and the blockers
/// are the dependents that were judged invalid.
[[nodiscard]] breach a_cutover_activates_exactly_when_nothing_blocks(const kernel_step& step);
/// Every dependent that is not ready, or recorded another digest, was judged, and each verdict was applied.
[[nodiscard]] breach a_cutover_judges_every_candidate(const kernel_step& step);
/// A verdict on a view whose entry, or a schema that it reads, was another when the validator ran is refused.
[[nodiscard]] breach a_cutover_believes_no_stale_verdict(const kernel_step& step);
/// A view that passed records the new dependencies, or the old ones with the dependee's new digest and version; one
/// that failed keeps its record. Both get a last_validation_at.
[[nodiscard]] breach a_cutover_records_the_schema_that_was_judged(const kernel_step& step);
/// Once the dependee is activated, every ready view that reads from it records the new schema digest.
[[nodiscard]] breach after_a_cutover_every_ready_dependent_has_the_new_schema(const kernel_step& step);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
