#include "agentslock/kernel/refusal.hpp"

#include <gtest/gtest.h>

#include <set>

namespace agentslock {
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

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
