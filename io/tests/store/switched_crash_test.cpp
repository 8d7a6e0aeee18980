// A checker that finds nothing must be seen to find something: with one sync left out of the protocol, the crash checker
// finds what that loses. Linked to the mutants of properties/mutants/.

#include <gtest/gtest.h>

#include <cstdio>

#include "figure.hpp"
#include "mutant.hpp"
#include "support/crash_checker.hpp"

namespace agentslock::testing {
namespace {

crash_findings find_without(mutant rule) {
  const with_mutant on(rule);
  crash_findings all;
  for (const crash_scenario& scenario : crash_scenarios()) {
    const crash_findings found = cut_power_everywhere(scenario);
    all.states += found.states;
    all.torn.insert(all.torn.end(), found.torn.begin(), found.torn.end());
    all.undone.insert(all.undone.end(), found.undone.begin(), found.undone.end());
    all.stuck.insert(all.stuck.end(), found.stuck.begin(), found.stuck.end());
  }
  return all;
}

TEST(SwitchedCrashes, WithoutTheSyncOfTheFileATornDocumentIsFound) {
  const crash_findings findings = find_without(mutant::sync_file);
  ASSERT_FALSE(findings.torn.empty());
  std::printf("torn, the first: %s\n", findings.torn.front().c_str());
  print_figure("rules taken out", "the sync of the file: %zu of %zu states torn", findings.torn.size(),
               findings.states);
}

TEST(SwitchedCrashes, WithoutTheSyncOfTheDirectoryAnUndoneUpdateIsFound) {
  const crash_findings findings = find_without(mutant::sync_directory);
  ASSERT_FALSE(findings.undone.empty());
  EXPECT_TRUE(findings.torn.empty());
  print_figure("rules taken out",
               "the sync of the directory: %zu of %zu states have lost an acknowledged update",
               findings.undone.size(), findings.states);
}

TEST(SwitchedCrashes, WithAllRulesNothingIsFound) {
  for (const crash_scenario& scenario : crash_scenarios()) {
    EXPECT_TRUE(cut_power_everywhere(scenario).all_well()) << scenario.what;
  }
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
