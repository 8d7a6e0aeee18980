#include "agentslock/kernel/waiting.hpp"

#include <gtest/gtest.h>

#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::comp_v;
using testing::texts;
using testing::with_view_in;

std::vector<wait_step> steps_of(const lockfile& file, view_key key = comp_v) {
  return waiting(file).of(key);
}

/// The view with an active entry for what it reads from.
lockfile with_active(view_state state, std::string_view schema_digest) {
  lockfile file = with_view_in(state);
  EXPECT_TRUE(file.activate("crg", "sha256:s", schema_digest, at(9)));
  return file;
}

TEST(Waiting, OnlyAReadyViewOverTheSchemaThatItRecordedWaitsForNothing) {
  for (std::size_t i = 0; i < view_state_count; ++i) {
    const auto state = static_cast<view_state>(i);
    EXPECT_EQ(steps_of(with_active(state, "sha256:d0")).empty(), state == view_state::ready) << name(state);
  }
}

TEST(Waiting, AReadyViewThatMissedABumpWaitsForAllThatIsToCome) {
  EXPECT_EQ(steps_of(with_active(view_state::ready, "sha256:d1")),
            (std::vector<wait_step>{
                {wait_for::reconciliation, {}}, {wait_for::verdict, "crg"}, {wait_for::rebuild, {}}}));
}

TEST(Waiting, ADependeeWithoutAnEntryIsNotCompared) {
  EXPECT_TRUE(steps_of(with_view_in(view_state::ready)).empty());
  EXPECT_EQ(steps_of(with_view_in(view_state::pending_rebuild)),
            (std::vector<wait_step>{{wait_for::rebuild, {}}}));
}

TEST(Waiting, AFrozenViewWaitsForAVerdictAboutTheActiveSchemaOrOneToCome) {
  EXPECT_EQ(steps_of(with_active(view_state::pending_recompat_check, "sha256:d1")),
            (std::vector<wait_step>{{wait_for::verdict, "crg"}, {wait_for::rebuild, {}}}));
  EXPECT_EQ(steps_of(with_active(view_state::pending_recompat_check, "sha256:d0")),
            (std::vector<wait_step>{{wait_for::verdict, {}}, {wait_for::rebuild, {}}}));
}

TEST(Waiting, AFailedViewWaitsForItsProgramAndAnUnrecognisedOneForAPass) {
  EXPECT_EQ(steps_of(with_view_in(view_state::dsl_update_required)),
            (std::vector<wait_step>{{wait_for::changed_program, {}}, {wait_for::rebuild, {}}}));
  EXPECT_EQ(steps_of(with_view_in(view_state::unrecognised)),
            (std::vector<wait_step>{{wait_for::reconciliation, {}}, {wait_for::rebuild, {}}}));
  EXPECT_EQ(steps_of(lockfile()), (std::vector<wait_step>{{wait_for::registration, {}}}));
}

TEST(Waiting, ARebuildWaitsForAVerdictWhereAnotherSchemaIsActive) {
  EXPECT_EQ(steps_of(with_active(view_state::pending_rebuild, "sha256:d0")),
            (std::vector<wait_step>{{wait_for::rebuild, {}}}));
  EXPECT_EQ(steps_of(with_active(view_state::pending_rebuild, "sha256:d1")),
            (std::vector<wait_step>{{wait_for::verdict, "crg"}, {wait_for::rebuild, {}}}));
}

TEST(Waiting, ARebuildWaitsForTheCutoverThatAnotherViewBlocks) {
  // v passed against the new schema, w did not: the cutover is blocked.
  lockfile file;
  ASSERT_TRUE(file.activate("crg", "s", "d0", at(0)));
  const dependency on_crg{"crg", "d0", "1"};
  ASSERT_TRUE(file.register_view(comp_v, "v0", {&on_crg, 1}, at(0)));
  ASSERT_TRUE(file.register_view({"comp", "w"}, "w0", {&on_crg, 1}, at(0)));
  ASSERT_TRUE(file.mark_dependee_bumped("crg", at(1)));
  const dependency on_new{"crg", "d1", "2"};
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, {&on_new, 1}, at(2)));
  ASSERT_TRUE(file.resolve_recompat({"comp", "w"}, verdict::failed, {}, at(2)));
  const waiting waits(file);
  EXPECT_EQ(waits.of(comp_v), (std::vector<wait_step>{{wait_for::cutover, "crg"}, {wait_for::rebuild, {}}}));
  const auto blockers = waits.blockers_of("crg");
  EXPECT_EQ(texts(std::vector(blockers.begin(), blockers.end())), std::vector<std::string>{"comp/w"});
}

TEST(Waiting, BlockersAreThoseThatTheLockfileNames) {
  lockfile file = with_view_in(view_state::dsl_update_required);
  const std::vector<dependency> on_both{{"crg", "d", "1"}, {"tags", "d", "1"}, {"crg", "e", "2"}};
  for (std::string_view owner : {"a", "z"}) {
    ASSERT_TRUE(file.register_view({owner, "w"}, "w0", on_both, at(3)));
    ASSERT_TRUE(file.mark_dependee_bumped("tags", at(4)));
    ASSERT_TRUE(file.resolve_recompat({owner, "w"}, verdict::failed, {}, at(5)));
  }
  const waiting waits(file);
  for (std::string_view dependee : {"crg", "tags", "comp", "nobody"}) {
    const auto blockers = waits.blockers_of(dependee);
    EXPECT_EQ(texts(std::vector(blockers.begin(), blockers.end())), texts(file.activation_blockers(dependee)))
        << dependee;
  }
}

TEST(Waiting, ARecordStandsToWhatIsActiveInOneOfFourWays) {
  lockfile file;
  ASSERT_TRUE(file.activate("crg", "s", "d0", at(0)));
  const waiting waits(file);
  EXPECT_EQ(waits.record_of({"crg", "d0", ""}), record_state::current);
  EXPECT_EQ(waits.record_of({"crg", "d1", ""}), record_state::another_is_active);
  EXPECT_EQ(waits.record_of({"crg", "", ""}), record_state::without_digest);
  EXPECT_EQ(waits.record_of({"tags", "d0", ""}), record_state::not_active);
}

TEST(Waiting, AnAdapterThatOnlyKeepsViewsIsNoReasonToWait) {
  lockfile file = with_view_in(view_state::pending_recompat_check);
  const dependency on_itself[] = {{"comp", "", ""}};
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, on_itself, at(3)));
  EXPECT_TRUE(waiting(file).is_rebuildable(comp_v)) << "neither has a digest";
  EXPECT_TRUE(file.mark_view_rebuilt(comp_v, "sha256:v1", {{"comp", ""}}, at(4)));
}

TEST(Waiting, AVerdictIsDueForAFrozenViewAndForOneThatCouldNotBeRebuilt) {
  const auto due = [](view_state state, std::string_view active) {
    return waiting(with_active(state, active)).is_validation_due(comp_v);
  };
  EXPECT_TRUE(due(view_state::pending_recompat_check, "sha256:d0"));
  EXPECT_TRUE(due(view_state::pending_recompat_check, "sha256:d1"));
  EXPECT_TRUE(due(view_state::pending_rebuild, "sha256:d1"));
  EXPECT_FALSE(due(view_state::pending_rebuild, "sha256:d0"));
  for (view_state other : {view_state::ready, view_state::dsl_update_required, view_state::unrecognised})
    EXPECT_FALSE(due(other, "sha256:d1")) << name(other);
}

TEST(Waiting, ARebuildWouldBeTakenOnlyOverTheSchemaThatWasRecorded) {
  for (std::size_t i = 0; i < view_state_count; ++i) {
    const auto state = static_cast<view_state>(i);
    EXPECT_EQ(waiting(with_active(state, "sha256:d0")).is_rebuildable(comp_v),
              state == view_state::pending_rebuild);
    EXPECT_FALSE(waiting(with_active(state, "sha256:d1")).is_rebuildable(comp_v));
  }
}

TEST(Waiting, AViewIsLeftToTheCutoverThatOthersBlock) {
  lockfile file = with_active(view_state::pending_rebuild, "sha256:d1");
  const dependency on_crg[] = {{"crg", "sha256:d1", ""}};
  ASSERT_TRUE(file.register_view({"comp", "w"}, "sha256:w", on_crg, at(9)));
  ASSERT_TRUE(file.mark_dependee_bumped("crg", at(9), {"sha256:d2", ""}));
  ASSERT_TRUE(file.resolve_recompat({"comp", "w"}, verdict::failed, {}, at(9)));
  EXPECT_FALSE(waiting(file).is_validation_due(comp_v));
  EXPECT_FALSE(waiting(file).is_rebuildable(comp_v));
}

TEST(Waiting, OneStepIsNamedOnceForAllRecordsOfAnAdapter) {
  lockfile file = with_active(view_state::ready, "sha256:d1");
  const dependency twice[] = {{"crg", "sha256:d2", ""}, {"crg", "sha256:d3", ""}};
  ASSERT_TRUE(file.register_view({"comp", "w"}, "sha256:w", twice, at(9)));
  EXPECT_EQ(steps_of(file, {"comp", "w"}),
            (std::vector<wait_step>{
                {wait_for::reconciliation, {}}, {wait_for::verdict, "crg"}, {wait_for::rebuild, {}}}));
}

TEST(Waiting, NoVerdictIsDueBeforeACutoverThatIsInTheWayOfAnotherRecord) {
  lockfile file;
  ASSERT_TRUE(file.activate("crg", "s", "d0", at(0)));
  ASSERT_TRUE(file.activate("tags", "s", "t0", at(0)));
  const dependency on_both[] = {{"crg", "d0", ""}, {"tags", "t0", ""}};
  const dependency on_crg[] = {{"crg", "d0", ""}};
  ASSERT_TRUE(file.register_view(comp_v, "v0", on_both, at(0)));
  ASSERT_TRUE(file.register_view({"comp", "w"}, "w0", on_crg, at(0)));
  ASSERT_TRUE(file.mark_dependee_bumped("crg", at(1)));
  const dependency on_new[] = {{"crg", "d1", ""}, {"tags", "t1", ""}};
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, on_new, at(2)));
  EXPECT_TRUE(waiting(file).is_validation_due(comp_v));
  ASSERT_TRUE(file.resolve_recompat({"comp", "w"}, verdict::failed, {}, at(2)));
  EXPECT_EQ(steps_of(file),
            (std::vector<wait_step>{
                {wait_for::cutover, "crg"}, {wait_for::verdict, "tags"}, {wait_for::rebuild, {}}}));
  EXPECT_FALSE(waiting(file).is_validation_due(comp_v));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
