/// Judging the views of a document that are due (§10.1.4), and recording the verdicts.
///
///     auto done = validate_document(store, view_choice::all(), judge);
///     if (!done) return done.error();
///     for (const auto& one : done->views) report(one.key, one.why);
///
/// Due are views that are pending-recompat-check, and those that are pending-rebuild whose record of an active dependee has
/// another digest or none: they could not be rebuilt. The latter are left to the dependee's cutover while that is blocked.
/// A view that is dsl-update-required is judged only when it is named, or with `retry`: the document does not say which
/// schema its failed verdict was about, and judging it against the old one would undo a blocked cutover again and again.
///
/// On a pass the view records what the validator printed, or else, of each adapter that it reads from and that has an entry,
/// the schema digest that the validator was told of. A failure of a view that waits for a rebuild moves only
/// last_validation_at.
#pragma once

#include <string>
#include <vector>

#include "agentslock/io/error.hpp"
#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/io/view_work.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What judging did.
struct validated {
  struct judged_view {
    named_view key;
    program_verdict verdict;
    /// Of a failure the reason; of "could not tell" what happened.
    std::string why;
    /// The status before and after, as the document spells them.
    std::string from;
    std::string to;
  };
  /// In the order of their names. Each view that was to be judged stands here once.
  std::vector<judged_view> views;
  /// Whether a verdict was recorded.
  bool written = false;

  [[nodiscard]] std::size_t count(program_verdict verdict) const noexcept;
};

/// Gives each due view's facts to the validator, with no lock held, then records under the lock the verdicts whose facts
/// still hold. The others are judged again, at most three times in all; what has not come to rest then is
/// could_not_tell, and unchanged. A view that needs no verdict does not occur in the result.
/// Errors: unknown_view for a choice that names what is not there; those of load and of writing, with the document as it
/// was. Exceptions: what the validator throws; nothing of that round is recorded.
/// From any thread; several processes may do it side by side: a verdict counts once.
[[nodiscard]] result<validated> validate_document(const lockfile_store& store, const view_choice& chosen,
                                                  view_validator& validator, const work_options& how = {});

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
