// An explorer that finds nothing must be seen to find something: each rule of the protocol is taken out in turn, and the
// explorer finds a schedule that breaks a law. Built against the variant of the library that has the switches.

#include <gtest/gtest.h>

#include <cstdio>

#include "figure.hpp"
#include "protocol_rules.hpp"
#include "support/lock_scenario.hpp"

namespace agentslock::testing {
namespace {

/// A rule, and a setup in which it is missed.
struct missed_rule {
  protocol_rule rule;
  const char* name;
  lock_setup setup;
};

/// How GoogleTest prints one.
void PrintTo(const missed_rule& missed, std::ostream* out) {
  *out << missed.name;
}

const std::vector<missed_rule>& missed_rules() {
  using enum protocol_rule;
  static const std::vector<missed_rule> all{
      {claim_by_link, "ClaimByLink", {.what = "2 without a queue", .without_queue = 2, .bounds = {1, 0, 0}}},
      {enter_queue,
       "EnterQueue",
       {.what = "2 of ours", .with_queue = 2, .bounds = {1, 1, 0}, .queue_too = true}},
      {claim_at_queue,
       "ClaimAtQueue",
       {.what = "2 of ours, the folder is replaced",
        .with_queue = 2,
        .folder_is_replaced = true,
        .bounds = {2, 0, 1},
        .clock_is_set = false}},
      {verify_reclaimed,
       "VerifyReclaimed",
       {.what = "3 without a queue, a stale sidecar",
        .without_queue = 3,
        .stale_sidecar = true,
        .bounds = {2, 0, 0}}},
      {verify_released,
       "VerifyReleased",
       {.what = "1 of ours, 1 Go tool, a holder that leaves",
        .with_queue = 1,
        .go_writers = 1,
        .holder_leaves = true,
        .bounds = {4, 0, 0}}},
      {wait_until_stale,
       "WaitUntilStale",
       {.what = "2 without a queue", .without_queue = 2, .bounds = {1, 0, 0}}},
      {takeover_needs_queue,
       "TakeoverNeedsQueue",
       {.what = "1 of ours, 1 without a queue", .with_queue = 1, .without_queue = 1, .bounds = {2, 0, 0}}},
      {lease, "Lease", {.what = "1 of ours", .with_queue = 1, .bounds = {0, 0, 1}}},
      {look_at_sidecar_before,
       "LookAtSidecarBefore",
       {.what = "1 of ours, 1 Go tool, a holder that leaves",
        .with_queue = 1,
        .go_writers = 1,
        .holder_leaves = true,
        .bounds = {3, 0, 0}}},
      {look_at_document_before,
       "LookAtDocumentBefore",
       {.what = "1 of ours, an editor", .with_queue = 1, .editor = true, .bounds = {2, 0, 0}}},
      {look_after,
       "LookAfter",
       {.what = "1 of ours, 1 Go tool, pauses", .with_queue = 1, .go_writers = 1, .bounds = {3, 0, 1}}},
      {look_at_release,
       "LookAtRelease",
       {.what = "1 of ours, 1 Go tool, a holder that leaves",
        .with_queue = 1,
        .go_writers = 1,
        .holder_leaves = true,
        .bounds = {4, 0, 0}}},
      {notice_put_back,
       "NoticePutBack",
       {.what = "1 of ours, 1 Go tool, a clock that jumps",
        .with_queue = 1,
        .go_writers = 1,
        .bounds = {4, 0, 1},
        .time_passes = false}},
  };
  return all;
}

/// Puts all rules back, however the test ends.
struct without {
  explicit without(protocol_rule rule) { take_out(rule); }
  without(const without&) = delete;
  without& operator=(const without&) = delete;
  ~without() { keep_all_rules(); }
};

exploration explore_setup(const lock_setup& setup) {
  return explore([&] { return make_lock_scenario(setup); }, setup.bounds);
}

class SwitchedSchedules : public ::testing::TestWithParam<missed_rule> {};

TEST_P(SwitchedSchedules, AViolationIsFoundWithoutTheRuleAndNoneWithIt) {
  const missed_rule& missed = GetParam();
  {
    const without rule(missed.rule);
    const exploration found = explore_setup(missed.setup);
    ASSERT_TRUE(found.violation) << "nothing was found in " << found.schedules << " schedules of "
                                 << missed.setup.what;
    print_figure("rules taken out", "%-22s %s, after %zu schedules: %s", missed.name, missed.setup.what,
                 found.schedules, found.violation->c_str());
    std::printf("%s", found.schedule.c_str());
    EXPECT_FALSE(found.schedule.empty());
  }
  const exploration with_it = explore_setup(missed.setup);
  EXPECT_FALSE(with_it.violation) << *with_it.violation << "\n" << with_it.schedule;
}

INSTANTIATE_TEST_SUITE_P(Rules, SwitchedSchedules, ::testing::ValuesIn(missed_rules()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace agentslock::testing
