// Bumps, verdicts and builds, and the schemas that they go by.
#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "agentslock/kernel/lockfile.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::comp_v;
using testing::history;
using testing::texts;
using testing::with_view_in;

TEST(Lockfile, ABumpFreezesEveryReadyDependentAndReturnsThemInOrder) {
  lockfile file;
  const dependency on_crg{"crg", "sha256:d0", ""};
  for (std::string_view owner : {"b", "a"}) {
    for (std::string_view name : {"2", "1"}) {
      ASSERT_TRUE(file.register_view({owner, name}, "d", {&on_crg, 1}, at(0)));
    }
    ASSERT_TRUE(file.register_view({owner, "independent"}, "d", {}, at(0)));
  }
  const auto bumped = file.mark_dependee_bumped("crg", at(1));
  ASSERT_TRUE(bumped);
  EXPECT_EQ(texts(*bumped), (std::vector<std::string>{"a/1", "a/2", "b/1", "b/2"}));
  EXPECT_EQ(file.state({"a", "independent"}), view_state::ready);
  EXPECT_EQ(history(file, {"a", "1"}).back(), "ready > pending-recompat-check (dependee-bump:crg)");
  EXPECT_TRUE(file.mark_dependee_bumped("crg", at(2))->empty());
}

TEST(Lockfile, ABumpToAKnownSchemaLeavesTheViewsAloneThatRecordedIt) {
  lockfile file;
  const dependency on_old{"crg", "sha256:d0", ""};
  const dependency on_new{"crg", "sha256:d1", ""};
  ASSERT_TRUE(file.register_view({"a", "old"}, "d", {&on_old, 1}, at(0)));
  ASSERT_TRUE(file.register_view({"a", "new"}, "d", {&on_new, 1}, at(0)));
  const auto bumped = file.mark_dependee_bumped("crg", at(1), {"sha256:d1", "2.0.0"});
  EXPECT_EQ(texts(*bumped), (std::vector<std::string>{"a/old"}));
  EXPECT_EQ(history(file, {"a", "old"}).back(), "ready > pending-recompat-check (dependee-bump:crg@2.0.0)");
}

TEST(Lockfile, APassReplacesDependenciesOnlyWhenNewOnesAreGiven) {
  lockfile file = with_view_in(view_state::pending_recompat_check);
  lockfile same = file;
  ASSERT_TRUE(same.resolve_recompat(comp_v, verdict::passed, {}, at(9)));
  EXPECT_EQ(same.find_view(comp_v)->depends_on[0].schema_digest, "sha256:d0");

  const dependency now_on[] = {{"x", "sha256:x", ""}, {"y", "sha256:y", ""}};
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, now_on, at(9)));
  EXPECT_EQ(file.find_view(comp_v)->depends_on.size(), 2U);
  EXPECT_EQ(file.find_view(comp_v)->last_validation_at, "2026-07-01T12:00:09Z");
}

TEST(Lockfile, AFailureKeepsTheRecordedDependencies) {
  lockfile file = with_view_in(view_state::pending_recompat_check);
  const dependency ignored{"x", "sha256:x", ""};
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::failed, {&ignored, 1}, at(9)));
  EXPECT_EQ(file.find_view(comp_v)->depends_on[0].adapter, "crg");
  EXPECT_EQ(texts(file.activation_blockers("crg")), (std::vector<std::string>{"comp/v"}));
  EXPECT_TRUE(file.activation_blockers("x").empty());
}

TEST(Lockfile, ASecondFailureMovesOnlyTheTimeOfValidation) {
  lockfile file = with_view_in(view_state::dsl_update_required);
  const lockfile before = file;
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::failed, {}, at(9)));
  EXPECT_EQ(file.find_view(comp_v)->last_validation_at, "2026-07-01T12:00:09Z");
  EXPECT_EQ(file.find_view(comp_v)->state_history, before.find_view(comp_v)->state_history);
  EXPECT_EQ(file.find_view(comp_v)->status, before.find_view(comp_v)->status);
  EXPECT_TRUE(file.find_view(comp_v)->touched);
}

TEST(Lockfile, ASecondFailureTouchesTheEntry) {
  for (const bool again : {false, true}) {
    lockfile_restorer restore;
    view* entry = restore.add_view(*restore.add_adapter("comp"), "v");
    entry->status = recorded_status(view_status::dsl_update_required);
    lockfile file = std::move(restore).finish();
    EXPECT_FALSE(file.find_view(comp_v)->touched);
    ASSERT_TRUE(again ? file.revalidate(comp_v, verdict::failed, {}, at(9))
                      : file.resolve_recompat(comp_v, verdict::failed, {}, at(9)));
    EXPECT_TRUE(file.find_view(comp_v)->touched);
    EXPECT_EQ(file.find_view(comp_v)->last_validation_at, "2026-07-01T12:00:09Z");
  }
}

TEST(Lockfile, AViewsOwnDependenciesMayBeGivenAsItsNewOnes) {
  lockfile file = with_view_in(view_state::pending_recompat_check);
  const auto& own = file.find_view(comp_v)->depends_on;
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, own, at(9)));
  EXPECT_EQ(file.find_view(comp_v)->depends_on[0], (dependency{"crg", "sha256:d0", "1.0.0"}));
}

TEST(Lockfile, ABuildAgainstAnotherSchemaThanRecordedIsRefused) {
  lockfile file = with_view_in(view_state::pending_rebuild);
  ASSERT_TRUE(file.activate("crg", "s", "sha256:d1", at(5)));
  const adapter_schema read{"crg", "sha256:d1"};
  const lockfile before = file;
  const auto done = file.mark_view_rebuilt(comp_v, "sha256:v1", {read}, at(6));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.why().code, refusal_code::built_against_another_schema);
  EXPECT_EQ(file, before);
}

TEST(Lockfile, ABuildAgainstTheRecordedSchemaMakesTheViewReady) {
  lockfile file = with_view_in(view_state::pending_rebuild);
  ASSERT_TRUE(file.activate("crg", "s", "sha256:d0", at(5)));
  const adapter_schema read[] = {{"crg", "sha256:d0"}, {"unrelated", "sha256:u"}};
  ASSERT_TRUE(file.mark_view_rebuilt(comp_v, "sha256:v1", read, at(6)));
  EXPECT_EQ(file.state(comp_v), view_state::ready);
  EXPECT_EQ(file.find_view(comp_v)->view_digest, "sha256:v1");
  EXPECT_EQ(file.find_view(comp_v)->last_rebuilt_at, "2026-07-01T12:00:06Z");
}

TEST(Lockfile, ADependeeWithoutAnEntryIsNotCompared) {
  lockfile file = with_view_in(view_state::pending_rebuild);
  const adapter_schema read{"crg", "sha256:another"};
  EXPECT_TRUE(file.mark_view_rebuilt(comp_v, "sha256:v1", {read}, at(6)));
}

TEST(Lockfile, AnotherSchemaOfADependeeNeedsACutover) {
  lockfile file = with_view_in(view_state::ready);
  EXPECT_TRUE(file.dependents_on_another_schema("crg", "sha256:d0").empty());
  EXPECT_EQ(texts(file.dependents_on_another_schema("crg", "sha256:d1")),
            (std::vector<std::string>{"comp/v"}));
  ASSERT_TRUE(file.activate("crg", "s", "sha256:d0", at(1)));
  EXPECT_TRUE(file.dependents_on_another_schema("crg", "sha256:d0").empty());
  EXPECT_EQ(texts(file.dependents_on_another_schema("crg", "sha256:d1")),
            (std::vector<std::string>{"comp/v"}));
  EXPECT_TRUE(file.dependents_on_another_schema("unrelated", "x").empty());
}

TEST(Lockfile, AnActiveSchemaIsNotLeftBecauseTheDependentsAlreadyRecordAnother) {
  lockfile file = with_view_in(view_state::ready);
  ASSERT_TRUE(file.activate("crg", "s", "sha256:dX", at(1)));
  EXPECT_EQ(texts(file.dependents_on_another_schema("crg", "sha256:d0")),
            (std::vector<std::string>{"comp/v"}));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
