#include "agentslock/io/validate_document.hpp"

#include <atomic>
#include <latch>

#include "lifecycle_fixture.hpp"
#include "support/printers.hpp"

namespace agentslock::testing {
namespace {

class ValidateDocument : public lifecycle_fixture {};

TEST_F(ValidateDocument, NothingIsDueWhileAllIsReady) {
  function_validator judge(fails);
  const auto done = validate_document(store, view_choice::all(), judge);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_TRUE(done->views.empty());
  EXPECT_FALSE(done->written);
}

TEST_F(ValidateDocument, APassRecordsTheSchemaThatWasJudged) {
  bump();
  function_validator judge([](const view_facts& of, const std::stop_token&) -> validator_answer {
    EXPECT_EQ(of.status, "pending-recompat-check");
    EXPECT_EQ(of.dependees.front().recorded.digest, "sha256:d0");
    EXPECT_EQ(of.dependees.front().now->digest, "sha256:d1");
    return {program_verdict::passed, {}, {}};
  });
  const auto done = validate_document(store, view_choice::all(), judge);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->count(program_verdict::passed), 2U);
  EXPECT_TRUE(done->written);
  EXPECT_EQ(status("a"), "pending-rebuild");
  EXPECT_EQ(recorded("a"), "sha256:d1@");
}

TEST_F(ValidateDocument, AFailureIsRecordedWithItsReasonTold) {
  bump();
  function_validator judge(fails);
  const auto done = validate_document(store, {.adapter = "comp", .view = "a"}, judge);
  ASSERT_TRUE(done) << done.error().message();
  ASSERT_EQ(done->views.size(), 1U);
  EXPECT_EQ(done->views[0].why, "owner_id is gone");
  EXPECT_EQ(done->views[0].from, "pending-recompat-check");
  EXPECT_EQ(done->views[0].to, "dsl-update-required");
  EXPECT_EQ(status("b"), "pending-recompat-check");
}

TEST_F(ValidateDocument, ABlockedViewIsJudgedOnlyWhenItIsNamedOrTriedAgain) {
  bump();
  function_validator no(fails);
  ASSERT_TRUE(validate_document(store, view_choice::all(), no));
  function_validator yes(passes);
  EXPECT_TRUE(validate_document(store, view_choice::all(), yes)->views.empty());
  EXPECT_EQ(validate_document(store, {.adapter = "comp", .view = "a"}, yes)->views.size(), 1U);
  EXPECT_EQ(validate_document(store, {.retry = true}, yes)->views.size(), 1U);
  EXPECT_EQ(status("a"), "pending-rebuild");
  EXPECT_EQ(status("b"), "pending-rebuild");
}

TEST_F(ValidateDocument, WhatCouldNotBeToldChangesNothing) {
  bump();
  const auto before = bytes_of(store.path());
  function_validator judge([](const view_facts&, const std::stop_token&) -> validator_answer {
    return {program_verdict::could_not_tell, "no network", {}};
  });
  const auto done = validate_document(store, view_choice::all(), judge);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->count(program_verdict::could_not_tell), 2U);
  EXPECT_EQ(done->views[0].why, "no network");
  EXPECT_FALSE(done->written);
  EXPECT_EQ(bytes_of(store.path()), before);
}

TEST_F(ValidateDocument, ASchemaThatChangedMeanwhileIsJudgedAgain) {
  bump();
  std::vector<std::string> judged;
  function_validator judge([&](const view_facts& of, const std::stop_token&) -> validator_answer {
    judged.push_back(of.view + " " + of.dependees.front().now->digest);
    if (judged.size() == 1) bump("sha256:d2");
    return {program_verdict::passed, {}, {}};
  });
  const auto done = validate_document(store, view_choice::all(), judge);
  ASSERT_TRUE(done);
  EXPECT_EQ(judged, (std::vector<std::string>{"a sha256:d1", "b sha256:d1", "a sha256:d2", "b sha256:d2"}));
  EXPECT_EQ(done->count(program_verdict::passed), 2U);
  EXPECT_EQ(recorded("a"), "sha256:d2@");
}

TEST_F(ValidateDocument, WhatNeverComesToRestCouldNotBeTold) {
  bump();
  int times = 0;
  function_validator judge([&](const view_facts&, const std::stop_token&) -> validator_answer {
    bump("sha256:other" + std::to_string(++times));
    return {program_verdict::passed, {}, {}};
  });
  const auto done = validate_document(store, {.adapter = "comp", .view = "a"}, judge);
  ASSERT_TRUE(done);
  EXPECT_EQ(times, 3);
  EXPECT_EQ(done->count(program_verdict::could_not_tell), 1U);
  EXPECT_EQ(status("a"), "pending-recompat-check");
}

TEST_F(ValidateDocument, OnlyWhatChangedMeanwhileIsJudgedAgain) {
  bump();
  std::vector<std::string> judged;
  function_validator judge([&](const view_facts& of, const std::stop_token&) -> validator_answer {
    judged.push_back(of.view);
    if (judged.size() == 1) {
      change([](lockfile& file) {
        EXPECT_TRUE(file.remove_view({"comp", "a"}));
        const dependency on_crg[] = {{"crg", "sha256:d1", "2"}};
        EXPECT_TRUE(file.register_view({"comp", "a"}, "sha256:theirs", on_crg, at(1)));
        EXPECT_TRUE(file.mark_dependee_bumped("crg", at(2), {"sha256:d2", "3"}));
      });
    }
    if (of.view == "b") return {program_verdict::could_not_tell, "no network", {}};
    return {program_verdict::passed, {}, {}};
  });
  const auto done = validate_document(store, view_choice::all(), judge);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(judged, (std::vector<std::string>{"a", "b", "a"})) << "b is still due, and has not changed";
  ASSERT_EQ(done->views.size(), 2U);
  EXPECT_EQ(done->views[0].verdict, program_verdict::passed);
  EXPECT_EQ(done->views[1].why, "no network");
}

TEST_F(ValidateDocument, AnotherInstanceThatWasFasterLeavesNothingToDo) {
  bump();
  bool first = true;
  function_validator faster(passes);
  function_validator judge([&](const view_facts&, const std::stop_token&) -> validator_answer {
    if (std::exchange(first, false)) {
      EXPECT_TRUE(validate_document(store, view_choice::all(), faster));
    }
    return {program_verdict::failed, "late", {}};
  });
  const auto done = validate_document(store, view_choice::all(), judge);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->views.empty());
  EXPECT_FALSE(done->written);
  EXPECT_EQ(status("a"), "pending-rebuild");
}

TEST_F(ValidateDocument, NewDependenciesMustNameTheActiveSchema) {
  bump();
  function_validator wrong([](const view_facts&, const std::stop_token&) -> validator_answer {
    return {program_verdict::passed, {}, {{"crg", "sha256:elsewhere", "9"}}};
  });
  const auto refused = validate_document(store, {.adapter = "comp", .view = "a"}, wrong);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->views.at(0).verdict, program_verdict::could_not_tell);
  EXPECT_EQ(refused->views.at(0).why,
            "the new dependencies of view comp/a name the schema sha256:elsewhere of crg, and sha256:d1 "
            "is active");
  EXPECT_EQ(status("a"), "pending-recompat-check");

  function_validator right([](const view_facts&, const std::stop_token&) -> validator_answer {
    return {program_verdict::passed, {}, {{"crg", "sha256:d1", "2.0"}}};
  });
  ASSERT_TRUE(validate_document(store, {.adapter = "comp", .view = "a"}, right));
  EXPECT_EQ(recorded("a"), "sha256:d1@2.0");
}

TEST_F(ValidateDocument, AViewThatAwaitsItsRebuildOverAnotherSchemaIsDue) {
  held.clear();
  change([](lockfile& file) {
    const auto absent = [](view_key) { return std::optional(presence{}); };
    struct : reconcile_visitor {
    } nobody;
    EXPECT_TRUE(file.reconcile(absent, nobody, at(1)));
    EXPECT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(1)));
  });
  ASSERT_EQ(status("a"), "pending-rebuild");
  function_validator no(fails);
  ASSERT_TRUE(validate_document(store, {.adapter = "comp", .view = "a"}, no));
  EXPECT_EQ(status("a"), "pending-rebuild") << "a failure moves only the time";
  EXPECT_EQ(recorded("a"), "sha256:d0@1");
  function_validator yes(passes);
  ASSERT_TRUE(validate_document(store, view_choice::all(), yes));
  EXPECT_EQ(status("a"), "pending-rebuild");
  EXPECT_EQ(recorded("a"), "sha256:d1@");
}

TEST_F(ValidateDocument, ManyAreJudgedAtOnceAndEachOnce) {
  change([](lockfile& file) {
    const dependency on_crg[] = {{"crg", "sha256:d0", "1"}};
    for (int i = 0; i < 30; ++i)
      EXPECT_TRUE(file.register_view({"many", "v" + std::to_string(i)}, "sha256:v", on_crg, at(0)));
  });
  bump();
  std::atomic<int> calls{0};
  function_validator judge([&](const view_facts&, const std::stop_token&) -> validator_answer {
    ++calls;
    return {program_verdict::passed, {}, {}};
  });
  const auto done = validate_document(store, view_choice::all(), judge, {.jobs = 4});
  ASSERT_TRUE(done);
  EXPECT_EQ(calls, 32);
  EXPECT_EQ(done->count(program_verdict::passed), 32U);
}

TEST_F(ValidateDocument, AStopLeavesTheRestUntold) {
  bump();
  std::stop_source stop;
  function_validator judge([&](const view_facts&, const std::stop_token&) -> validator_answer {
    stop.request_stop();
    return {program_verdict::passed, {}, {}};
  });
  const auto done = validate_document(store, view_choice::all(), judge, {.stop = stop.get_token()});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->count(program_verdict::passed), 1U);
  EXPECT_EQ(done->count(program_verdict::could_not_tell), 1U);
  EXPECT_EQ(status("b"), "pending-recompat-check");
}

TEST_F(ValidateDocument, WhatIsThrownIsPassedOnAndNothingIsRecorded) {
  bump();
  const auto before = bytes_of(store.path());
  function_validator judge([](const view_facts&, const std::stop_token&) -> validator_answer {
    throw std::runtime_error("out of tea");
  });
  EXPECT_THROW((void)validate_document(store, view_choice::all(), judge, {.jobs = 2}), std::runtime_error);
  EXPECT_EQ(bytes_of(store.path()), before);
}

TEST_F(ValidateDocument, OfWhatTwoThreadsThrowOneIsPassedOn) {
  bump();
  std::latch both(2);
  function_validator judge([&](const view_facts& of, const std::stop_token&) -> validator_answer {
    both.arrive_and_wait();
    throw std::runtime_error(of.view + " is out of tea");
  });
  try {
    (void)validate_document(store, view_choice::all(), judge, {.jobs = 2});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::runtime_error& thrown) {
    const std::string why = thrown.what();
    EXPECT_TRUE(why == "a is out of tea" || why == "b is out of tea") << why;
  }
  EXPECT_EQ(status("a"), "pending-recompat-check");
}

TEST_F(ValidateDocument, AViewThatIsNotThereIsAnError) {
  function_validator judge(passes);
  EXPECT_FALSE(validate_document(store, {.adapter = "nobody"}, judge));
  EXPECT_FALSE(validate_document(store, {.adapter = "comp", .view = "nothing"}, judge));
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
