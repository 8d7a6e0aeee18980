// What merging one entry and merging whole lockfiles share.
#pragma once

#include <string_view>

#include "agentslock/kernel/merge.hpp"

namespace agentslock {

/// Whether a time is earlier than another. What is no time is earlier than every time; among equals the bytes decide.
[[nodiscard]] bool is_earlier(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] inline std::string_view later(std::string_view a, std::string_view b) noexcept {
  return is_earlier(a, b) ? b : a;
}

/// The latest time that an entry records.
[[nodiscard]] std::string_view latest_time(const view& entry) noexcept;

/// Whether two adapters' entries say the same but for their views.
[[nodiscard]] inline bool same_own_texts(const adapter& a, const adapter& b) noexcept {
  return a.source_digest == b.source_digest && a.schema_digest == b.schema_digest &&
         a.activated_at == b.activated_at;
}

/// What a side did to an entry. `same` tells whether it is the base's.
template <class Entry, class Same>
[[nodiscard]] side_change change_of(const Entry* base, const Entry* side, Same same) noexcept {
  if (base == nullptr) return side == nullptr ? side_change::absent : side_change::added;
  if (side == nullptr) return side_change::removed;
  return same(*base, *side) ? side_change::unchanged : side_change::changed;
}

/// The table's rule for three entries.
template <class Entry, class Same>
[[nodiscard]] merge_rule rule_for(const Entry* base, const Entry* ours, const Entry* theirs,
                                  Same same) noexcept {
  const bool equal = ours != nullptr && theirs != nullptr && same(*ours, *theirs);
  return merge_row_of(change_of(base, ours, same), change_of(base, theirs, same),
                      equal ? merge_sides::equal : merge_sides::different)
      .rule;
}

/// An adapter's own texts in the result.
struct adapter_texts {
  /// The entry whose digests they are.
  const adapter* digests_of = nullptr;
  std::string_view activated_at;
  /// Both sides changed the digests, to different ones.
  bool conflict = false;
};

/// Merges them. Precondition: a side has the adapter.
[[nodiscard]] adapter_texts merge_adapter_texts(const adapter* base, const adapter* ours,
                                                const adapter* theirs, merge_side of_conflicts) noexcept;

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
