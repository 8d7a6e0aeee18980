// Explorations that go on where another run was stopped.

#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <fstream>
#include <stdexcept>
#include <string>

#include "support/kept_exploration.hpp"
#include "support/lock_scenario.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

class KeptExploration : public ::testing::Test {
 protected:
  temporary_directory directory;
  const std::string file = directory / "kept";
  const lock_setup setup{.what = "2 of ours", .with_queue = 2, .bounds = {1, 1, 0}};

  exploration explore_at_most(std::optional<std::size_t> schedules) const {
    return explore([&] { return make_lock_scenario(setup); }, setup.bounds,
                   {.time_max = std::nullopt, .schedules_max = schedules, .kept = file});
  }
};

TEST_F(KeptExploration, ComesToTheSameEndInPieces) {
  const exploration whole = explore([&] { return make_lock_scenario(setup); }, setup.bounds);
  ASSERT_TRUE(whole.ended);
  exploration found = explore_at_most(5);
  EXPECT_FALSE(found.ended);
  EXPECT_EQ(found.schedules, 5U);
  int runs = 1;
  for (; !found.ended; ++runs)
    found = explore_at_most(7);
  EXPECT_GT(runs, 3);
  EXPECT_EQ(found.schedules, whole.schedules);
  EXPECT_EQ(found.states, whole.states);
  EXPECT_EQ(found.steps, whole.steps);
  EXPECT_EQ(found.unless_ended(), "");

  // What has ended has nothing left to do.
  const exploration again = explore_at_most(1);
  EXPECT_TRUE(again.ended);
  EXPECT_EQ(again.schedules, whole.schedules);
}

TEST_F(KeptExploration, SaysWhatItTookUntilItWasStopped) {
  exploration found;
  found.ended = false;
  found.processor_time = std::chrono::milliseconds(61'900);
  EXPECT_EQ(found.unless_ended(), ", not ended after 61 s of a processor");
}

TEST_F(KeptExploration, IsNotTakenFromAFileThatWasCutOff) {
  (void)explore_at_most(5);
  boost::filesystem::resize_file(file, boost::filesystem::file_size(file) - 2);
  EXPECT_THROW((void)explore_at_most(5), std::runtime_error);
}

TEST_F(KeptExploration, IsNotTakenFromAFileOfAnotherKind) {
  std::ofstream(file) << "something else\n1 1 1 0 0\nend\n";
  EXPECT_THROW((void)explore_at_most(5), std::runtime_error);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
