// The real lock code of several processes, under every schedule up to a bound.

#include <gtest/gtest.h>

#include <cstdio>

#include "figure.hpp"
#include "support/exploring.hpp"
#include "support/kept_exploration.hpp"
#include "support/lock_scenario.hpp"

namespace agentslock::testing {

/// How GoogleTest prints a setup.
void PrintTo(const lock_setup& setup, std::ostream* out) {
  *out << setup.what;
}

namespace {

class Schedules : public ::testing::TestWithParam<lock_setup> {};

TEST_P(Schedules, KeepEveryLaw) {
  const lock_setup& setup = GetParam();
  const exploration found =
      explore([&] { return make_lock_scenario(setup); }, setup.bounds, limits_of(setup.what, setup.bounds));
  print_figure("schedules", "%-45s %d preemptions, %d crashes, %d time events: %6zu schedules, %7zu states%s",
               setup.what, setup.bounds.preemptions, setup.bounds.crashes, setup.bounds.time_events,
               found.schedules, found.states, found.unless_ended().c_str());
  EXPECT_FALSE(found.violation) << *found.violation << "\n" << found.schedule;
  EXPECT_GT(found.schedules, 1U);
}

std::string name_of(const ::testing::TestParamInfo<lock_setup>& info) {
  return test_name_of(info.param.what);
}

INSTANTIATE_TEST_SUITE_P(Writers, Schedules, ::testing::ValuesIn(lock_setups(how_far())), name_of);

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
