// The power is cut at every system call of every write.

#include <gtest/gtest.h>

#include <cstdio>

#include "figure.hpp"
#include "support/crash_checker.hpp"

namespace agentslock::testing {
namespace {

TEST(Crashes, AfterAnyPowerCutTheDocumentIsTheOldOrTheNewOneAndTheNextWriterGoesOn) {
  std::size_t states = 0;
  for (const crash_scenario& scenario : crash_scenarios()) {
    const crash_findings findings = cut_power_everywhere(scenario);
    print_figure("crashes", "%-26s power cut at %3zu calls, %5zu states", scenario.what, findings.calls,
                 findings.states);
    states += findings.states;
    EXPECT_TRUE(findings.torn.empty()) << scenario.what << ": neither old nor new " << findings.torn.front();
    EXPECT_TRUE(findings.undone.empty())
        << scenario.what << ": acknowledged and undone " << findings.undone.front();
    EXPECT_TRUE(findings.stuck.empty()) << scenario.what << ": no way on " << findings.stuck.front();
    EXPECT_GT(findings.states, findings.calls) << "a power cut has more than one outcome";
  }
  print_figure("crashes", "%zu states in all", states);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
