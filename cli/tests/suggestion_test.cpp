#include "suggestion.hpp"

#include <gtest/gtest.h>

#include <array>

namespace agentslock::cli {
namespace {

constexpr std::array<std::string_view, 4> commands{"show", "sweep", "status", "reconcile"};

TEST(Nearest, OneMistakeIsForgiven) {
  for (std::string_view meant : {"sho", "shows", "shiw", "hsow", "chow"})
    EXPECT_EQ(nearest(meant, commands), "show") << meant;
  EXPECT_EQ(nearest("recoinclie", commands), "reconcile");
}

TEST(Nearest, WhatIsFarIsNotGuessed) {
  for (std::string_view far : {"", "x", "dance", "frobnicate", "ow", "stop"})
    EXPECT_EQ(nearest(far, commands), std::nullopt) << far;
}

TEST(Nearest, NothingOfAShortNameIsNoLikeness) {
  EXPECT_EQ(nearest("a", std::array<std::string_view, 1>{"b"}), std::nullopt);
  EXPECT_EQ(nearest("ab", std::array<std::string_view, 1>{"b"}), "b");
}

TEST(Nearest, TheLeastDifferentIsTakenAndOfThoseTheFirst) {
  EXPECT_EQ(nearest("abcdef", std::array<std::string_view, 3>{"abcxyf", "abcdex", "abcdey"}), "abcdex");
}

TEST(Nearest, LongNamesAreNotLookedAt) {
  const std::string longest(64, 'n');
  const std::string too_long(65, 'n');
  EXPECT_EQ(nearest(longest.substr(1), std::array<std::string_view, 2>{too_long, longest}), longest);
  EXPECT_EQ(nearest(too_long, std::array<std::string_view, 1>{longest}), std::nullopt);
}

TEST(DidYouMean, IsHalfASentenceOrNothing) {
  EXPECT_EQ(did_you_mean("shwo", commands), "; did you mean show?");
  EXPECT_EQ(did_you_mean("dance", commands), "");
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
