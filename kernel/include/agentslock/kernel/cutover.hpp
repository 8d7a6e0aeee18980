/// What goes into a cutover and what comes out of it (§10.3.2). The step itself is lockfile::cutover; the table it
/// obeys is cutover_table.hpp.
///
/// A cutover activates a dependee's new schema only when every view that reads from it is known to be valid
/// against that schema:
///
///     auto judged = file.cutover_candidates("crg", new_digest);   // whom the validator must judge
///     // ... run the validator on each, with no lock held
///     auto done = now_file.cutover({"crg", source, new_digest, "2.0.0"}, verdicts, file, now);
///     if (done && !done->activated) report(done->blockers);
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "agentslock/kernel/cutover_table.hpp"
#include "agentslock/kernel/entries.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What a validator found.
enum class verdict : std::uint8_t { passed, failed };

/// The new schema of a dependee.
struct cutover_request {
  std::string_view dependee;
  std::string_view source_digest;
  std::string_view schema_digest;
  std::string_view version;
};

/// A validator's verdict on one view.
struct cutover_verdict {
  view_key key;
  verdict judged;
  /// What the view is to record from now on, on a pass. Empty: the dependee's digest and version are replaced
  /// in what it recorded, and the rest stays.
  std::span<const dependency> new_dependencies;
};

/// What a cutover did. Owns its names.
struct cutover_report {
  /// Ready views that were frozen, because they recorded another digest.
  std::vector<owned_key> frozen;
  /// Views that were judged valid.
  std::vector<owned_key> passed;
  /// Views that were judged invalid.
  std::vector<owned_key> failed;
  /// Why the dependee was not activated: views that are dsl-update-required, or that await a rebuild for which
  /// they were judged invalid. Empty when it was.
  std::vector<owned_key> blockers;
  bool activated = false;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
