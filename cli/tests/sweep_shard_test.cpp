#include "sweep_shard.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace agentslock::cli {
namespace {

TEST(SweepShard, EveryPathIsInExactlyOneOfThem) {
  for (const std::uint64_t count : {1U, 2U, 3U, 7U, 64U, 1000U}) {
    std::vector<std::size_t> sizes(count);
    for (int i = 0; i < 20'000; ++i) {
      const std::string path = "/srv/projects/" + std::to_string(i) + "/.agentsrc.lock";
      std::size_t holders = 0;
      for (std::uint64_t index = 1; index <= (count > 64 ? 1 : count); ++index) {
        if (!sweep_shard{index, count}.holds(path)) continue;
        ++holders;
        ++sizes[index - 1];
      }
      if (count <= 64) {
        ASSERT_EQ(holders, 1U) << path << " of " << count;
      }
    }
    // About the same number in each: the deviation is the root of the mean.
    const double mean = 20'000.0 / static_cast<double>(count);
    for (std::size_t i = 0; i < (count > 64 ? 1 : count); ++i)
      EXPECT_NEAR(static_cast<double>(sizes[i]), mean, 6 * std::sqrt(mean) + 1) << count;
  }
}

TEST(SweepShard, APathStaysWhereItIsInEveryVersion) {
  const auto shard_of = [](std::string_view path, std::uint64_t count) {
    std::uint64_t index = 1;
    while (!sweep_shard{index, count}.holds(path))
      ++index;
    return index;
  };
  EXPECT_EQ(shard_of("", 10), 3U);
  EXPECT_EQ(shard_of(".agentsrc.lock", 10), 2U);
  EXPECT_EQ(shard_of("/srv/a/.agentsrc.lock", 1000), 935U);
  EXPECT_EQ(shard_of(std::string("\xff\x00\n", 3), 1000), 64U);
}

TEST(SweepShard, IsWrittenAsItsNumberOfHowMany) {
  for (const char* none : {"", "/", "1", "1/", "/1", "0/1", "2/1", "1/0", "-1/2", "+1/2", "1/2/3", " 1/2",
                           "1 /2", "1/2 ", "1/1000001", "1/18446744073709551617", "0x1/2", "1.0/2"})
    EXPECT_FALSE(parse_shard(none)) << none;
  for (const char* one : {"1/1", "2/3", "03/3", "1000000/1000000"})
    EXPECT_TRUE(parse_shard(one)) << one;
  EXPECT_EQ(parse_shard("2/3")->index, 2U);
  EXPECT_EQ(parse_shard("2/3")->count, 3U);
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
