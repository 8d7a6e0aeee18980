// Writers of one document on one machine, and what must hold of them in every schedule.
//
// The laws:
//   exclusion     never do two processes that have the queue hold the lock at once;
//   the last look no process of ours replaces the document when its last look, right before, would have told it that the
//                 lock or the document is no longer its own: only what happens between that look and the rename can
//                 escape it, and then it reports outcome_uncertain;
//   the release   no process of ours moves aside a live lock that it has seen to be another's;
//   the lease     no process of ours replaces the document when it looked last more than 20 s after it acquired, or when
//                 its claim appeared so long after it began: it holds nothing then;
//   no loss       an acknowledged update is in the document at the end;
//   progress      some process gets on; and when all is over the next writer goes on, at once if the sidecar that may be
//                 left is one of ours;
//   no litter     a minute later nothing but the document is left.
// What may be lost, and when, is said by lock_scenario::check_losses, and by docs/durability.md in words.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agentslock/io/error.hpp"
#include "exploring.hpp"
#include "schedule_explorer.hpp"

namespace agentslock::testing {

struct lock_setup {
  const char* what;
  /// Processes of ours, each with one update.
  int with_queue = 0;
  int without_queue = 0;
  /// Processes that play the Go tool, each with one update.
  int go_tools = 0;
  /// The same of its old release, whose lock is a directory.
  int old_go_tools = 0;
  /// A program that replaces the document without asking for the lock.
  bool editor = false;
  /// Something that moves the directory away and puts a copy in its place.
  bool directory_is_replaced = false;
  /// The path is a symlink, and every other process of ours uses the file's own path.
  bool path_is_symlink = false;
  /// A sidecar that a Go tool left when it was killed a minute ago.
  bool stale_sidecar = false;
  /// Whether the file system has files without a name: without them a claim can be swept.
  bool nameless_files = true;
  /// Whether it has hard links; without them a sidecar that was moved aside is put back by a rename.
  bool hard_links = true;
  /// Somebody holds the lock at first and lets it go: what makes the Go tool steal.
  bool holder_leaves = false;
  schedule_bounds bounds = {};
  /// Whether time may pass beyond the lease and beyond the age at which a sidecar is stale, and the wall clock be set.
  bool time_passes = true;
  bool clock_is_set = true;
  /// Whether processes are also started and killed where that can lead to nothing new: while they wait in the queue.
  bool queue_too = false;
};

[[nodiscard]] std::unique_ptr<scenario> make_lock_scenario(const lock_setup& setup);

/// The setups of ctest: 2, 3 and 4 processes, with and without a Go tool, and the odd ones.
[[nodiscard]] std::vector<lock_setup> lock_setups(exploring how_far);

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
