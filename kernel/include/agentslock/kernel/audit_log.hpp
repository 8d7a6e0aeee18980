/// The bounded audit log of a view (§10.1.1): its last transitions, oldest first.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "agentslock/kernel/lifetime.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// One transition. All texts are borrowed; in a lockfile they live as long as the lockfile.
struct audit_entry {
  /// When: RFC 3339, UTC, whole seconds.
  std::string_view at;
  /// The status before; empty when there was none. An unrecognised status stands here as its own text.
  std::string_view from;
  /// The status after.
  std::string_view to;
  /// What moved the view.
  std::string_view trigger;

  friend bool operator==(const audit_entry&, const audit_entry&) = default;
};

/// The last transitions of one view.
/// A document may hold more entries than the bound; they stay until the next transition.
/// Not safe for concurrent use while one thread appends.
class audit_log {
 public:
  /// How many entries there are at most after a transition.
  static constexpr std::size_t entries_max = 20;

  explicit audit_log(std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : entries_(memory) {}

  /// Takes the entries that a document records, however many.
  void restore(std::span<const audit_entry> recorded) { entries_.assign(recorded.begin(), recorded.end()); }

  /// Appends one transition and drops the oldest ones past entries_max.
  /// Linear in the number of entries before; allocates when the log grows.
  void append(const audit_entry& entry);

  /// Oldest first.
  [[nodiscard]] std::span<const audit_entry> entries() const noexcept AGENTSLOCK_LIFETIMEBOUND {
    return entries_;
  }

  friend bool operator==(const audit_log& a, const audit_log& b) { return a.entries_ == b.entries_; }

 private:
  std::pmr::vector<audit_entry> entries_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
