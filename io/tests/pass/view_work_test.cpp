// Functions and programs that judge and build views: what they are told, where they run, and what is told of them.
#include "agentslock/io/view_work.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "lifecycle_fixture.hpp"

namespace agentslock::testing {
namespace {

class ViewWork : public lifecycle_fixture {
 protected:
  [[nodiscard]] std::vector<view_facts> both() const {
    const lockfile file = now();
    return {facts_of(file, {"comp", "a"}), facts_of(file, {"comp", "b"})};
  }
  /// What is told of the work's progress.
  work_options told(std::vector<std::string>& lines) const {
    work_options how;
    how.progress = [&lines](const program_progress& one) {
      // How long a program runs is not known: nor whether anything is told while it does.
      if (one.phase == program_phase::running) return;
      lines.push_back(std::string(one.phase == program_phase::started ? "started " : "ended ") +
                      std::string(one.name) + " " + std::to_string(one.ended) + "/" +
                      std::to_string(one.total));
    };
    return how;
  }
  const std::vector<std::string> one_after_the_other{"started comp/a 0/2", "ended comp/a 1/2",
                                                     "started comp/b 1/2", "ended comp/b 2/2"};
};

TEST_F(ViewWork, OfAnAdapterThatIsNotActiveTheSchemaIsNotKnown) {
  change([](lockfile& file) {
    const dependency on_two[] = {{"crg", "sha256:d0", "1"}, {"unknown", "sha256:u", "3"}};
    EXPECT_TRUE(file.register_view({"comp", "c"}, "sha256:old", on_two, at(0)));
  });
  const view_facts facts = facts_of(now(), {"comp", "c"});
  ASSERT_EQ(facts.dependees.size(), 2U);
  EXPECT_EQ(facts.dependees[0].now, (schema_identity{"sha256:d0", "1"}));
  EXPECT_EQ(facts.dependees[1].now, std::nullopt);
  EXPECT_EQ(facts.dependees[1].recorded, (schema_identity{"sha256:u", "3"}));
}

TEST_F(ViewWork, TheProgressOfFunctionsIsTold) {
  std::vector<std::string> lines;
  function_validator judge(passes);
  EXPECT_EQ(judge.judge(both(), told(lines)).size(), 2U);
  EXPECT_EQ(lines, one_after_the_other);
  lines.clear();
  function_builder build = builds();
  EXPECT_EQ(build.build(both(), told(lines)).size(), 2U);
  EXPECT_EQ(lines, one_after_the_other);
}

TEST_F(ViewWork, AStopLeavesTheRestUnbuilt) {
  std::stop_source stop;
  function_builder build([&](const view_facts&, const std::stop_token&) -> builder_answer {
    stop.request_stop();
    return {program_verdict::passed, {}};
  });
  const auto answers = build.build(both(), {.stop = stop.get_token()});
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].verdict, program_verdict::passed);
  EXPECT_EQ(answers[1].verdict, program_verdict::could_not_tell);
  EXPECT_EQ(answers[1].why, "stopped before it began");
}

TEST_F(ViewWork, AProgramJudgesInTheDocumentsDirectoryAndItsOutputAndProgressAreTold) {
  std::vector<std::string> output;
  std::vector<std::string> lines;
  view_programs how{.document = store.path(), .store = directory / "views"};
  how.output = [&](const view_facts& of, const program_line& line) {
    output.push_back(of.view + ": " + std::string(line.text));
  };
  program_validator judge(
      "echo \"$(pwd -P) $AGENTSLOCK_VIEW $AGENTSLOCK_DOCUMENT $AGENTSLOCK_STORE\" >&2; "
      "test \"$AGENTSLOCK_VIEW\" = a || { echo owner_id is gone >&2; exit 1; }",
      how);
  const auto answers = judge.judge(both(), told(lines));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].verdict, program_verdict::passed) << answers[0].why;
  EXPECT_EQ(answers[1].verdict, program_verdict::failed);
  EXPECT_EQ(answers[1].why, "owner_id is gone");
  const std::string where = boost::filesystem::canonical(directory.path()).native();
  const std::string paths = " " + store.path() + " " + (directory / "views");
  EXPECT_EQ(output, (std::vector<std::string>{"a: " + where + " a" + paths, "b: " + where + " b" + paths,
                                              "b: owner_id is gone"}));
  EXPECT_EQ(lines, one_after_the_other);
}

TEST_F(ViewWork, AProgramBuildsWhereWeAreForADocumentThatIsNoPath) {
  const auto here = boost::filesystem::canonical(boost::filesystem::current_path()).native();
  program_builder build("test \"$(pwd -P)\" = '" + here + "' || exit 2; test \"$AGENTSLOCK_VIEW\" = a",
                        {.document = "postgres://somewhere", .store = {}});
  const auto answers = build.build(both(), {});
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].verdict, program_verdict::passed) << answers[0].why;
  EXPECT_EQ(answers[1].verdict, program_verdict::failed) << answers[1].why;
}

TEST_F(ViewWork, WhatAProgramWritesIsNoHindranceWhereNobodyIsToldOfIt) {
  program_validator judge("echo; echo something >&2; cat >/dev/null",
                          {.document = store.path(), .store = {}});
  const auto answers = judge.judge(both(), {.jobs = 2});
  ASSERT_EQ(answers.size(), 2U);
  for (const validator_answer& one : answers)
    EXPECT_EQ(one.verdict, program_verdict::passed) << one.why;
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
