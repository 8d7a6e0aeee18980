// When two lockfiles say the same about a view.
#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "agentslock/kernel/lockfile.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

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

/// What comp/v records, and what is active.
struct facts {
  std::string_view status = "ready";
  std::string_view view_digest = "v0";
  std::string_view last_rebuilt_at = "t1";
  std::string_view last_validation_at = "t2";
  std::vector<dependency> depends_on = {{"crg", "d0", "1"}};
  std::vector<audit_entry> log = {{"t1", "", "ready", "registered"}};
  std::vector<adapter_schema> active = {{"crg", "d0"}};

  [[nodiscard]] std::string text() const {
    lockfile_restorer restore;
    for (const adapter_schema& one : active)
      restore.add_adapter(one.adapter)->schema_digest = one.schema_digest;
    view& entry = *restore.add_view(*restore.add_adapter("comp"), "v");
    entry.status = recorded_status(status);
    entry.view_digest = view_digest;
    entry.last_rebuilt_at = last_rebuilt_at;
    entry.last_validation_at = last_validation_at;
    entry.depends_on.assign(depends_on.begin(), depends_on.end());
    entry.state_history.restore(log);
    return std::move(restore).finish().facts_text(comp_v);
  }
};

TEST(FactsText, EachFactMakesItAnother) {
  const std::vector<facts> all{
      {},
      {.status = "pending-rebuild"},
      {.status = "other"},
      {.view_digest = "v1"},
      {.last_rebuilt_at = "t3"},
      {.last_validation_at = "t3"},
      {.depends_on = {}},
      {.depends_on = {{"geo", "d0", "1"}}},
      {.depends_on = {{"crg", "d1", "1"}}},
      {.depends_on = {{"crg", "d0", "2"}}},
      {.depends_on = {{"crg", "d0", "1"}, {"crg", "d0", "1"}}},
      {.log = {}},
      {.log = {{"t3", "", "ready", "registered"}}},
      {.log = {{"t1", "ready", "ready", "registered"}}},
      {.log = {{"t1", "", "pending-rebuild", "registered"}}},
      {.log = {{"t1", "", "ready", "rebuilt"}}},
      {.log = {{"t1", "", "ready", "registered"}, {"t1", "", "ready", "registered"}}},
      {.active = {}},
      {.active = {{"crg", ""}}},
      {.active = {{"crg", "d1"}}},
  };
  std::set<std::string> texts;
  for (const facts& one : all)
    texts.insert(one.text());
  EXPECT_EQ(texts.size(), all.size());
}

TEST(FactsText, WhereOneTextEndsAndTheNextBeginsIsSaid) {
  EXPECT_NE((facts{.view_digest = "ab", .last_rebuilt_at = "c"}.text()),
            (facts{.view_digest = "a", .last_rebuilt_at = "bc"}.text()));
  // The same six texts: of the first record with its active digest and the second without one, and the other way round.
  const facts first_is_active{.depends_on = {{"x", "a", "b"}, {"c", "d", "e"}}, .active = {{"x", "y"}}};
  const facts second_is_active{.depends_on = {{"x", "a", "b"}, {"y", "c", "d"}}, .active = {{"y", "e"}}};
  EXPECT_NE(first_is_active.text(), second_is_active.text());
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
