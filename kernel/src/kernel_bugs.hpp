// Bugs that can be put into the kernel one at a time, to see that the laws of properties/ find each of them; private to
// the kernel. In the library that is shipped `has_bug` is constant and none exists; in the variant that is compiled with
// AGENTSLOCK_SEEDED_BUGS a test chooses one.
#pragma once

#include <cstdint>

namespace agentslock {

enum class kernel_bug : std::uint8_t {
  none,
  /// The log holds 21 entries.
  log_keeps_one_more,
  /// A full log drops its newest entry and not its oldest.
  log_drops_the_newest,
  /// An entry's `from` is the status after the transition.
  from_is_the_new_status,
  /// A copy has no last_validation_at.
  copy_forgets_validation,
  /// A view that is there can be registered again.
  register_again,
  /// An adapter is removed though ready views of others read from it.
  remove_adapter_that_is_needed,
  /// A verdict counts though a schema has changed since the view was judged.
  stale_verdicts_count,
  /// A view reads from its first dependency only.
  only_first_dependency_counts,
  /// A view has recorded a schema when any one of its records of the adapter has it.
  one_record_is_enough,
  /// A build that read another schema is taken.
  rebuild_unguarded,
  /// A build does not record its digest.
  rebuild_keeps_old_digest,
  /// A failed validation replaces the dependencies.
  failure_replaces_dependencies,
  /// A pass without new dependencies takes the old ones out.
  no_dependencies_replace,
  /// A bump freezes views that recorded the new digest already.
  bump_ignores_new_digest,
  /// A repeated failure does not mark its view as touched.
  repeated_failure_untouched,
  /// Two empty digests are taken for consistent.
  empty_digests_match,
  /// The pass asks for the presence of every view.
  pass_asks_for_all,
  /// A presence that could not be found out is taken for absent.
  unknown_is_absent,
  /// The pass reports the status after the change as `from`.
  report_says_the_new_status,
  /// The dependee is activated in spite of blockers.
  cutover_ignores_blockers,
  /// Views in pending-rebuild are not judged.
  cutover_skips_pending_rebuild,
  /// A cutover does not record the new version.
  cutover_forgets_version,
  /// The trigger of a cutover's bump lacks the version.
  cutover_trigger_without_version,
  /// The query gate falls through for who did not opt in.
  gate_falls_through_unasked,
  /// The query gate names the recorded digest as the active one.
  gate_says_recorded_is_active,
};

#ifdef AGENTSLOCK_SEEDED_BUGS
[[nodiscard]] bool has_bug(kernel_bug bug) noexcept;
/// Puts one bug in, and takes the one before out.
void seed(kernel_bug bug) noexcept;
#else
[[nodiscard]] constexpr bool has_bug(kernel_bug) noexcept {
  return false;
}
#endif

}  // namespace agentslock
