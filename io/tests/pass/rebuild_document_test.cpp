#include "agentslock/io/rebuild_document.hpp"

#include "agentslock/io/reconcile_document.hpp"
#include "agentslock/io/recover_document.hpp"
#include "lifecycle_fixture.hpp"
#include "support/printers.hpp"

namespace agentslock::testing {
namespace {

class RebuildDocument : public lifecycle_fixture {
 protected:
  /// The tables are lost, and a pass has seen it.
  void lose() {
    held.clear();
    ASSERT_TRUE(reconcile_document(store, views, reconcile_mode::write));
    ASSERT_EQ(status("a"), "pending-rebuild");
  }
};

TEST_F(RebuildDocument, NothingIsBuiltWhileAllIsReady) {
  function_builder build = builds();
  const auto done = rebuild_document(store, views, view_choice::all(), build);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_TRUE(done->views.empty());
  EXPECT_TRUE(built.empty());
}

TEST_F(RebuildDocument, TheDigestIsAskedOfTheStoreAndRecorded) {
  lose();
  function_builder build = builds("sha256:what the store has");
  const auto done = rebuild_document(store, views, view_choice::all(), build);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->count(built::ready), 2U);
  EXPECT_EQ(status("a"), "ready");
  EXPECT_EQ(now().find_view({"comp", "a"})->view_digest, "sha256:what the store has");
}

TEST_F(RebuildDocument, ABuilderThatLeavesNoTableHasFailed) {
  lose();
  function_builder build([](const view_facts&, const std::stop_token&) -> builder_answer {
    return {program_verdict::passed, {}};
  });
  const auto before = bytes_of(store.path());
  const auto done = rebuild_document(store, views, view_choice::all(), build);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->count(built::failed), 2U);
  EXPECT_EQ(done->views[0].why, "the builder is done, and the store does not hold the view");
  EXPECT_EQ(bytes_of(store.path()), before);
}

TEST_F(RebuildDocument, WhatABuilderSaysOfItselfIsBelievedOnlyWhenItFailed) {
  lose();
  function_builder build([&](const view_facts& of, const std::stop_token&) -> builder_answer {
    held[of.adapter + "/" + of.view] = "sha256:half";
    return {of.view == "a" ? program_verdict::failed : program_verdict::could_not_tell, "disk full"};
  });
  const auto done = rebuild_document(store, views, view_choice::all(), build);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->count(built::failed), 1U);
  EXPECT_EQ(done->count(built::could_not_tell), 1U);
  EXPECT_EQ(status("a"), "pending-rebuild");
  EXPECT_EQ(status("b"), "pending-rebuild");
}

TEST_F(RebuildDocument, AViewOverAnotherSchemaWaitsForItsVerdict) {
  lose();
  change([](lockfile& file) { EXPECT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(1))); });
  function_builder build = builds();
  EXPECT_TRUE(rebuild_document(store, views, view_choice::all(), build)->views.empty());
  function_validator judge(passes);
  ASSERT_TRUE(validate_document(store, view_choice::all(), judge));
  EXPECT_EQ(rebuild_document(store, views, view_choice::all(), build)->count(built::ready), 2U);
}

TEST_F(RebuildDocument, ASchemaThatChangedWhileItWasBuiltMakesNothingReady) {
  lose();
  bool first = true;
  function_builder build([&](const view_facts& of, const std::stop_token&) -> builder_answer {
    held[of.adapter + "/" + of.view] = "sha256:over d0";
    if (std::exchange(first, false))
      change([](lockfile& file) { EXPECT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(1))); });
    return {program_verdict::passed, {}};
  });
  const auto done = rebuild_document(store, views, view_choice::all(), build);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->count(built::ready), 0U);
  EXPECT_EQ(status("a"), "pending-rebuild");
  EXPECT_EQ(status("b"), "pending-rebuild");
}

TEST_F(RebuildDocument, AnotherInstanceThatWasFasterIsNoError) {
  lose();
  bool first = true;
  function_builder faster = builds("sha256:same");
  function_builder build([&](const view_facts& of, const std::stop_token& stop) -> builder_answer {
    if (std::exchange(first, false)) {
      EXPECT_TRUE(rebuild_document(store, views, view_choice::all(), faster));
    }
    (void)stop;
    held[of.adapter + "/" + of.view] = "sha256:same";
    return {program_verdict::passed, {}};
  });
  const auto done = rebuild_document(store, views, view_choice::all(), build);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->count(built::already_done), 2U);
  EXPECT_FALSE(done->written);
  EXPECT_EQ(status("a"), "ready");
}

TEST_F(RebuildDocument, WhatReplacedAnotherInstancesTableIsHeldAgainstTheStoreAndBuiltAgain) {
  lose();
  bool first = true;
  function_builder faster = builds("sha256:theirs");
  int times = 0;
  function_builder build([&](const view_facts& of, const std::stop_token&) -> builder_answer {
    if (std::exchange(first, false)) {
      EXPECT_TRUE(rebuild_document(store, views, {.adapter = "comp", .view = "a"}, faster));
    }
    ++times;
    held[of.adapter + "/" + of.view] = "sha256:ours";
    return {program_verdict::passed, {}};
  });
  const auto done = rebuild_document(store, views, {.adapter = "comp", .view = "a"}, build);
  ASSERT_TRUE(done);
  EXPECT_EQ(times, 2);
  EXPECT_EQ(done->count(built::ready), 1U);
  EXPECT_EQ(now().find_view({"comp", "a"})->view_digest, "sha256:ours");
}

TEST_F(RebuildDocument, AStoreThatCanNotBeAskedRecordsNothing) {
  lose();
  const auto before = bytes_of(store.path());
  function_builder build = builds();
  function_presence gone(
      [](view_key) -> result<stored_view> { return error(errc::store_unreachable, "gone"); });
  const auto done = rebuild_document(store, gone, view_choice::all(), build);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::store_unreachable);
  EXPECT_EQ(bytes_of(store.path()), before);
}

class RecoverDocument : public RebuildDocument {};

TEST_F(RecoverDocument, TheWholeWayInOneCall) {
  held.erase("comp/a");
  change([](lockfile& file) { EXPECT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(1))); });
  // Both missed a bump; one has lost its table, too.
  function_validator judge(passes);
  function_builder build = builds();
  const auto done = recover_document(store, views, judge, build);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->pass.changes.size(), 2U);
  EXPECT_EQ(done->verdicts.count(program_verdict::passed), 2U);
  EXPECT_EQ(done->builds.count(built::ready), 2U);
  EXPECT_EQ(done->not_ready(), 0U);
  EXPECT_EQ(built, (std::vector<std::string>{"comp/a", "comp/b"}));
}

TEST_F(RecoverDocument, AProgramThatWasKilledAfterItsBuildComesToTheSameEnd) {
  lose();
  // The build is there, the record is not.
  held = {{"comp/a", "sha256:new"}, {"comp/b", "sha256:new"}};
  function_validator judge(passes);
  function_builder build = builds();
  const auto done = recover_document(store, views, judge, build);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->not_ready(), 0U);
  EXPECT_EQ(now().find_view({"comp", "a"})->view_digest, "sha256:new");
}

TEST_F(RecoverDocument, AFailedVerdictLeavesTheViewShut) {
  bump();
  function_validator judge(fails);
  function_builder build = builds();
  const auto done = recover_document(store, views, judge, build);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->not_ready(), 2U);
  EXPECT_EQ(done->at_end.count(view_state::dsl_update_required), 2U);
  EXPECT_TRUE(built.empty());
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
