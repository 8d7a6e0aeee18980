// What a program answers by its end, and what it is given. Real programs, run by the shell.

#include <gtest/gtest.h>
#include <boost/filesystem.hpp>

#include "program_fixture.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

TEST(ProgramAnswers, AnExitWithZeroPasses) {
  const ran seen = run("echo checked; echo by the way >&2");
  EXPECT_EQ(seen.outcome.verdict, program_verdict::passed);
  EXPECT_EQ(seen.outcome.why, "");
  EXPECT_EQ(seen.outcome.output, "checked\n");
  EXPECT_FALSE(seen.outcome.output_cut);
  EXPECT_GT(seen.outcome.took, 0ns);
}

TEST(ProgramAnswers, AnExitWithOneFailsForTheLastLineOnStandardError) {
  const ran seen = run("echo first >&2; echo 'column owner is gone' >&2; echo out; exit 1");
  EXPECT_EQ(seen.outcome.verdict, program_verdict::failed);
  EXPECT_EQ(seen.outcome.why, "column owner is gone");
  EXPECT_EQ(seen.outcome.output, "out\n");
}

TEST(ProgramAnswers, ALastLineNeedsNoLineFeed) {
  EXPECT_EQ(run("printf 'first\\nlast' >&2; exit 1").outcome.why, "last");
}

TEST(ProgramAnswers, BlankLinesAfterTheReasonAreNone) {
  EXPECT_EQ(run("printf '  the reason\\t\\r\\n\\n \\t\\n  ' >&2; exit 1").outcome.why, "the reason");
}

TEST(ProgramAnswers, AFailureWithoutAReasonSaysSo) {
  const ran seen = run("exit 1");
  EXPECT_EQ(seen.outcome.verdict, program_verdict::failed);
  EXPECT_EQ(seen.outcome.why, "it exited with 1 and wrote no reason to standard error");
}

TEST(ProgramAnswers, AVeryLongReasonIsCutAtACharacter) {
  // 999 bytes and then two for each character: the limit of 1000 is in the middle of the first of these.
  const ran seen = run(
      "head -c 999 /dev/zero | tr '\\0' x >&2; for i in 1 2 3; do printf 'é%0100000d' 0 >&2; done; exit 1");
  EXPECT_EQ(seen.outcome.verdict, program_verdict::failed);
  EXPECT_EQ(seen.outcome.why, std::string(999, 'x') + "…");
}

TEST(ProgramAnswers, ABinaryReasonBecomesUtf8) {
  const ran seen = run("printf 'a\\377b\\303\\251\\360\\237c\\000d\\n' >&2; exit 1");
  EXPECT_EQ(seen.outcome.why, std::string("a\uFFFDbé\uFFFD\uFFFDc\0d", 16));
}

TEST(ProgramAnswers, AnotherStatusIsNoAnswer) {
  const ran seen = run("echo why >&2; exit 3");
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell);
  EXPECT_EQ(seen.outcome.why, "it exited with 3, which is no answer; its last line was: why");
  EXPECT_EQ(run("exit 2").outcome.why, "it exited with 2, which is no answer");
  EXPECT_EQ(run("exit 255").outcome.verdict, program_verdict::could_not_tell);
}

TEST(ProgramAnswers, AProgramThatDoesNotExistIsNoAnswer) {
  const ran seen = run("/no/such/program --check");
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell);
  EXPECT_NE(seen.outcome.why.find("127"), std::string::npos) << seen.outcome.why;
  EXPECT_NE(seen.outcome.why.find("/no/such/program"), std::string::npos) << seen.outcome.why;
}

TEST(ProgramAnswers, AProgramThatIsNotExecutableIsNoAnswer) {
  const temporary_directory directory;
  directory.make_file("validate", "#!/bin/sh\nexit 0\n", 0644);
  const ran seen = run(directory / "validate");
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell);
  EXPECT_NE(seen.outcome.why.find("126"), std::string::npos) << seen.outcome.why;
}

TEST(ProgramAnswers, ASignalIsNoAnswer) {
  const ran seen = run("kill -KILL $$");
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell);
  EXPECT_EQ(seen.outcome.why, "it was ended by SIGKILL");
  EXPECT_EQ(run("echo hm >&2; kill -SEGV $$").outcome.why, "it was ended by SIGSEGV; its last line was: hm");
  EXPECT_EQ(run("kill -40 $$").outcome.why, "it was ended by signal 40");
}

TEST(ProgramAnswers, ACommandLineIsTheShells) {
  EXPECT_EQ(run("x=1; test $x = 1 && echo \"$0 $#\"").outcome.output, "sh 0\n");
  // A first dash makes it no option of the shell.
  EXPECT_NE(run("-x").outcome.why.find("127"), std::string::npos);
  EXPECT_EQ(run("").outcome.verdict, program_verdict::passed);
}

TEST(ProgramAnswers, ItRunsInTheDirectory) {
  const temporary_directory directory;
  program_call call;
  call.command = "pwd -P";
  call.directory = directory.path();
  EXPECT_EQ(run(call).outcome.output, boost::filesystem::canonical(directory.path()).native() + "\n");
}

TEST(ProgramAnswers, WhatCanNotBeStartedIsNoAnswer) {
  const temporary_directory directory;
  program_call call;
  call.command = "true";
  call.directory = directory / "gone";
  const ran seen = run(call);
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell);
  EXPECT_EQ(seen.outcome.why, "could not start /bin/sh in " + call.directory + ": No such file or directory");
  EXPECT_EQ(seen.outcome.took, 0ns);

  call.directory = std::string("/tmp\0x", 6);
  EXPECT_NE(run(call).outcome.why.find("NUL"), std::string::npos);
  EXPECT_NE(run(std::string("exit 0\0; exit 1", 15)).outcome.why.find("NUL"), std::string::npos);
  EXPECT_EQ(run("true " + std::string(200'000, 'x')).outcome.verdict, program_verdict::could_not_tell);
}

TEST(ProgramInput, ArrivesWholeHoweverLarge) {
  program_call call;
  call.command = "cat";
  for (int i = 0; call.input.size() < 1'000'000; ++i)
    call.input += std::to_string(i) + "\n";
  const ran seen = run(call);
  EXPECT_EQ(seen.outcome.verdict, program_verdict::passed);
  EXPECT_EQ(seen.outcome.output, call.input);
}

TEST(ProgramInput, CanBeOpenedByItsName) {
  program_call call;
  call.command = "read -r first; echo \"$first\"; cat /dev/stdin";
  call.input = "one\ntwo\n";
  EXPECT_EQ(run(call).outcome.output, "one\none\ntwo\n");
}

TEST(ProgramInput, NeedNotBeRead) {
  program_call call;
  call.input.assign(1 << 20, 'x');
  for (const char* command : {"true", "exec <&-; sleep 0.1", "head -c 1 >/dev/null"}) {
    call.command = command;
    EXPECT_EQ(run(call, within(20s)).outcome.verdict, program_verdict::passed) << command;
  }
}

TEST(ProgramInput, IsEmptyWithoutOne) {
  EXPECT_EQ(run("wc -c", within(20s)).outcome.output, "0\n");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
