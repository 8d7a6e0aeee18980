/// The reconciliation pass (§10.1.3) on a document and a store: what a project runs when it starts.
///
///     function_presence views([](view_key) -> result<stored_view> { return stored_view(); });   // holds nothing
///     auto done = reconcile_document(store, views, reconcile_mode::write);
///     if (!done) return done.error();              // nothing was written
///     if (done->count(view_state::ready) != done->views) report("not all are ready");
///
/// The store is asked before the lock is taken, never while it is held. Under the lock the document is read again, and
/// what was found out counts for the views whose entry has not changed; for the others the store is asked again.
///
/// Before the table, a ready view that missed a bump (missed_bump.hpp) is moved to pending-recompat-check. The store is not
/// asked about it: moved to pending-rebuild, it would wait for a rebuild that is refused.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "agentslock/io/error.hpp"
#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/io/named_view.hpp"
#include "agentslock/io/presence.hpp"
#include "agentslock/kernel/missed_bump.hpp"
#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

enum class reconcile_mode : std::uint8_t {
  /// Say what would change. Takes no lock and writes nothing.
  check,
  /// Change it.
  write,
};

/// What a pass found and did.
struct reconciled {
  /// Why a view was moved.
  enum class change_kind : std::uint8_t {
    /// By the reconciliation table.
    reconciled,
    /// It was ready over a schema of a dependee that is gone.
    missed_bump,
  };
  struct change {
    named_view key;
    std::string from;
    view_status to;
    std::string reason;
    change_kind kind = change_kind::reconciled;
    /// Of a missed bump only: the dependee.
    std::string dependee = {};
  };
  /// In byte order of adapters, then views.
  std::vector<change> changes;
  std::vector<named_view> validation_due;
  std::vector<named_view> gates_shut;
  /// Adapters of which every view in the store has another digest than recorded; why that may be, a caller should say:
  /// another program may compute view digests by another formula.
  std::vector<std::string> every_digest_differs;

  /// Which views read from adapters that have no entry in the document: nobody can say whether they missed a bump. In byte order
  /// of adapters, then views; whatever their status.
  std::vector<missing_dependee> missing_dependees;

  std::size_t views = 0;
  /// How many views are in each state after the pass.
  std::array<std::size_t, view_state_count> by_state{};
  [[nodiscard]] std::size_t count(view_state state) const noexcept {
    return by_state[static_cast<std::size_t>(state)];
  }
  /// Whether the document existed, and whether it was written.
  bool existed = false;
  bool written = false;

  /// The document's text in which this was found (lock_document.hpp reads it, entry_places.hpp says where its entries stand); empty
  /// when the document was to be written.
  text_buffer as_read = {};
};

/// Runs the pass.
/// Errors: those of the source, with nothing written; those of load and of writing; conflict when the views keep
/// changing while the store is asked, for three rounds.
/// Asks once for each ready view that missed no bump, for some thousand at a time by find_all (presence.hpp), again only for those
/// that changed meanwhile. Keeps a byte of each answer.
/// Changes have the time at which the pass began; where the document had changed meanwhile, that of the writing.
[[nodiscard]] result<reconciled> reconcile_document(const lockfile_store& store, presence_source& views,
                                                    reconcile_mode mode);

/// What a pass would find, missed bumps included, if the store held every view just as it is recorded: what the document alone says. Takes no
/// lock and writes nothing.
/// Errors: those of load.
[[nodiscard]] result<reconciled> check_without_store(const lockfile_store& store);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
