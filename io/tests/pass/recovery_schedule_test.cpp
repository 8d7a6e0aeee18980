// Instances of a backend that recover one document side by side, under every schedule up to a bound.

#include <gtest/gtest.h>

#include <string>

#include "figure.hpp"
#include "support/exploring.hpp"
#include "support/kept_exploration.hpp"
#include "support/recovery_scenario.hpp"

namespace agentslock::testing {

/// How GoogleTest prints a setup.
void PrintTo(const recovery_setup& setup, std::ostream* out) {
  *out << setup.what;
}

namespace {

class Recoveries : public ::testing::TestWithParam<recovery_setup> {};

TEST_P(Recoveries, ComeToTheSameEnd) {
  const recovery_setup& setup = GetParam();
  const exploration found = explore([&] { return make_recovery_scenario(setup); }, setup.bounds,
                                    limits_of(setup.what, setup.bounds));
  print_figure("recoveries", "%-45s %d preemptions, %d crashes: %6zu schedules, %7zu states%s", setup.what,
               setup.bounds.preemptions, setup.bounds.crashes, found.schedules, found.states,
               found.unless_ended().c_str());
  EXPECT_FALSE(found.violation) << *found.violation << "\n" << found.schedule;
  EXPECT_GT(found.schedules, 10U);
}

std::string name_of(const ::testing::TestParamInfo<recovery_setup>& info) {
  return test_name_of(info.param.what);
}

INSTANTIATE_TEST_SUITE_P(Instances, Recoveries, ::testing::ValuesIn(recovery_setups(how_far())), name_of);

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
