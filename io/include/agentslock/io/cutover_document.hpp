/// A cutover on a document (§10.3.2): activating a dependee's new schema when every view that reads from it is valid against
/// it.
///
///     auto done = cutover_document(store, {"crg", source, schema, "2.0.0"}, judge);
///     if (!done) return done.error();
///     if (!done->activated) report(done->blockers);
///
/// Nothing is frozen before the cutover: it freezes, judges and activates in one step. The dependee's own tables migrate when it
/// has been activated, and not before. A cutover that is blocked is a result: the views' new states are kept, the dependee's
/// entry is as it was, and the way on is a validator that passes, with the same call again; or, to abandon the cutover, one to
/// the digest that is active.
#pragma once

#include <string>
#include <vector>

#include "agentslock/io/error.hpp"
#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/io/view_work.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// The new schema of a dependee.
struct new_dependee {
  std::string name;
  std::string source_digest;
  std::string schema_digest;
  /// Empty when it is not known.
  std::string version;
};

enum class cutover_mode : std::uint8_t {
  /// Run the validator and say what would come of it. Takes no lock and writes nothing.
  check,
  write,
};

/// What a cutover did, or in a check would do.
struct cut_over {
  struct judged_view {
    named_view key;
    program_verdict verdict;
    /// Of a failure the reason; of "could not tell" what happened.
    std::string why;
  };
  /// Everyone who was judged, in the order of their names.
  std::vector<judged_view> judged;
  /// Ready views that were frozen, because they recorded another digest.
  std::vector<named_view> frozen;
  /// Why the dependee was not activated. Empty when it was, and when some validator could not tell.
  std::vector<named_view> blockers;
  bool activated = false;
  /// Whether some validator could not tell: then nothing was changed.
  [[nodiscard]] bool undecided() const noexcept;
};

/// Gives the facts of each view that must be judged to the validator, with the new schema in place of the active one and no
/// lock held; then does the whole step under the lock, if the facts still hold. Otherwise those views are judged again, at
/// most three times in all.
/// Errors: those of lockfile::cutover as refused operations; conflict when the views keep changing; those of load and of
/// writing. Nothing is changed then. Exceptions: what the validator throws; so too.
/// From any thread; several processes may do it side by side.
[[nodiscard]] result<cut_over> cutover_document(const lockfile_store& store, const new_dependee& wanted,
                                                view_validator& validator, const work_options& how = {},
                                                cutover_mode mode = cutover_mode::write);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
