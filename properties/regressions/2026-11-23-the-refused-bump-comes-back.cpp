// Found by: Exhaustive.WithoutTheGuardOfMarkViewRebuiltTheRefusedBumpComesBack, 2026-11-23; no seed, it is exhaustive.
// Law: what_may_be_queried_was_rebuilt.
// A cutover is refused for one view; the other, which passed and so records the new schema, is rebuilt against the old
// one, which is still active; the same cutover is accepted. The rebuild must be refused.

#include <gtest/gtest.h>

#include <chrono>

#include "agentslock/kernel/operation.hpp"

namespace agentslock::properties {
namespace {

TEST(Regression, ARefusedBumpDoesNotComeBackByARebuildAgainstTheOldSchema) {
  const timestamp now{std::chrono::seconds(1782907200)};
  const owned_key one("a", "one");
  const owned_key two("b", "two");
  const auto cut_over_to = [&](const char* schema, verdict of_one, verdict of_two) {
    return operation{operations::cutover{"crg", "s", schema, "", {{one, of_one, {}}, {two, of_two, {}}}},
                     now};
  };
  lockfile file;
  EXPECT_TRUE(apply(file, cut_over_to("d1", verdict::passed, verdict::passed)).cut_over.activated);
  EXPECT_FALSE(apply(file, {operations::register_view{one, "v", {{"crg", "d1", ""}}}, now}).refused);
  EXPECT_FALSE(apply(file, {operations::register_view{two, "v", {{"crg", "d1", ""}}}, now}).refused);
  EXPECT_FALSE(apply(file, cut_over_to("d2", verdict::passed, verdict::failed)).cut_over.activated);

  const std::vector<owned_schema> active{{"crg", "d1"}};
  const auto refused = apply(file, {operations::mark_view_rebuilt{one, "v", active}, now}).refused;
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, refusal_code::built_against_another_schema);
  EXPECT_TRUE(apply(file, cut_over_to("d2", verdict::passed, verdict::passed)).cut_over.activated);
  EXPECT_EQ(file.state(one), view_state::pending_rebuild);
}

}  // namespace
}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
