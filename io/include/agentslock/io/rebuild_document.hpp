/// Building the views of a document that wait for a rebuild, and recording what the store then holds.
///
///     auto done = rebuild_document(store, views, view_choice::all(), build);
///
/// A view can be rebuilt when it is pending-rebuild and records the active schema of each adapter that it reads from, of those
/// that have an entry. The others wait for a verdict first (validate_document.hpp).
///
/// When a builder should change the tables: in one transaction, and never drop a table before that. What it leaves is seen by
/// whoever reads the store at once, though the view is not ready before the record says so. A builder that fails in the
/// middle of several transactions leaves tables that the next pass finds absent or different, and builds again.
#pragma once

#include <string>
#include <vector>

#include "agentslock/io/error.hpp"
#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/io/presence.hpp"
#include "agentslock/io/view_work.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

enum class built : std::uint8_t {
  /// The view is recorded as ready, with the digest that the store has for it.
  ready,
  /// Another program recorded it meanwhile, with just the digest that the store had after our build: nothing to do.
  already_done,
  /// The builder failed, or the store does not hold the view after it. Nothing is recorded.
  failed,
  /// The builder could not tell, or the facts kept changing. Nothing is recorded.
  could_not_tell,
};

/// What rebuilding did.
struct rebuilt {
  struct built_view {
    named_view key;
    built outcome;
    /// Why, when it is not ready.
    std::string why;
    /// The digest that was recorded; empty when none was.
    std::string view_digest;
  };
  /// In the order of their names. Each view that was built stands here once.
  std::vector<built_view> views;
  /// Whether a build was recorded.
  bool written = false;

  [[nodiscard]] std::size_t count(built outcome) const noexcept;
};

/// Builds each chosen view that can be rebuilt, with no lock held; then asks the store for its digest, and records that under
/// the lock if the view's facts are those that the builder was given. Otherwise, if the view is recorded as ready with the
/// very digest that the store holds, another program was faster; else the view is held against the store as a pass does, and
/// built again, at most three times in all.
/// Errors: unknown_view for a choice that names what is not there; those of the store of views, and those of load and of
/// writing: nothing of that round is recorded then. Exceptions: what the builder throws; so too.
/// From any thread; several processes may do it side by side.
[[nodiscard]] result<rebuilt> rebuild_document(const lockfile_store& store, presence_source& views,
                                               const view_choice& chosen, view_builder& builder,
                                               const work_options& how = {});

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
