// A suite that finds nothing proves little unless it is seen to find something: each mutant that names a law must be found
// by that law.

#include <gtest/gtest.h>

#include <cstdio>
#include <ostream>
#include <string>
#include <vector>

#include "figure.hpp"
#include "mutant.hpp"
#include "property.hpp"

namespace agentslock {

void PrintTo(const mutant_facts& one, std::ostream* out) {
  *out << one.name;
}

}  // namespace agentslock

namespace agentslock::properties {
namespace {

using testing::print_figure;

std::vector<mutant_facts> found_by_laws() {
  std::vector<mutant_facts> found;
  for (const mutant_facts& one : mutants()) {
    if (!one.property.empty()) found.push_back(one);
  }
  return found;
}

class SeededBug : public ::testing::TestWithParam<mutant_facts> {};

TEST_P(SeededBug, IsFoundByItsLaw) {
  const mutant_facts& bug = GetParam();
  const with_mutant on(bug.which);
  const check_outcome outcome = find_breach(property_named(bug.property), bug.found_by, 10);
  ASSERT_FALSE(outcome.holds) << bug.found_by << " does not find it";
  EXPECT_NE(outcome.report.find(std::string(bug.found_by) + ": "), std::string::npos) << outcome.report;
  print_figure("seeded bugs", "%-34s found by %s", std::string(bug.name).c_str(),
               std::string(bug.found_by).c_str());
}

INSTANTIATE_TEST_SUITE_P(All, SeededBug, ::testing::ValuesIn(found_by_laws()),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
