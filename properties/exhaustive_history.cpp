// Every sequence of events on one view, from logs of several lengths: the log is always the end of the full trace.

#include <gtest/gtest.h>

#include "agentslock/kernel/detail/lockfile_restorer.hpp"

#include <chrono>
#include <cstdio>
#include <vector>

#include "figure.hpp"
#include "laws/audit_log.hpp"
#include "laws/step.hpp"

namespace agentslock::properties {
namespace {

using testing::print_figure;

const owned_key key("comp", "v");

/// A ready view with a log of this length, each of whose entries begins where the one before ended.
lockfile view_with_log(std::size_t length) {
  lockfile_restorer restore;
  view& entry = *restore.add_view(*restore.add_adapter("comp"), "v");
  entry.status = recorded_status(view_status::ready);
  entry.view_digest = "v0";
  entry.depends_on.push_back({"crg", "d0", ""});
  std::vector<audit_entry> log;
  for (std::size_t i = length; i > 0; --i)
    log.push_back({"2026-06-01T00:00:00Z", "ready", "ready", "before"});
  entry.state_history.restore(log);
  return std::move(restore).finish();
}

/// Walks every sequence of this many events, and carries the full trace along.
struct walker {
  std::vector<operation::kind> events{
      operations::mark_dependee_bumped{"crg", "", ""},
      operations::mark_dependee_bumped{"crg", "d1", "2.0.0"},
      operations::resolve_recompat{key, verdict::passed, {}},
      operations::resolve_recompat{key, verdict::failed, {}},
      operations::mark_view_rebuilt{key, "v0", std::nullopt},
      operations::reconcile{},
  };
  std::size_t sequences = 0;
  std::size_t steps = 0;
  std::vector<audit_entry> trace;

  // Recursive: as deep as the sequence is long
  void walk(const lockfile& file, int left) {
    if (left == 0) {
      ++sequences;
      return;
    }
    for (const auto& event : events) {
      const laws::kernel_step step =
          laws::take_step(file, {event, timestamp(std::chrono::seconds(1000 + left))});
      const view& after = *step.after.find_view(key);
      const bool moved = after.status != step.before.find_view(key)->status;
      ++steps;
      // A refused event leads nowhere: its sequences are those of the shorter ones.
      if (!moved && step.result.refused) continue;
      if (moved) trace.push_back(after.state_history.entries().back());
      for (const auto law :
           {laws::the_log_grows_by_the_moves_of_the_step, laws::the_log_ends_in_the_current_status,
            laws::each_entry_begins_where_its_predecessor_ended, laws::every_trigger_is_what_happened}) {
        const auto broken = law(step);
        ASSERT_FALSE(broken) << *broken;
      }
      const auto broken =
          moved ? laws::the_log_is_the_end_of_the_trace(after.state_history.entries(), trace) : laws::kept;
      ASSERT_FALSE(broken) << *broken;
      const auto gap = laws::the_log_is_a_chain(after.state_history.entries());
      ASSERT_FALSE(gap) << *gap;
      walk(step.after, left - 1);
      if (moved) trace.pop_back();
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
};

TEST(ExhaustiveHistory, TheLogIsTheEndOfTheTraceAfterEverySequenceOfEvents) {
  walker all;
  for (const std::size_t length : {0U, 1U, 18U, 19U, 20U, 21U, 45U}) {
    const lockfile start = view_with_log(length);
    const auto recorded = start.find_view(key)->state_history.entries();
    all.trace.assign(recorded.begin(), recorded.end());
    all.walk(start, 8);
    if (HasFatalFailure()) return;
  }
  print_figure("exhaustive", "histories: %zu sequences, %zu steps", all.sequences, all.steps);
  EXPECT_GT(all.steps, 10'000U);
}

}  // namespace
}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
