#include "shortened.hpp"

#include <gtest/gtest.h>

namespace agentslock::cli {
namespace {

TEST(Shortened, ANameUpToTheBoundStaysWhole) {
  for (std::size_t size : {0U, 1U, 1024U})
    EXPECT_EQ(shortened(std::string(size, 'n')), std::string(size, 'n'));
  EXPECT_EQ(shortened(std::string(10'000, 'n'), script_name_bytes_max), std::string(10'000, 'n'));
}

TEST(Shortened, ALongerOneIsCutBetweenCharacters) {
  EXPECT_EQ(shortened(std::string(1025, 'n')), std::string(1024, 'n') + "…");
  EXPECT_EQ(shortened("n" + std::string("üüü"), 4), "nü…");
  EXPECT_EQ(shortened("nnüü", 4), "nnü…");
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
