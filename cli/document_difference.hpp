// What two documents say differently about adapters and views.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/lockfile.hpp"

namespace agentslock::cli {

/// One text of an entry that differs.
struct changed_text {
  std::string_view member;
  std::string_view before;
  std::string_view after;
};

/// A view that only one document has, or that differs. It borrows from both lockfiles.
struct view_difference {
  std::string_view name;
  /// Null where there is none.
  const view* before;
  const view* after;
  /// The texts that differ, where both have it; the status first.
  std::vector<changed_text> texts;
  bool depends_on_differs;
  /// Where both have it: the transitions of the second that the first does not know.
  std::span<const audit_entry> transitions;
  /// Whether the second's log does not go on where the first's ends: another branch, or more than it keeps.
  bool log_differs;
};

/// The same of an adapter. One that has only differing views has no texts.
struct adapter_difference {
  std::string_view name;
  const adapter* before;
  const adapter* after;
  std::vector<changed_text> texts;
  std::vector<view_difference> views;
};

/// All differences, in byte order. Empty exactly when the lockfiles are equal.
/// Linear.
[[nodiscard]] std::vector<adapter_difference> differences(const lockfile& before, const lockfile& after);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
