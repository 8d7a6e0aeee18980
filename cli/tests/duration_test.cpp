#include "duration.hpp"

#include <chrono>
#include <string>

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
  EXPECT_EQ(parse_duration(".5"), 500ms);
  EXPECT_EQ(parse_duration("2.4ms"), 2ms);
  EXPECT_EQ(parse_duration("2.5ms"), 3ms) << "to the nearest";
}

TEST(ParseDuration, AnythingElseIsNone) {
  for (std::string_view text : {"", " 1", "1 ", "1 s", "s", "-1", "-0", "1d", "1S", "1e3", "0x1", "inf",
                                "nan", "1.5.5", ".", "1.s.", "99999999999", "1h30m"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  EXPECT_EQ(parse_duration(std::string(400, '9')), std::nullopt);
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
