/// A `ready` view over a schema that is gone: a dependee has another active schema than the one that the view records.
///
/// A merge of two branches leaves such a view, and so does an activation that was no cutover, or a program that died
/// between the bump and the activation. The reconciliation table can't see it: that asks the store only. A Go tool that
/// validates without new dependencies and then rebuilds makes a view missed again, since it leaves the old record.
///
///     for (const missed_bump& one : file.missed_bumps()) report(one.view, one.dependee);
///     auto marked = file.mark_missed_bumps(now);   // now they await validation
///
/// A record without a digest is not compared, nor is a dependee that has no entry in the lockfile: lockfile::missing_dependees
/// names the latter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/entries.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// Why such a view may not be queried, in a report and at the gate.
inline constexpr std::string_view dependee_schema_changed = "dependee schema changed";

/// A ready view that missed a bump, and the first of its records that says so. Owns its texts.
struct missed_bump {
  std::string adapter;
  std::string view;
  std::string dependee;
  std::string recorded_digest;
  /// What the dependee's entry has now; may be empty in a document.
  std::string active_digest;

  friend bool operator==(const missed_bump&, const missed_bump&) = default;
};

/// A view that reads from an adapter of which the lockfile has no entry. Owns its texts.
struct missing_dependee {
  std::string adapter;
  std::string view;
  std::string dependee;

  friend bool operator==(const missing_dependee&, const missing_dependee&) = default;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
