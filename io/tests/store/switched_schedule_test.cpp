// An explorer that finds nothing must be seen to find something: each rule of the protocol is taken out in turn, and the
// explorer finds a schedule that breaks a law. Linked to the mutants of properties/mutants/.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>

#include "figure.hpp"
#include "mutant.hpp"
#include "support/lock_scenario.hpp"

namespace agentslock::testing {
namespace {

/// A rule, and a setup in which it is missed.
struct missed_rule {
  mutant rule;
  lock_setup setup;
};

/// The rule's name as tests are named: ClaimByLink.
std::string title_of(const missed_rule& missed) {
  const auto facts = std::ranges::find(mutants(), missed.rule, &mutant_facts::which);
  std::string title;
  bool begins_word = true;
  for (const char c : facts->name) {
    if (c != '_') title += begins_word ? static_cast<char>(c - 'a' + 'A') : c;
    begins_word = c == '_';
  }
  return title;
}

/// How GoogleTest prints one.
void PrintTo(const missed_rule& missed, std::ostream* out) {
  *out << title_of(missed);
}

const std::vector<missed_rule>& missed_rules() {
  using enum mutant;
  static const std::vector<missed_rule> all{
      {claim_by_hard_link, {.what = "2 without a queue", .without_queue = 2, .bounds = {1, 0, 0}}},
      {enter_queue, {.what = "2 of ours", .with_queue = 2, .bounds = {1, 1, 0}, .queue_too = true}},
      {claim_at_queue,
       {.what = "2 of ours, the directory is replaced",
        .with_queue = 2,
        .directory_is_replaced = true,
        .bounds = {2, 0, 1},
        .clock_is_set = false}},
      {verify_reclaimed,
       {.what = "3 without a queue, a stale sidecar",
        .without_queue = 3,
        .stale_sidecar = true,
        .bounds = {2, 0, 0}}},
      {verify_released,
       {.what = "1 of ours, 1 Go tool, a holder that leaves",
        .with_queue = 1,
        .go_tools = 1,
        .holder_leaves = true,
        .bounds = {4, 0, 0}}},
      {wait_until_stale, {.what = "2 without a queue", .without_queue = 2, .bounds = {1, 0, 0}}},
      {takeover_needs_queue,
       {.what = "1 of ours, 1 without a queue", .with_queue = 1, .without_queue = 1, .bounds = {2, 0, 0}}},
      {lease, {.what = "1 of ours", .with_queue = 1, .bounds = {0, 0, 1}}},
      {look_at_sidecar_before,
       {.what = "1 of ours, 1 Go tool, a holder that leaves",
        .with_queue = 1,
        .go_tools = 1,
        .holder_leaves = true,
        .bounds = {3, 0, 0}}},
      {look_at_document_before,
       {.what = "1 of ours, an editor", .with_queue = 1, .editor = true, .bounds = {2, 0, 0}}},
      {look_after,
       {.what = "1 of ours, 1 Go tool, pauses", .with_queue = 1, .go_tools = 1, .bounds = {3, 0, 1}}},
      {look_at_release,
       {.what = "1 of ours, 1 Go tool, a holder that leaves",
        .with_queue = 1,
        .go_tools = 1,
        .holder_leaves = true,
        .bounds = {4, 0, 0}}},
      {notice_put_back,
       {.what = "1 of ours, 1 Go tool, a clock that jumps",
        .with_queue = 1,
        .go_tools = 1,
        .bounds = {4, 0, 1},
        .time_passes = false}},
  };
  return all;
}

exploration explore_setup(const lock_setup& setup) {
  return explore([&] { return make_lock_scenario(setup); }, setup.bounds);
}

TEST(SwitchedRules, EachIsTakenOutByATest) {
  std::multiset<mutant> taken_out{mutant::sync_file, mutant::sync_directory};  // by switched_crash_test.cpp
  for (const missed_rule& missed : missed_rules())
    taken_out.insert(missed.rule);
  std::multiset<mutant> all;
  for (const mutant_facts& one : mutants()) {
    if (one.found_by == "switched_tests") all.insert(one.which);
  }
  EXPECT_EQ(taken_out, all);
}

class SwitchedSchedules : public ::testing::TestWithParam<missed_rule> {};

TEST_P(SwitchedSchedules, AViolationIsFoundWithoutTheRuleAndNoneWithIt) {
  const missed_rule& missed = GetParam();
  {
    const with_mutant without(missed.rule);
    const exploration found = explore_setup(missed.setup);
    ASSERT_TRUE(found.violation) << "nothing was found in " << found.schedules << " schedules of "
                                 << missed.setup.what;
    print_figure("rules taken out", "%-22s %s, after %zu schedules: %s", title_of(missed).c_str(),
                 missed.setup.what, found.schedules, found.violation->c_str());
    std::printf("%s", found.schedule.c_str());
    EXPECT_FALSE(found.schedule.empty());
  }
  const exploration with_it = explore_setup(missed.setup);
  EXPECT_FALSE(with_it.violation) << *with_it.violation << "\n" << with_it.schedule;
}

INSTANTIATE_TEST_SUITE_P(Rules, SwitchedSchedules, ::testing::ValuesIn(missed_rules()),
                         [](const auto& test) { return title_of(test.param); });

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
