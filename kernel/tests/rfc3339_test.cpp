#include "agentslock/kernel/rfc3339.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace agentslock {
namespace {

std::string round_trip(std::string_view text) {
  const auto time = parse_rfc3339(text);
  if (!time) return "not a time";
  const auto spelt = format_rfc3339(*time);
  return spelt ? std::string(spelt->view()) : "out of range";
}

TEST(Rfc3339, WholeSecondsInUtcComeBackAsTheyWere) {
  for (std::string_view text : {"2026-07-01T12:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
                                "1969-12-31T23:59:59Z", "2024-02-29T00:00:00Z", "0001-01-01T00:00:00Z"}) {
    EXPECT_EQ(round_trip(text), text);
  }
}

TEST(Rfc3339, OffsetsAreAppliedAndFractionsDropped) {
  EXPECT_EQ(round_trip("2026-07-01T12:00:00+02:30"), "2026-07-01T09:30:00Z");
  EXPECT_EQ(round_trip("2026-12-31T23:00:00-02:00"), "2027-01-01T01:00:00Z");
  EXPECT_EQ(round_trip("2026-07-01T12:00:00.999999999Z"), "2026-07-01T12:00:00Z");
  EXPECT_EQ(round_trip("2026-07-01T12:00:00-00:00"), "2026-07-01T12:00:00Z");
}

TEST(Rfc3339, AYearOutsideFourDigitsCantBeSpelt) {
  EXPECT_EQ(round_trip("9999-12-31T23:59:59-01:00"), "out of range");
  EXPECT_EQ(round_trip("0000-01-01T00:00:00+01:00"), "out of range");
  EXPECT_EQ(format_rfc3339(timestamp::max()), std::nullopt);
  EXPECT_EQ(format_rfc3339(timestamp::min()), std::nullopt);
}

TEST(Rfc3339, WhatIsNoTimeIsRefused) {
  for (std::string_view text : {"",
                                "2026-07-01",
                                "2026-07-01T12:00:00",
                                "2026-07-01t12:00:00Z",
                                "2026-07-01T12:00:00z",
                                "2026-07-01 12:00:00Z",
                                "2026-7-01T12:00:00Z",
                                "2026-02-29T12:00:00Z",
                                "2026-13-01T12:00:00Z",
                                "2026-00-01T12:00:00Z",
                                "2026-07-00T12:00:00Z",
                                "2026-07-32T12:00:00Z",
                                "2026-07-01T24:00:00Z",
                                "2026-07-01T12:60:00Z",
                                "2026-07-01T12:00:60Z",
                                "2026-07-01T12:00:00.Z",
                                "2026-07-01T12:00:00.",
                                "2026-07-01T12:00:00.5",
                                "2026-07-01T12:00:00Zx",
                                "2026-07-01T12:00:00+2:00",
                                "2026-07-01T12:00:00+24:00",
                                "2026-07-01T12:00:00+02:60",
                                "2026-07-01T12:00:00+0200",
                                "-2026-07-01T12:00:00Z",
                                "+2026-07-01T12:00:00Z",
                                "12026-07-01T12:00:00Z",
                                "-07-01T12:00:00Z",
                                "2026-07-01T:00:00Z",
                                "2026-07-01T12::00Z",
                                "2026-07-01T12:00:Z",
                                "2026-07-01T12:00:00+:00",
                                "2026-07-01T12:00:00+02:",
                                "2026-07-01T12:00:00+02:3"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Rfc3339, EverySecondOfALeapDayIsSpeltAndReadBack) {
  using namespace std::chrono;
  const timestamp begin = sys_days(year{2024} / 2 / 29);
  for (timestamp time = begin; time < begin + days(1); time += seconds(1)) {
    ASSERT_EQ(parse_rfc3339(format_rfc3339(time)->view()), time);
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
