/// Merging: three entries of a view, and three lockfiles, into one.
///
/// Two branches change one document. The base is the version from which both come; ours and theirs are what became of it. A
/// merge decides each view by merge_table.hpp, and never makes one `ready` that a side did not record so. It reads
/// no clock and no store: two clones that merge the same three make the same value.
///
///     merged_view one = merge_views(base.find_view(key), ours.find_view(key), theirs.find_view(key));
///     merged_lockfile all = merge_lockfiles(base, ours, theirs, merge_side::ours);
///
/// What it deliberately does not do: read documents or keep their bytes. That is merge_document in the io layer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/audit_log.hpp"
#include "agentslock/kernel/entries.hpp"
#include "agentslock/kernel/lifetime.hpp"
#include "agentslock/kernel/lockfile.hpp"
#include "agentslock/kernel/merge_table.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// The text in the audit log of a view whose status two branches left. It is no edge of the machine, and never leads to
/// `ready`, nor to a less cautious status than one that a side changed it to.
inline constexpr std::string_view merge_trigger = "merge";

enum class merge_side : std::uint8_t { ours, theirs };

/// The audit log of a joined entry: at most audit_log::entries_max items, the oldest dropped. Borrows its texts.
class merged_log {
 public:
  /// Drops the oldest item when it is full.
  constexpr void append(const audit_entry& item) noexcept {
    if (count_ == items_.size()) {
      for (std::size_t i = 1; i < items_.size(); ++i)
        items_[i - 1] = items_[i];
      --count_;
    }
    items_[count_++] = item;
  }
  [[nodiscard]] constexpr std::span<const audit_entry> entries() const noexcept AGENTSLOCK_LIFETIMEBOUND {
    return {items_.data(), count_};
  }

 private:
  std::array<audit_entry, audit_log::entries_max> items_{};
  std::size_t count_ = 0;
};

/// What becomes of a view. All texts and lists are borrowed from the entries that were merged.
struct merged_view {
  merge_rule rule = merge_rule::gone;
  /// The entry that is the result as it stands; null when the result is none, or is made of both: then what follows.
  const view* as_it_is = nullptr;
  recorded_status status;
  std::string_view view_digest;
  /// Whole from one side, never mixed.
  std::span<const dependency> depends_on;
  std::string_view last_rebuilt_at;
  std::string_view last_validation_at;
  merged_log history;

  /// Whether the result has the view.
  [[nodiscard]] bool present() const noexcept { return rule != merge_rule::gone; }
};

/// Decides one view from its three entries, of which each may be absent (null).
/// A side that left the entry as it was gives the other's. Where both changed it the result is made of both: the more
/// cautious status, and at least what merge_floor_table says; the digest and the records that one side alone changed, else
/// those of the side that is later; the later times; the common part of the logs once, then the rest by time. One item is
/// added where the log does not end in the result's status: merge_trigger, at the latest time that either entry
/// records; where there is none, at 1970-01-01T00:00:00Z.
/// Symmetric but for the name of the rule, and but for `as_it_is` where both say the same.
/// Total, no allocation, safe from any thread; quadratic in the length of the logs.
[[nodiscard]] merged_view merge_views(const view* base AGENTSLOCK_LIFETIMEBOUND,
                                      const view* ours AGENTSLOCK_LIFETIMEBOUND,
                                      const view* theirs AGENTSLOCK_LIFETIMEBOUND) noexcept;

/// A merged lockfile, and where the sides contradict each other.
struct merged_lockfile {
  lockfile file;
  /// Adapters whose digests both sides changed, to different ones, in byte order: a person must choose.
  std::vector<std::string> conflicts;
};

/// Merges three lockfiles.
/// Views are decided by merge_views. An adapter is decided by the same table, its two digests together; of two activation
/// times the later is taken. Digests that both sides changed differently are a conflict: the result has those of
/// `of_conflicts`. An adapter that a view of the result reads from, or that keeps a view there, is not removed. Then
/// every ready view of the result that missed a bump is moved to pending-recompat-check, as
/// lockfile::mark_missed_bumps does, at the latest time that it or the dependee records.
/// The result owns its texts. Linear but for the logs and for looking entries up.
[[nodiscard]] merged_lockfile merge_lockfiles(const lockfile& base, const lockfile& ours,
                                              const lockfile& theirs, merge_side of_conflicts);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
