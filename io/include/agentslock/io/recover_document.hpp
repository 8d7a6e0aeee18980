/// The whole way back to ready, in one call: what a backend runs when it starts.
///
///     auto done = recover_document(store, views, judge, build);
///     if (!done) return done.error();
///     if (done->not_ready() == 0) report("all are ready");
///
/// The pass first (reconcile_document.hpp), then the verdicts that are due, then the views that can be rebuilt. A program that
/// was killed between building a view and recording it leaves a view that is not ready: the next call finds it, builds it
/// again, and comes to the same end.
#pragma once

#include <cstddef>

#include "agentslock/io/error.hpp"
#include "agentslock/io/rebuild_document.hpp"
#include "agentslock/io/reconcile_document.hpp"
#include "agentslock/io/validate_document.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What each part of the way did.
struct recovered {
  reconciled pass;
  validated verdicts;
  rebuilt builds;
  /// The document at the end: how many views there are, and how many are in which state.
  reconciled at_end;

  [[nodiscard]] std::size_t not_ready() const noexcept {
    return at_end.views - at_end.count(view_state::ready);
  }
};

/// Runs the pass, then validates what is due, then builds what can be built. Each view is judged and built at most once, but
/// for those that others change meanwhile. `chosen` narrows what is judged and built, not the pass.
/// Errors: those of the parts. What earlier parts have written stays.
/// From any thread; several processes may do it side by side.
[[nodiscard]] result<recovered> recover_document(const lockfile_store& store, presence_source& views,
                                                 view_validator& validator, view_builder& builder,
                                                 const work_options& how = {},
                                                 const view_choice& chosen = view_choice::all());

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
