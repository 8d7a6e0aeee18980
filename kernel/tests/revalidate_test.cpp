// A verdict that comes while the view awaits its rebuild.
#include "agentslock/kernel/lockfile.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "agentslock/kernel/waiting.hpp"
#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::comp_v;
using testing::with_view_in;

TEST(Revalidate, IsForAViewThatAwaitsAVerdictOrItsRebuild) {
  const dependency fresh[] = {{"crg", "sha256:d9", "9"}};
  for (std::size_t i = 0; i < view_state_count; ++i) {
    const auto state = static_cast<view_state>(i);
    lockfile file = with_view_in(state);
    const lockfile before = file;
    const auto done = file.revalidate(comp_v, verdict::passed, fresh, at(50));
    const bool awaits = state == view_state::pending_rebuild || state == view_state::pending_recompat_check ||
                        state == view_state::dsl_update_required;
    EXPECT_EQ(done.has_value(), awaits) << name(state);
    if (!done) {
      EXPECT_EQ(done.why().code,
                state == view_state::none ? refusal_code::unknown_view : refusal_code::no_such_transition);
      EXPECT_EQ(file, before);
      continue;
    }
    const view& entry = *file.find_view(comp_v);
    EXPECT_EQ(entry.status.state(), view_state::pending_rebuild);
    EXPECT_EQ(entry.depends_on.front(), fresh[0]);
    EXPECT_EQ(entry.last_validation_at, format_rfc3339(at(50))->view());
    EXPECT_EQ(entry.state_history.entries().size(), before.find_view(comp_v)->state_history.entries().size() +
                                                        (state == view_state::pending_rebuild ? 0U : 1U));
    EXPECT_TRUE(entry.touched);
  }
}

TEST(Revalidate, AFailureKeepsTheDependenciesAndMovesAsAVerdictDoes) {
  for (const view_state state :
       {view_state::pending_rebuild, view_state::pending_recompat_check, view_state::dsl_update_required}) {
    lockfile file = with_view_in(state);
    const view before = *file.find_view(comp_v);
    const dependency fresh[] = {{"crg", "sha256:d9", "9"}};
    ASSERT_TRUE(file.revalidate(comp_v, verdict::failed, fresh, at(50)));
    const view& after = *file.find_view(comp_v);
    EXPECT_EQ(after.last_validation_at, format_rfc3339(at(50))->view());
    EXPECT_EQ(after.depends_on, before.depends_on);
    EXPECT_EQ(after.status.state(), state == view_state::pending_rebuild ? view_state::pending_rebuild
                                                                         : view_state::dsl_update_required);
  }
}

TEST(Revalidate, APassRecordsTheActiveDigestOfEachAdapterThatHasAnEntry) {
  for (const view_state state :
       {view_state::pending_rebuild, view_state::pending_recompat_check, view_state::dsl_update_required}) {
    lockfile_restorer restore;
    adapter& comp = *restore.add_adapter("comp");
    view& entry = *restore.add_view(comp, "v");
    entry.status = recorded_status(status_of(state));
    entry.depends_on = {{"crg", "sha256:d0", "1"},
                        {"gone", "sha256:g", "1"},
                        {"same", "sha256:s", "7"},
                        {"crg", "", "0"},
                        {"comp", "sha256:c", "2"}};
    restore.add_adapter("crg")->schema_digest = "sha256:d1";
    restore.add_adapter("same")->schema_digest = "sha256:s";
    lockfile file = std::move(restore).finish();
    ASSERT_TRUE(file.revalidate(comp_v, verdict::passed, {}, at(50)));
    const auto& recorded = file.find_view(comp_v)->depends_on;
    const std::vector<dependency> now(recorded.begin(), recorded.end());
    EXPECT_EQ(now, (std::vector<dependency>{{"crg", "sha256:d1", ""},
                                            {"gone", "sha256:g", "1"},
                                            {"same", "sha256:s", "7"},
                                            {"crg", "sha256:d1", ""},
                                            {"comp", "", ""}}));
    EXPECT_TRUE(waiting(file).is_rebuildable(comp_v));
  }
}

TEST(Revalidate, NewDependenciesThatNameASchemaThatIsNotActiveAreRefused) {
  const dependency fresh[] = {{"other", "sha256:x", ""}, {"crg", "sha256:d9", "9"}};
  lockfile file = with_view_in(view_state::pending_rebuild);
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(9)));
  lockfile before = file;
  const auto done = file.revalidate(comp_v, verdict::passed, fresh, at(50));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.why().code, refusal_code::built_against_another_schema);
  EXPECT_EQ(done.why().message,
            "the new dependencies of view comp/v name the schema sha256:d9 of crg, and sha256:d1 is active");
  EXPECT_EQ(file, before);
  EXPECT_TRUE(file.revalidate(comp_v, verdict::failed, fresh, at(50))) << "a failure records none";

  ASSERT_TRUE(before.activate("crg", "sha256:s", "", at(9)));
  EXPECT_EQ(before.revalidate(comp_v, verdict::passed, fresh, at(50)).why().message,
            "the new dependencies of view comp/v name the schema sha256:d9 of crg, and none is active");
}

TEST(Revalidate, NewDependenciesThatNameTheActiveSchemaAreRecorded) {
  lockfile file = with_view_in(view_state::pending_rebuild);
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(9)));
  const dependency fresh[] = {{"crg", "sha256:d1", "9"}};
  ASSERT_TRUE(file.revalidate(comp_v, verdict::passed, fresh, at(50)));
  EXPECT_EQ(file.find_view(comp_v)->depends_on[0], fresh[0]);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
