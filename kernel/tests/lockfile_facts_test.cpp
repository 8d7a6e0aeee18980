// When two lockfiles say the same about a view.
#include "agentslock/kernel/lockfile.hpp"

#include <gtest/gtest.h>

#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::comp_v;
using testing::with_view_in;

TEST(Lockfile, SameFactsLooksAtTheEntryAndAtTheSchemasItReads) {
  const lockfile one = with_view_in(view_state::ready);
  lockfile other = one;
  EXPECT_TRUE(one.same_facts(other, comp_v));
  EXPECT_FALSE(one.same_facts(other, {"comp", "x"}));
  ASSERT_TRUE(other.activate("unrelated", "s", "d", at(1)));
  EXPECT_TRUE(one.same_facts(other, comp_v));
  ASSERT_TRUE(other.activate("crg", "s", "d", at(1)));
  EXPECT_FALSE(one.same_facts(other, comp_v));
  lockfile bumped = one;
  ASSERT_TRUE(bumped.mark_dependee_bumped("crg", at(1)));
  EXPECT_FALSE(one.same_facts(bumped, comp_v));
}

TEST(Lockfile, AViewThatOneOfTwoLacksHasOtherFacts) {
  const lockfile with = with_view_in(view_state::ready);
  const lockfile without;
  EXPECT_FALSE(with.same_facts(without, comp_v));
  EXPECT_FALSE(without.same_facts(with, comp_v));
}

TEST(FactsText, IsTheSameExactlyWhenTheFactsAre) {
  const view_key key{"comp", "v"};
  lockfile file = with_view_in(view_state::pending_rebuild);
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d0", at(9)));
  const auto agree = [&](const lockfile& other) {
    return file.same_facts(other, key) == (file.facts_text(key) == other.facts_text(key));
  };
  const auto changed = [&](auto change) {
    lockfile other = file;
    EXPECT_TRUE(change(other));
    EXPECT_TRUE(agree(other));
    return !file.same_facts(other, key);
  };
  EXPECT_TRUE(agree(file));
  EXPECT_FALSE(changed([](lockfile& it) { return it.activate("crg", "sha256:s2", "sha256:d0", at(90)); }));
  EXPECT_FALSE(changed([](lockfile& it) { return it.activate("other", "sha256:s", "sha256:x", at(90)); }));
  EXPECT_TRUE(changed([](lockfile& it) { return it.activate("crg", "sha256:s", "sha256:d1", at(90)); }));
  EXPECT_TRUE(changed([](lockfile& it) { return it.remove_adapter("crg"); }));
  EXPECT_TRUE(changed([&](lockfile& it) { return it.revalidate(key, verdict::failed, {}, at(90)); }));
  EXPECT_TRUE(changed(
      [&](lockfile& it) { return it.mark_view_rebuilt(key, "sha256:w", schemas_not_known, at(90)); }));
  EXPECT_EQ(file.facts_text({"comp", "nothing"}), "");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
