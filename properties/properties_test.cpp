// Every property as a test of its own.

#include <gtest/gtest.h>

#include <iostream>
#include <ostream>
#include <string>

#include "property.hpp"

namespace agentslock::properties {

void PrintTo(const property& one, std::ostream* out) {
  *out << one.name;
}

namespace {

/// "every_step_keeps_its_laws" as "EveryStepKeepsItsLaws".
std::string test_name(std::string_view name) {
  std::string camel;
  bool upper = true;
  for (char c : name) {
    if (c != '_') camel += upper ? static_cast<char>(c - 'a' + 'A') : c;
    upper = c == '_';
  }
  return camel;
}

class PropertyTest : public ::testing::TestWithParam<property> {};

TEST_P(PropertyTest, Holds) {
  const check_outcome outcome = run(GetParam());
  std::cout << GetParam().name << ": " << outcome.cases << " cases, seed " << chosen_seed() << "\n";
  EXPECT_TRUE(outcome.holds) << outcome.report;
}

std::string name_of(const ::testing::TestParamInfo<property>& one) {
  return test_name(one.param.name);
}

INSTANTIATE_TEST_SUITE_P(Kernel, PropertyTest,
                         ::testing::ValuesIn(kernel_properties().begin(), kernel_properties().end()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Machine, PropertyTest,
                         ::testing::ValuesIn(machine_properties().begin(), machine_properties().end()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Merge, PropertyTest,
                         ::testing::ValuesIn(merge_properties().begin(), merge_properties().end()), name_of);
INSTANTIATE_TEST_SUITE_P(Codec, PropertyTest,
                         ::testing::ValuesIn(codec_properties().begin(), codec_properties().end()), name_of);
INSTANTIATE_TEST_SUITE_P(Document, PropertyTest,
                         ::testing::ValuesIn(document_properties().begin(), document_properties().end()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Store, PropertyTest,
                         ::testing::ValuesIn(store_properties().begin(), store_properties().end()), name_of);

}  // namespace
}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
