#include "agentslock/io/detail/json_splice.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "support/printers.hpp"

namespace agentslock {
namespace {

constexpr std::string_view digits = "0123456789";

splice over(std::string_view text) {
  return splice(text_buffer(text));
}

std::string joined(const std::vector<std::string_view>& pieces) {
  std::string whole;
  for (std::string_view piece : pieces)
    whole += piece;
  return whole;
}

TEST(Splice, WithoutEditsIsItsBase) {
  const splice same = over(digits);
  EXPECT_TRUE(same.changes_nothing());
  EXPECT_EQ(same.size(), digits.size());
  EXPECT_EQ(same.text().view(), digits);
  EXPECT_EQ(same.text().view().data(), same.base().view().data()) << "nothing is copied";
  EXPECT_TRUE(same.edits().empty());
}

TEST(Splice, OfNothingIsEmpty) {
  const splice nothing;
  EXPECT_TRUE(nothing.changes_nothing());
  EXPECT_EQ(nothing.size(), 0U);
  EXPECT_EQ(nothing.text().view(), "");
  EXPECT_TRUE(nothing.pieces().empty());
  splice grows = over("");
  grows.replace({0, 0}, "x");
  EXPECT_EQ(grows.text().view(), "x");
}

TEST(Splice, EditsMayComeInAnyOrder) {
  std::vector<text_edit> edits{{{0, 0}, "<"}, {{1, 3}, "A"}, {{3, 3}, "B"}, {{5, 6}, ""}, {{10, 10}, ">"}};
  std::vector<std::size_t> order{0, 1, 2, 3, 4};
  do {
    splice edited = over(digits);
    for (std::size_t i : order)
      edited.replace(edits[i].span, edits[i].text);
    ASSERT_EQ(edited.text().view(), "<0AB346789>");
    ASSERT_EQ(edited.size(), 11U);
    ASSERT_EQ(joined(edited.pieces()), "<0AB346789>");
    const auto sorted = edited.edits();
    ASSERT_EQ(sorted.size(), edits.size());
    for (std::size_t i = 0; i < edits.size(); ++i)
      ASSERT_EQ(sorted[i].span, edits[i].span);
  } while (std::ranges::next_permutation(order).found);
}

TEST(Splice, InsertionsAtOnePlaceKeepTheirOrder) {
  splice edited = over(digits);
  edited.replace({4, 4}, "a");
  edited.replace({2, 2}, "x");
  edited.replace({4, 4}, "b");
  edited.replace({4, 4}, "c");
  EXPECT_EQ(edited.text().view(), "01x23abc456789");
}

TEST(Splice, AnInsertionStandsBeforeAReplacementThatBeginsThere) {
  for (const bool insertion_first : {true, false}) {
    splice edited = over(digits);
    if (insertion_first) edited.replace({4, 4}, "in");
    edited.replace({4, 6}, "XX");
    if (!insertion_first) edited.replace({4, 4}, "in");
    EXPECT_EQ(edited.text().view(), "0123inXX6789");
  }
}

TEST(Splice, AnInsertionStandsAfterAReplacementThatEndsThere) {
  for (const bool insertion_first : {true, false}) {
    splice edited = over(digits);
    if (insertion_first) edited.replace({6, 6}, "in");
    edited.replace({4, 6}, "XX");
    if (!insertion_first) edited.replace({6, 6}, "in");
    EXPECT_EQ(edited.text().view(), "0123XXin6789");
  }
}

TEST(Splice, AnEditThatChangesNoByteIsDropped) {
  splice edited = over(digits);
  edited.replace({2, 5}, "234");
  edited.replace({7, 7}, "");
  edited.replace({0, 10}, std::string(digits));
  EXPECT_TRUE(edited.changes_nothing());
  EXPECT_EQ(edited.text().view().data(), edited.base().view().data());
}

TEST(Splice, PiecesOfWhatStaysPointIntoTheBase) {
  splice edited = over(digits);
  edited.replace({3, 4}, "x");
  const auto pieces = edited.pieces();
  ASSERT_EQ(pieces.size(), 3U);
  const std::string_view base = edited.base().view();
  EXPECT_EQ(pieces[0].data(), base.data());
  EXPECT_EQ(pieces[0], "012");
  EXPECT_EQ(pieces[1], "x");
  EXPECT_EQ(pieces[2].data(), base.data() + 4);
  EXPECT_EQ(pieces[2], "456789");
}

TEST(Splice, NoPieceIsEmpty) {
  splice edited = over(digits);
  edited.replace({0, 2}, "");
  edited.replace({2, 3}, "x");
  edited.replace({9, 10}, "");
  for (std::string_view piece : edited.pieces())
    EXPECT_FALSE(piece.empty());
  EXPECT_EQ(joined(edited.pieces()), "x345678");
}

TEST(Splice, ItsTextOutlivesIt) {
  text_buffer text;
  {
    splice edited = over("a long enough text that is not kept in place");
    edited.replace({0, 1}, "A");
    text = edited.text();
  }
  EXPECT_EQ(text.view(), "A long enough text that is not kept in place");
}

TEST(Splice, EveryPairOfEditsDoesWhatStringsDo) {
  // Held against the obvious: replace in a string, the later place first.
  constexpr std::string_view base = "abcde";
  for (std::size_t b1 = 0; b1 <= 5; ++b1) {
    for (std::size_t e1 = b1; e1 <= 5; ++e1) {
      for (std::size_t b2 = e1; b2 <= 5; ++b2) {
        for (std::size_t e2 = b2; e2 <= 5; ++e2) {
          for (std::string_view text : {"", "x", "abc"}) {
            splice edited = over(base);
            edited.replace({b1, e1}, std::string(text));
            edited.replace({b2, e2}, "YZ");
            std::string expected(base);
            // Two insertions at one place are the one case where "the later place" is no answer: call order is.
            expected.replace(b2, e2 - b2, "YZ");
            const bool swapped = b1 == b2 && e1 == b1 && e2 == b2;
            if (swapped) {
              expected =
                  std::string(base.substr(0, b1)) + std::string(text) + "YZ" + std::string(base.substr(b1));
            } else {
              expected.replace(b1, e1 - b1, text);
            }
            ASSERT_EQ(edited.text().view(), expected) << b1 << e1 << b2 << e2 << text;
            ASSERT_EQ(edited.size(), expected.size());
            ASSERT_EQ(edited.text_of({0, base.size()}), expected);
            ASSERT_EQ(edited.changes_nothing(), expected == base && base.substr(b1, e1 - b1) == text);
          }
        }
      }
    }
  }
}

TEST(Splice, TextOfIsWhatBecameOfASpan) {
  splice edited = over(digits);
  edited.replace({2, 4}, "ab");
  edited.replace({6, 6}, "+");
  edited.replace({8, 10}, "");
  EXPECT_EQ(edited.text_of({2, 4}), "ab");
  EXPECT_EQ(edited.text_of({1, 5}), "1ab4");
  EXPECT_EQ(edited.text_of({5, 8}), "5+67");
  EXPECT_EQ(edited.text_of({4, 6}), "45+");
  EXPECT_EQ(edited.text_of({0, 1}), "0");
  EXPECT_EQ(edited.text_of({8, 10}), "");
  EXPECT_EQ(edited.text_of({0, 10}), edited.text().view());
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
