#include "duration.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace agentslock::cli {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, ANumberIsSecondsOrWhatItsUnitSays) {
  EXPECT_EQ(parse_duration("0"), 0ms);
  EXPECT_EQ(parse_duration("30"), 30s);
  EXPECT_EQ(parse_duration("1.5"), 1500ms);
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("1.5h"), 90min);
}

TEST(ParseDuration, AnythingElseIsNone) {
  for (std::string_view text : {"", " 1", "1 ", "1 s", "s", "-1", "-0", "1d", "1S", "1e3", "0x1", "inf",
                                "nan", "1.5.5", "99999999999", "1h30m"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
