// What passes have in common once they have looked.
#pragma once

#include <cstddef>

#include "agentslock/kernel/reconcile.hpp"
#include "lockfile_editor.hpp"

namespace agentslock {

/// How the ready views of one adapter compare with the store.
class adapter_tally {
 public:
  /// What the store holds for one of them, held against what is recorded.
  observation add(const presence& found, std::string_view recorded_digest) noexcept {
    if (!found.present) return observation::absent;
    const observation seen = compare_digests(recorded_digest, found.digest);
    ++present_;
    if (seen == observation::digest_differs) ++different_;
    return seen;
  }
  [[nodiscard]] bool all_different() const noexcept { return present_ > 0 && different_ == present_; }

 private:
  std::size_t present_ = 0;
  std::size_t different_ = 0;
};

/// Does what was decided about one view after the other, says so, and counts.
class pass_teller {
 public:
  pass_teller(lockfile_editor& edit, reconcile_visitor& visitor) : edit_(edit), visitor_(visitor) {}

  void tell(view_key key, view& entry, reconcile_action action) {
    if (action != reconcile_action::no_action) act(key, entry, action);
    ++counts_.by_state[static_cast<std::size_t>(entry.status.state())];
  }

  [[nodiscard]] const reconcile_counts& counts() const noexcept { return counts_; }

 private:
  /// Precondition: there is something to do.
  void act(view_key key, view& entry, reconcile_action action);

  lockfile_editor& edit_;
  reconcile_visitor& visitor_;
  reconcile_counts counts_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
