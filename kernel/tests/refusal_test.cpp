#include "agentslock/kernel/refusal.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>
#include <utility>

namespace agentslock {

/// A layer above that says an outcome as a number.
struct told {
  int number = 0;
  bool is_moved = false;
};
template <>
struct outcome_as<told, int> {
  static told from(const outcome<int>& done) { return {done ? *done : -1, false}; }
  static told from(outcome<int>&& done) { return {done ? *done : -1, true}; }
};

namespace {

TEST(Refusal, EveryCodeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  const auto last = static_cast<std::size_t>(refusal_code::presence_unknown);
  for (std::size_t i = 0; i <= last; ++i)
    names.insert(name(static_cast<refusal_code>(i)));
  EXPECT_EQ(names.size(), last + 1);
  EXPECT_FALSE(names.contains("unknown"));
  EXPECT_FALSE(names.contains(""));
  EXPECT_EQ(name(static_cast<refusal_code>(last + 1)), "unknown");
}

TEST(Outcome, IsAValueOrARefusal) {
  const outcome<int> value = 7;
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, 7);

  const outcome<int> refused = refusal{refusal_code::unknown_view, "no such view"};
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.why().code, refusal_code::unknown_view);
  EXPECT_EQ(refused.why().message, "no such view");

  EXPECT_TRUE(outcome<>());
}

TEST(Outcome, BecomesWhatALayerAboveSaysOfIt) {
  outcome<int> value = 7;
  const told of_kept = value;
  EXPECT_EQ(of_kept.number, 7);
  EXPECT_FALSE(of_kept.is_moved);
  const told of_moved = std::move(value);
  EXPECT_EQ(of_moved.number, 7);
  EXPECT_TRUE(of_moved.is_moved);
  const told of_refused = outcome<int>(refusal{refusal_code::unknown_view, ""});
  EXPECT_EQ(of_refused.number, -1);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
