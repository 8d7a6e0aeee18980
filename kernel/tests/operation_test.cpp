#include "agentslock/kernel/operation.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::with_view_in;

const owned_key owned_v("comp", "v");

/// An operation, and the same said to the lockfile itself.
struct pair_of_ways {
  operation::kind as_value;
  view_state from;
  void (*directly)(lockfile&, timestamp now);
};

const dependency crg_d1{"crg", "sha256:d1", "2"};

/// In the order of the variant: every kind of operation, once.
std::vector<pair_of_ways> both_ways() {
  using enum view_state;
  const std::vector<owned_dependency> on_d1{{"crg", "sha256:d1", "2"}};
  return {
      {operations::activate{"crg", "s", "sha256:d1"}, ready,
       [](lockfile& file, timestamp now) { EXPECT_TRUE(file.activate("crg", "s", "sha256:d1", now)); }},
      {operations::register_view{{"comp", "w"}, "sha256:w0", on_d1}, ready,
       [](lockfile& file, timestamp now) {
         EXPECT_TRUE(file.register_view({"comp", "w"}, "sha256:w0", {&crg_d1, 1}, now));
       }},
      {operations::mark_dependee_bumped{"crg", "sha256:d1", "2"}, ready,
       [](lockfile& file, timestamp now) {
         EXPECT_TRUE(file.mark_dependee_bumped("crg", now, {"sha256:d1", "2"}));
       }},
      {operations::resolve_recompat{owned_v, verdict::passed, on_d1}, pending_recompat_check,
       [](lockfile& file, timestamp now) {
         EXPECT_TRUE(file.resolve_recompat(owned_v, verdict::passed, {&crg_d1, 1}, now));
       }},
      {operations::mark_view_rebuilt{owned_v, "sha256:v1", std::vector<owned_schema>{{"crg", "sha256:d0"}}},
       pending_rebuild,
       [](lockfile& file, timestamp now) {
         const adapter_schema read{"crg", "sha256:d0"};
         EXPECT_TRUE(file.mark_view_rebuilt(owned_v, "sha256:v1", {read}, now));
       }},
      {operations::remove_view{owned_v}, ready,
       [](lockfile& file, timestamp) { EXPECT_TRUE(file.remove_view(owned_v)); }},
      {operations::remove_adapter{"comp"}, ready,
       [](lockfile& file, timestamp) { EXPECT_TRUE(file.remove_adapter("comp")); }},
      {operations::reconcile{{{{owned_v, "another"}}}}, ready,
       [](lockfile& file, timestamp now) {
         reconcile_visitor nobody;
         const auto ask = [](view_key) -> std::optional<presence> { return presence{true, "another"}; };
         EXPECT_TRUE(file.reconcile(ask, nobody, now));
       }},
      {operations::cutover{"crg", "s", "sha256:d1", "2", {{owned_v, verdict::passed, on_d1}}}, ready,
       [](lockfile& file, timestamp now) {
         const cutover_verdict passed{owned_v, verdict::passed, {&crg_d1, 1}};
         EXPECT_TRUE(file.cutover({"crg", "s", "sha256:d1", "2"}, {&passed, 1}, file, now));
       }},
      {operations::mark_missed_bumps{}, ready,
       [](lockfile& file, timestamp now) { EXPECT_TRUE(file.mark_missed_bumps(now)); }},
      {operations::revalidate{owned_v, verdict::passed, {}}, pending_rebuild,
       [](lockfile& file, timestamp now) {
         EXPECT_TRUE(file.revalidate(owned_v, verdict::passed, {}, now));
       }},
  };
}

TEST(Operation, EveryKindDoesWhatTheLockfilesFunctionDoes) {
  const auto all = both_ways();
  ASSERT_EQ(all.size(), std::variant_size_v<operation::kind>);
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(all[i].as_value.index(), i);
    lockfile by_value = with_view_in(all[i].from);
    ASSERT_TRUE(by_value.activate("crg", "s", "sha256:d9", at(8)));  // so that a ready view missed a bump
    lockfile directly = by_value;
    const lockfile before = by_value;
    EXPECT_FALSE(apply(by_value, {all[i].as_value, at(9)}).refused) << i;
    all[i].directly(directly, at(9));
    EXPECT_EQ(by_value, directly) << i;
    EXPECT_FALSE(by_value == before) << i;
  }
}

TEST(Operation, ARefusedOneSaysWhyAndChangesNothing) {
  for (const operation::kind& what : {operation::kind(operations::activate{"", "s", "d"}),
                                      operation::kind(operations::register_view{owned_v, "d", {}}),
                                      operation::kind(operations::remove_view{{"comp", "w"}}),
                                      operation::kind(operations::mark_dependee_bumped{"", "", ""})}) {
    lockfile file = with_view_in(view_state::ready);
    const lockfile before = file;
    const auto done = apply(file, {what, at(9)});
    ASSERT_TRUE(done.refused);
    EXPECT_FALSE(done.refused->message.empty());
    EXPECT_EQ(file, before);
  }
}

TEST(Operation, ABuildThatDoesNotSayWhatItReadIsNotComparedAndOneThatReadNothingIs) {
  const operations::mark_view_rebuilt silent{owned_v, "sha256:v1", std::nullopt};
  lockfile file = with_view_in(view_state::pending_rebuild);
  EXPECT_FALSE(apply(file, {silent, at(9)}).refused);

  operations::mark_view_rebuilt other = silent;
  other.schemas_read = std::vector<owned_schema>{{"crg", "sha256:d9"}};
  file = with_view_in(view_state::pending_rebuild);
  ASSERT_FALSE(apply(file, {operations::activate{"crg", "s", "sha256:d9"}, at(8)}).refused);
  const auto refused = apply(file, {other, at(9)}).refused;
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, refusal_code::built_against_another_schema);
}

TEST(Operation, AMarkingTellsWhichBumpsWereMissed) {
  lockfile file = with_view_in(view_state::ready);
  EXPECT_EQ(apply(file, {operations::mark_missed_bumps{}, at(7)}).missed, std::vector<missed_bump>());
  ASSERT_TRUE(file.activate("crg", "s", "sha256:d9", at(8)));
  const operation marking{operations::mark_missed_bumps{}, at(9)};
  const missed_bump expected{"comp", "v", "crg", "sha256:d0", "sha256:d9"};
  EXPECT_EQ(apply(file, marking).missed, std::vector<missed_bump>{expected});
  EXPECT_EQ(file.state(owned_v), view_state::pending_recompat_check);
  EXPECT_EQ(apply(file, marking).missed, std::vector<missed_bump>());
}

TEST(Operation, AMarkingAtATimeThatCanNotBeSpeltIsRefused) {
  lockfile file = with_view_in(view_state::ready);
  ASSERT_TRUE(file.activate("crg", "s", "sha256:d9", at(8)));
  const auto done = apply(file, {operations::mark_missed_bumps{}, timestamp::max()});
  ASSERT_TRUE(done.refused);
  EXPECT_EQ(done.refused->code, refusal_code::time_out_of_range);
  EXPECT_TRUE(done.missed.empty());
}

TEST(Operation, WhatABumpMovedOutlivesTheLockfile) {
  auto file = std::make_unique<lockfile>(with_view_in(view_state::ready));
  const auto done = apply(*file, {operations::mark_dependee_bumped{"crg", "", ""}, at(9)});
  file.reset();
  EXPECT_EQ(done.bumped, std::vector<owned_key>{owned_v});
}

TEST(Operation, APassTellsWhatItChangedAndForWhatItAsked) {
  lockfile file = with_view_in(view_state::ready);
  const auto done = apply(file, {operations::reconcile{}, at(9)});
  ASSERT_EQ(done.reconciled.changes.size(), 1U);
  const auto& change = done.reconciled.changes[0];
  EXPECT_EQ(change.key, owned_v);
  EXPECT_EQ(change.from, "ready");
  EXPECT_EQ(change.to, view_status::pending_rebuild);
  EXPECT_EQ(change.reason, "view tables absent");
  EXPECT_EQ(done.reconciled.asked, std::vector<owned_key>{owned_v});
  EXPECT_EQ(done.reconciled.counts.changed, 1U);
}

TEST(Operation, APassTellsWhatIsDueAndWhatIsShut) {
  lockfile due = with_view_in(view_state::pending_recompat_check);
  EXPECT_EQ(apply(due, {operations::reconcile{}, at(9)}).reconciled.due, std::vector<owned_key>{owned_v});
  lockfile shut = with_view_in(view_state::dsl_update_required);
  EXPECT_EQ(apply(shut, {operations::reconcile{}, at(9)}).reconciled.shut, std::vector<owned_key>{owned_v});
}

TEST(Operation, APassIsRefusedWhereTheStoreHasNoAnswer) {
  lockfile file = with_view_in(view_state::ready);
  const auto done = apply(file, {operations::reconcile{{{}, owned_v}}, at(9)});
  ASSERT_TRUE(done.refused);
  EXPECT_EQ(done.refused->code, refusal_code::presence_unknown);
  EXPECT_EQ(done.reconciled.asked, std::vector<owned_key>{owned_v});
  EXPECT_TRUE(done.reconciled.changes.empty());
}

TEST(Operation, ACutoverNamesWhatItFrozeAndWhatBlocks) {
  lockfile file = with_view_in(view_state::ready);
  const auto done = apply(
      file, {operations::cutover{"crg", "s", "sha256:d1", "2", {{owned_v, verdict::failed, {}}}}, at(9)});
  EXPECT_FALSE(done.refused);
  EXPECT_FALSE(done.cut_over.activated);
  EXPECT_EQ(done.cut_over.frozen, std::vector<owned_key>{owned_v});
  EXPECT_EQ(done.cut_over.failed, std::vector<owned_key>{owned_v});
  EXPECT_EQ(done.cut_over.blockers, std::vector<owned_key>{owned_v});
  EXPECT_TRUE(done.cut_over.passed.empty());
}

TEST(Operation, VerdictsThatWereMadeWithAnotherSchemaAreStale) {
  lockfile file = with_view_in(view_state::ready);
  ASSERT_FALSE(apply(file, {operations::activate{"crg", "s", "sha256:d0"}, at(8)}).refused);
  operations::cutover todo{"crg", "s", "sha256:d1", "2", {{owned_v, verdict::passed, {}}}};
  todo.schemas_given = {{"crg", "sha256:d7"}};
  const auto stale = apply(file, {todo, at(9)}).refused;
  ASSERT_TRUE(stale);
  EXPECT_EQ(stale->code, refusal_code::facts_are_stale);
  todo.schemas_given = {{"crg", "sha256:d0"}, {"nobody", "sha256:d7"}};
  EXPECT_TRUE(apply(file, {todo, at(9)}).cut_over.activated);
}

TEST(Operation, OneWithASchemaOfNobodyIsRefused) {
  lockfile file = with_view_in(view_state::ready);
  operations::cutover todo{"crg", "s", "sha256:d1", "2", {{owned_v, verdict::passed, {}}}};
  todo.schemas_given = {{"", "sha256:d7"}};
  const auto refused = apply(file, {todo, at(9)}).refused;
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, refusal_code::empty_name);
}

TEST(Operation, TwoAreEqualWhenAllOfThemIs) {
  const operation one{operations::mark_view_rebuilt{owned_v, "d", std::nullopt}, at(1)};
  operation other = one;
  EXPECT_EQ(one, other);
  std::get<operations::mark_view_rebuilt>(other.what).schemas_read.emplace();
  EXPECT_FALSE(one == other);
  other = one;
  other.now = at(2);
  EXPECT_FALSE(one == other);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
