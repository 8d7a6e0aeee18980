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
  EXPECT_TRUE(done->written);
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

TEST_F(RebuildDocument, AnAdapterThatIsNotThereIsAnError) {
  lose();
  function_builder build = builds();
  const auto done = rebuild_document(store, views, {.adapter = "nobody"}, build);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message().find("there is no adapter nobody"), std::string::npos)
      << done.error().message();
  EXPECT_TRUE(built.empty());
}

TEST_F(RebuildDocument, OfOneAdapterAllIsBuiltAndNothingOfAnother) {
  change([](lockfile& file) {
    const dependency on_crg[] = {{"crg", "sha256:d0", "1"}};
    EXPECT_TRUE(file.register_view({"else", "a"}, "sha256:old", on_crg, at(0)));
  });
  lose();
  function_builder build = builds();
  const auto done = rebuild_document(store, views, {.adapter = "comp"}, build);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(built, (std::vector<std::string>{"comp/a", "comp/b"}));
  EXPECT_EQ(now().find_view({"else", "a"})->status.text(), "pending-rebuild");
}

TEST_F(RebuildDocument, AViewOfAnAdapterThatIsNotActiveIsBuiltWithoutASchemaOfIt) {
  change([](lockfile& file) {
    const dependency on_unknown[] = {{"unknown", "sha256:u", "1"}};
    EXPECT_TRUE(file.register_view({"comp", "c"}, "sha256:old", on_unknown, at(0)));
  });
  lose();
  function_builder build([&](const view_facts& of, const std::stop_token&) -> builder_answer {
    EXPECT_EQ(of.dependees.at(0).now.has_value(), of.view != "c");
    held[of.adapter + "/" + of.view] = "sha256:new";
    return {program_verdict::passed, {}};
  });
  const auto done = rebuild_document(store, views, view_choice::all(), build);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->count(built::ready), 3U);
  EXPECT_EQ(status("c"), "ready");
}

TEST_F(RebuildDocument, WhatIsDoneIsRecordedThoughAnotherFailed) {
  lose();
  function_builder build([&](const view_facts& of, const std::stop_token&) -> builder_answer {
    if (of.view == "b") return {program_verdict::failed, "disk full"};
    held[of.adapter + "/" + of.view] = "sha256:new";
    return {program_verdict::passed, {}};
  });
  const auto done = rebuild_document(store, views, view_choice::all(), build);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->views.at(0).outcome, built::ready);
  EXPECT_EQ(done->views.at(1).outcome, built::failed);
  EXPECT_EQ(done->views.at(1).why, "disk full");
  EXPECT_EQ(status("a"), "ready");
  EXPECT_EQ(status("b"), "pending-rebuild");
}

TEST_F(RebuildDocument, AViewThatWasRemovedWhileItWasBuiltCouldNotBeTold) {
  lose();
  function_builder build([&](const view_facts& of, const std::stop_token&) -> builder_answer {
    if (of.view == "a") change([](lockfile& file) { EXPECT_TRUE(file.remove_view({"comp", "a"})); });
    held[of.adapter + "/" + of.view] = "sha256:new";
    return {program_verdict::passed, {}};
  });
  const auto done = rebuild_document(store, views, view_choice::all(), build);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(now().find_view({"comp", "a"}), nullptr);
  EXPECT_EQ(status("b"), "ready");
  ASSERT_EQ(done->views.size(), 1U) << "of what is gone nothing is said";
  EXPECT_EQ(done->views[0].key, (named_view{"comp", "b"}));
}

TEST_F(RebuildDocument, AViewWhoseDigestTheStoreCanNotTellIsNotRecorded) {
  lose();
  function_builder build = builds("");
  const auto before = bytes_of(store.path());
  const auto done = rebuild_document(store, views, {.adapter = "comp", .view = "a"}, build);
  ASSERT_TRUE(done) << done.error().message();
  ASSERT_EQ(done->views.size(), 1U);
  EXPECT_EQ(done->views[0].outcome, built::could_not_tell);
  EXPECT_NE(done->views[0].why.find("the view digest"), std::string::npos) << done->views[0].why;
  EXPECT_EQ(done->views[0].view_digest, "");
  EXPECT_FALSE(done->written);
  EXPECT_EQ(bytes_of(store.path()), before);
}

TEST_F(RebuildDocument, WhatNeverComesToRestCouldNotBeToldAndNoOtherIsBuiltTwice) {
  lose();
  int times = 0;
  int others = 0;
  function_builder build([&](const view_facts& of, const std::stop_token&) -> builder_answer {
    if (of.view == "b") {
      ++others;
      return {program_verdict::failed, "disk full"};
    }
    // Another program has built it differently each time, and its table is gone again.
    change([&](lockfile& file) {
      const std::string version = std::to_string(++times);
      const dependency on_crg[] = {{"crg", "sha256:d0", version}};
      EXPECT_TRUE(file.remove_view({"comp", "a"}));
      EXPECT_TRUE(file.register_view({"comp", "a"}, "sha256:theirs", on_crg, at(1)));
    });
    held["comp/a"] = "sha256:ours";
    return {program_verdict::passed, {}};
  });
  const auto done = rebuild_document(store, views, view_choice::all(), build);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(times, 3);
  EXPECT_EQ(others, 1);
  ASSERT_EQ(done->views.size(), 2U);
  EXPECT_EQ(done->views[0].outcome, built::could_not_tell);
  EXPECT_NE(done->views[0].why.find("kept changing it"), std::string::npos) << done->views[0].why;
  EXPECT_EQ(done->views[1].outcome, built::failed);
  EXPECT_FALSE(done->written);
}

TEST_F(RebuildDocument, WhatWasRecordedIsToldThoughALaterRoundRecordsNothing) {
  lose();
  int times = 0;
  function_builder build([&](const view_facts& of, const std::stop_token&) -> builder_answer {
    held[of.adapter + "/" + of.view] = "sha256:ours";
    if (of.view == "b") return {program_verdict::passed, {}};
    if (++times > 1) return {program_verdict::failed, "disk full"};
    // Another program has built it meanwhile, and its table is gone again.
    change([&](lockfile& file) {
      const dependency on_crg[] = {{"crg", "sha256:d0", "1"}};
      EXPECT_TRUE(file.remove_view({"comp", "a"}));
      EXPECT_TRUE(file.register_view({"comp", "a"}, "sha256:theirs", on_crg, at(1)));
    });
    return {program_verdict::passed, {}};
  });
  const auto done = rebuild_document(store, views, view_choice::all(), build);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(times, 2);
  EXPECT_EQ(done->count(built::ready), 1U);
  EXPECT_EQ(done->count(built::failed), 1U);
  EXPECT_TRUE(done->written);
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
