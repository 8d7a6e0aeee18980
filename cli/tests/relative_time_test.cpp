#include "relative_time.hpp"

#include <gtest/gtest.h>

namespace agentslock::cli {
namespace {

TEST(Ago, IsRoundedDownToTheUnitThatPeopleUse) {
  const timestamp now = *parse_rfc3339("2026-07-31T12:00:00Z");
  EXPECT_EQ(ago("2026-07-31T12:00:00Z", now), "0 s ago");
  EXPECT_EQ(ago("2026-07-31T11:59:01Z", now), "59 s ago");
  EXPECT_EQ(ago("2026-07-31T11:59:00Z", now), "1 min ago");
  EXPECT_EQ(ago("2026-07-31T11:00:01Z", now), "59 min ago");
  EXPECT_EQ(ago("2026-07-31T09:30:00Z", now), "2 h ago");
  EXPECT_EQ(ago("2026-07-31T14:00:00+04:00", now), "2 h ago");
  EXPECT_EQ(ago("2026-07-29T12:00:01Z", now), "47 h ago");
  EXPECT_EQ(ago("2026-07-29T12:00:00Z", now), "2 d ago");
  EXPECT_EQ(ago("2026-06-01T12:00:01Z", now), "59 d ago");
  EXPECT_EQ(ago("2026-06-01T12:00:00Z", now), "2026-06-01");
  EXPECT_EQ(ago("1999-12-31T23:59:59Z", now), "1999-12-31");
}

TEST(Ago, WhatIsNoTimeOrNotYetStaysAsItIs) {
  const timestamp now = *parse_rfc3339("2026-07-31T12:00:00Z");
  for (std::string_view text : {"", "yesterday", "2026-07-31", "2026-07-31T12:00:01Z", "\x1b[2J"})
    EXPECT_EQ(ago(text, now), text);
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
