/// The `adapters` section as a value, and the operations on it.
///
/// A lockfile decides and remembers; it reads no file, no clock and no store. It never makes a view `ready`
/// but by register_view and mark_view_rebuilt, and it has no acknowledge, force or override.
///
///     lockfile file;
///     auto active = file.activate("crg", source, schema, now);
///     auto ready = file.register_view({"comp", "summary"}, view_digest, depends_on, now);
///     reconcile_report found;
///     auto passed = file.reconcile(ask_the_store, found, now);
///
/// Every operation takes the time from its caller. An operation that is refused changes nothing; one that is
/// ended by std::bad_alloc leaves the lockfile fit for destruction only. Names and texts that are passed in are copied.
/// What an operation reports about views owns its names, and outlives the lockfile. What a lockfile shows of itself
/// (adapters, entries, adapter_names, view_keys) is borrowed and lives until the entry is removed or the lockfile
/// is destroyed or assigned; memory of replaced texts is given back when the lockfile is destroyed.
/// Const operations are safe from several threads at once; others need exclusive access.
#pragma once

#include <concepts>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/kernel/cutover.hpp"
#include "agentslock/kernel/entries.hpp"
#include "agentslock/kernel/lifetime.hpp"
#include "agentslock/kernel/missed_bump.hpp"
#include "agentslock/kernel/reconcile.hpp"
#include "agentslock/kernel/refusal.hpp"
#include "agentslock/kernel/rfc3339.hpp"
#include "agentslock/kernel/transition.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// The schema of one adapter, as some program read it.
struct adapter_schema {
  std::string_view adapter;
  std::string_view schema_digest;
};

/// What a dependee was bumped to, as far as it is known; empty texts are not known.
struct new_schema {
  std::string_view schema_digest;
  std::string_view version;
};

/// Says that it is not known which schemas a build read; tools of ours always know.
struct schemas_not_known_t {
  explicit schemas_not_known_t() = default;
};
inline constexpr schemas_not_known_t schemas_not_known{};

/// The schemas of dependees that a build read, taken from the active entries before it began: any contiguous range of them,
/// or schemas_not_known. Borrowed: an argument, never kept. `{}` says that it read none.
class schemas_read {
 public:
  constexpr schemas_read(schemas_not_known_t) noexcept {}
  constexpr schemas_read(std::initializer_list<adapter_schema> known AGENTSLOCK_LIFETIMEBOUND) noexcept
      : known_(std::span<const adapter_schema>(known.begin(), known.size())) {}
  template <class Range>
  requires std::convertible_to<const Range&, std::span<const adapter_schema>>
  constexpr schemas_read(const Range& known AGENTSLOCK_LIFETIMEBOUND) noexcept : known_(known) {}

  /// Nothing when it is not known.
  [[nodiscard]] constexpr std::optional<std::span<const adapter_schema>> known() const noexcept {
    return known_;
  }

 private:
  std::optional<std::span<const adapter_schema>> known_;
};

class lockfile {
 public:
  /// An empty lockfile. Allocates what it holds its entries in.
  lockfile();
  /// A copy shares nothing with its original. Linear.
  lockfile(const lockfile& other);
  lockfile& operator=(const lockfile& other);
  /// Moves keep what was handed out alive. The source may only be assigned or destroyed.
  lockfile(lockfile&& other) noexcept : contents_(std::exchange(other.contents_, nullptr)) {}
  lockfile& operator=(lockfile&& other) noexcept;
  ~lockfile();

  /// All adapters, in byte order of their names.
  [[nodiscard]] const adapter_map& adapters() const noexcept AGENTSLOCK_LIFETIMEBOUND;
  /// The adapter's entry, or null. Logarithmic, no allocation.
  [[nodiscard]] const adapter* find_adapter(std::string_view adapter_name) const noexcept
      AGENTSLOCK_LIFETIMEBOUND;
  /// The view's entry, or null. Logarithmic, no allocation.
  [[nodiscard]] const view* find_view(view_key key) const noexcept AGENTSLOCK_LIFETIMEBOUND;
  /// The state of a view: view_state::none when there is no such view. Logarithmic, no allocation.
  [[nodiscard]] view_state state(view_key key) const noexcept;
  /// The adapters' names, in byte order.
  [[nodiscard]] std::vector<std::string_view> adapter_names() const AGENTSLOCK_LIFETIMEBOUND;
  /// The names of all views in byte order of adapters, then views.
  [[nodiscard]] std::vector<view_key> view_keys() const AGENTSLOCK_LIFETIMEBOUND;

  /// Creates an adapter's entry, or replaces its digests and its activation time; its views stay.
  /// Looks at no view that depends on it: see dependents_on_another_schema and cutover.
  /// Refused: empty_name, not_utf8, time_out_of_range.
  outcome<> activate(std::string_view adapter_name, std::string_view source_digest,
                     std::string_view schema_digest, timestamp now);

  /// The views for which activating another schema of this adapter needs a cutover: all that depend on it,
  /// whatever their status; of an adapter without an entry, those that did not record this digest. Empty when the
  /// adapter's entry has this digest already.
  [[nodiscard]] std::vector<owned_key> dependents_on_another_schema(std::string_view adapter_name,
                                                                    std::string_view schema_digest) const;

  /// Puts a new view into the document, `ready`, with an entry for its adapter if there is none.
  /// Refused: already_registered (its way back is a rebuild, or removal first), empty_digest, empty_name (also
  /// of a dependency), not_utf8, time_out_of_range.
  outcome<> register_view(view_key key, std::string_view view_digest, std::span<const dependency> depends_on,
                          timestamp now);

  /// Moves every `ready` view that depends on the adapter to pending-recompat-check, except those that recorded
  /// the new schema digest, if that is known. Returns the moved views, in order.
  /// Refused: empty_name, not_utf8, time_out_of_range.
  outcome<std::vector<owned_key>> mark_dependee_bumped(std::string_view dependee, timestamp now,
                                                       new_schema to = {});

  /// Applies a validator's verdict and sets last_validation_at. A pass replaces the recorded dependencies when
  /// new ones are given; otherwise, and on a failure, they stay. A failure of a view that is already
  /// dsl-update-required succeeds and is no transition.
  /// Refused: unknown_view, no_such_transition, empty_name, not_utf8, time_out_of_range.
  outcome<> resolve_recompat(view_key key, verdict judged, std::span<const dependency> new_dependencies,
                             timestamp now);

  /// Applies a verdict on a view as it reads the schemas that are active now. One that is pending-rebuild keeps its status: what
  /// it recorded may have gone meanwhile. The others move as by resolve_recompat. A pass records the new dependencies; without
  /// them, in place of each record of an adapter that has an entry, that entry's digest, and a version only if the digest was
  /// recorded already: the view can then be rebuilt. A failure keeps them. Sets last_validation_at.
  /// Refused: unknown_view, no_such_transition, built_against_another_schema (new dependencies that name another schema than
  /// the active one of an adapter that has an entry), empty_name, not_utf8, time_out_of_range.
  outcome<> revalidate(view_key key, verdict judged, std::span<const dependency> new_dependencies,
                       timestamp now);

  /// Records a completed build: the digest, last_rebuilt_at, `ready`.
  /// A dependee whose schema was read is compared with what the view records of it, if it has an entry in this lockfile.
  /// Refused: unknown_view, no_such_transition (only a view that is pending-rebuild can be rebuilt),
  /// empty_digest, built_against_another_schema, not_utf8, time_out_of_range.
  outcome<> mark_view_rebuilt(view_key key, std::string_view view_digest, schemas_read read, timestamp now);

  /// The views in dsl-update-required that depend on the adapter, in order.
  [[nodiscard]] std::vector<owned_key> activation_blockers(std::string_view dependee) const;

  /// Takes a view out. Refused: unknown_view.
  outcome<> remove_view(view_key key);
  /// Takes an adapter out, with its views.
  /// Refused: unknown_adapter, needed_by_ready_views (the message names them).
  outcome<> remove_adapter(std::string_view adapter_name);

  /// The reconciliation pass (§10.1.3): holds every recorded status against the store, once, in byte order of
  /// adapters, then views, and moves what the table says. Asks once for each `ready` view and for no other.
  /// Tells the visitor what it found. A second pass with the same presence changes nothing.
  /// Refused: presence_unknown, time_out_of_range; the visitor is then told nothing.
  /// Linear; allocates in proportion to the number of views that change, and nothing when none does.
  outcome<reconcile_counts> reconcile(presence_query ask, reconcile_visitor& visitor, timestamp now);

  /// The record by which a view missed a bump: the first that has a digest, and of whose adapter the entry here has
  /// another one. Null when there is none, or the view is not `ready`.
  /// Precondition: the entry is one of this lockfile's; the record lives as long as it.
  /// Linear in the number of dependencies, each found in logarithmic time; no allocation.
  [[nodiscard]] const dependency* missed_record(const view& entry AGENTSLOCK_LIFETIMEBOUND) const noexcept;
  /// The `ready` views that missed a bump, in byte order of adapters, then views; each once.
  /// Linear; allocates nothing when there are none.
  [[nodiscard]] std::vector<missed_bump> missed_bumps() const;
  /// Moves each view of missed_bumps() to pending-recompat-check, as a bump of the dependee that it names, and returns
  /// them. Marking again moves nothing. No part of the reconciliation pass: run it before, so that such a view is
  /// validated and not rebuilt against a schema that it does not record.
  /// Refused: time_out_of_range.
  /// Linear; allocates in proportion to the number of views that are moved, and nothing when none is.
  outcome<std::vector<missed_bump>> mark_missed_bumps(timestamp now);
  /// The dependees without an entry here, whatever the status of the view that reads from them: nobody can say whether
  /// such a view missed a bump. In byte order of adapters, then views, then as recorded; each once a view.
  /// Linear, but quadratic in the number of dependencies of one view.
  [[nodiscard]] std::vector<missing_dependee> missing_dependees() const;
  /// The pass with which a project starts: mark_missed_bumps, then reconcile, in one walk, in which each record's dependee is looked for
  /// once. Asks about each view that is `ready` and missed no bump, once, about many views at a time and about those of one adapter
  /// together. The question must not change this lockfile.
  /// Tells the visitor what reconcile would tell it; the report has the rest.
  /// Refused: presence_unknown (also when there are not as many answers as keys), time_out_of_range; then nothing is changed, and the
  /// visitor is told nothing.
  /// Linear, but quadratic in the number of dependencies of one view; allocates in proportion to the number of adapters, to the views of a
  /// question (some thousand, or one adapter's), and to those of which there is something to say.
  outcome<whole_pass_report> whole_pass(presence_of_many ask, reconcile_visitor& visitor, timestamp now);

  /// The views that a validator must judge before the dependee's new schema can be activated, in order: those
  /// that depend on it and are not `ready`, or recorded another digest. One whose status is unrecognised is not among
  /// them: no verdict counts for it, and the cutover is refused until it is reconciled.
  [[nodiscard]] std::vector<owned_key> cutover_candidates(std::string_view dependee,
                                                          std::string_view schema_digest) const;

  /// The whole cutover in one step: freezes, applies the verdicts, then activates the dependee, or names the
  /// blockers and leaves its entry as it is (what the views became stays).
  /// `as_given` is the lockfile that the validator's facts were taken from: a verdict counts only if the view's
  /// entry and the schemas of its dependees are still the same.
  /// Refused: verdict_missing, facts_are_stale, no_such_transition (a dependent whose status is unrecognised:
  /// reconcile first), built_against_another_schema (new dependencies that name another digest of the
  /// dependee), empty_name, empty_digest, not_utf8, time_out_of_range.
  outcome<cutover_report> cutover(const cutover_request& request, std::span<const cutover_verdict> verdicts,
                                  const lockfile& as_given, timestamp now);

  /// Whether a view's entry, and the active schemas of the adapters that it reads from, are the same in both.
  [[nodiscard]] bool same_facts(const lockfile& other, view_key key) const;
  /// A text that says all that: two lockfiles have the same facts about a view exactly when their texts are equal. For a
  /// token that a validator or a builder brings back. Empty when there is no such view. Linear in the entry.
  [[nodiscard]] std::string facts_text(view_key key) const;

  /// What the restorer was given to keep alive; null in a lockfile that was not restored, and in a copy. While it is
  /// a text, each entry that is not touched says what that text says.
  [[nodiscard]] const void* restored_from() const noexcept AGENTSLOCK_LIFETIMEBOUND;

  /// Compares what the lockfiles say.
  friend bool operator==(const lockfile& a, const lockfile& b) { return a.adapters() == b.adapters(); }

 private:
  friend class lockfile_restorer;
  friend class lockfile_editor;

  [[nodiscard]] std::vector<view_key> views_where(function_ref<bool(view_key, const view&)> holds) const;
  [[nodiscard]] std::vector<owned_key> report_where(function_ref<bool(view_key, const view&)> holds) const;

  /// Empty, with so much memory for entries to come.
  explicit lockfile(std::size_t memory_bytes);

  struct contents;
  contents* contents_;  // null in one that was moved from
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
