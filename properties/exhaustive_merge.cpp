// Every base with every two sides, of a view that is small enough to have few entries.

#include <gtest/gtest.h>

#include "agentslock/kernel/detail/lockfile_restorer.hpp"

#include <optional>
#include <string>
#include <vector>

#include "figure.hpp"
#include "laws/merge.hpp"

namespace agentslock::properties {
namespace {

using testing::print_figure;

/// An entry, or none.
struct small_entry {
  std::string_view status;
  std::string_view digest;
  std::string_view schema;
  /// How many items its log has; the last ends in its status, but for one that an editor changed.
  std::size_t log = 0;
};

lockfile file_with(const std::optional<small_entry>& entry, std::string_view active) {
  lockfile_restorer restore;
  adapter& dependee = *restore.add_adapter("crg");
  dependee.schema_digest = active;
  dependee.activated_at = "2026-07-01T12:00:03Z";
  if (!entry) return std::move(restore).finish();
  view& one = *restore.add_view(*restore.add_adapter("comp"), "v");
  one.status = recorded_status(entry->status);
  one.view_digest = entry->digest;
  one.depends_on.push_back({"crg", entry->schema, ""});
  std::vector<audit_entry> log;
  if (entry->log > 0) log.push_back({"2026-07-01T12:00:00Z", "", "ready", "registered"});
  if (entry->log > 1) log.push_back({"2026-07-01T12:00:01Z", "ready", entry->status, "moved"});
  one.state_history.restore(log);
  return std::move(restore).finish();
}

TEST(Merge, KeepsItsLawsForEveryBaseAndEveryTwoSides) {
  std::vector<std::optional<small_entry>> entries{std::nullopt};
  for (std::string_view status :
       {"ready", "pending-rebuild", "pending-recompat-check", "dsl-update-required", "garbled"}) {
    for (std::string_view digest : {"v0", "v1"}) {
      for (std::string_view schema : {"d0", "d1"}) {
        for (std::size_t log : {1U, 2U}) {
          if ((log == 1) == (digest == "v0")) entries.push_back(small_entry{status, digest, schema, log});
        }
      }
    }
  }
  // A third pair of records, which both sides can change to.
  entries.push_back(small_entry{"ready", "v0", "d2", 1});
  std::vector<lockfile> files;
  for (const auto& one : entries)
    files.push_back(file_with(one, "d0"));
  std::size_t merges = 0;
  for (const lockfile& base : files) {
    for (const lockfile& ours : files) {
      for (const lockfile& theirs : files) {
        const laws::breach broken =
            laws::first_broken(laws::merge_laws(), laws::merge_case{base, ours, theirs});
        ASSERT_FALSE(broken) << *broken;
        ++merges;
      }
    }
  }
  print_figure("exhaustive", "merges of one view: %zu bases and sides", merges);
  EXPECT_EQ(merges, files.size() * files.size() * files.size());
}

}  // namespace
}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
