// The exploration of recoveries must be seen to find something: with a rule taken out it does. Linked to the mutants of
// properties/mutants/.

#include <gtest/gtest.h>

#include <cstdio>

#include "figure.hpp"
#include "mutant.hpp"
#include "support/recovery_scenario.hpp"

namespace agentslock::testing {
namespace {

TEST(SwitchedRecoveries, AViolationIsFoundWithoutTheRuleAndNoneWithIt) {
  const recovery_setup setup{
      .what = "a view to be built by two releases", .releases_differ = true, .bounds = {2, 0, 0}};
  const auto explored = [&] { return explore([&] { return make_recovery_scenario(setup); }, setup.bounds); };
  {
    const with_mutant without(mutant::another_build_is_believed);
    const exploration found = explored();
    ASSERT_TRUE(found.violation) << "nothing was found in " << found.schedules << " schedules";
    print_figure("recoveries without a rule", "%s, after %zu schedules: %s", setup.what, found.schedules,
                 found.violation->c_str());
    std::printf("%s", found.schedule.c_str());
  }
  const exploration with_it = explored();
  EXPECT_FALSE(with_it.violation) << *with_it.violation << "\n" << with_it.schedule;
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
