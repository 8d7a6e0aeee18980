// How a program ends: by itself, when its time is over, when a stop is asked for; and what is left of it then.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <ctime>
#include <stdexcept>
#include <utility>

#include "program_fixture.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

/// The number that a program has printed as its first line.
pid_t printed_process(const ran& seen) {
  return static_cast<pid_t>(std::stol(seen.outcome.output));
}

TEST(ProgramEnd, OneThatHangsIsEndedWhenItsTimeIsOver) {
  const ran seen = run("echo $$; echo waiting for a row >&2; sleep 1000", within(1500ms));
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell);
  EXPECT_EQ(seen.outcome.why, "it did not end within 1500 ms; its last line was: waiting for a row");
  EXPECT_GE(seen.outcome.took, 1500ms);
  EXPECT_LT(seen.outcome.took, 10s);
  EXPECT_FALSE(is_running(printed_process(seen)));
  EXPECT_EQ(run("sleep 1000", within(1s)).outcome.why, "it did not end within 1 s");
}

TEST(ProgramEnd, OneThatIsToldToEndMayTidyUp) {
  const ran seen = run("trap 'echo tidied; exit 0' TERM; while :; do sleep 0.01; done", within(1s, 20s));
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell) << "its time was over all the same";
  EXPECT_EQ(seen.outcome.output, "tidied\n");
  EXPECT_LT(seen.outcome.took, 10s);
}

TEST(ProgramEnd, OneThatDoesNotListenIsKilledAfterTheGrace) {
  const ran seen = run("trap '' TERM; echo $$; while :; do sleep 0.01; done", within(1s, 300ms));
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell);
  EXPECT_GE(seen.outcome.took, 1300ms);
  EXPECT_LT(seen.outcome.took, 10s);
  EXPECT_FALSE(is_running(printed_process(seen)));
}

TEST(ProgramEnd, OneThatWasStoppedEndsToo) {
  const ran seen = run("kill -STOP $$", within(200ms, 20s));
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell);
  EXPECT_LT(seen.outcome.took, 10s);
}

TEST(ProgramEnd, AChildThatHangsEndsWithItsParent) {
  // The child ignores SIGTERM; the parent does not.
  const ran seen = run("(trap '' TERM; while :; do sleep 0.01; done) & echo $!; wait", within(1s, 20s));
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell);
  EXPECT_LT(seen.outcome.took, 10s);
  EXPECT_TRUE(ends_soon(printed_process(seen)));
}

TEST(ProgramEnd, AChildThatIsLeftBehindEndsWhateverTheAnswer) {
  for (const char* status : {"0", "1", "3"}) {
    const ran seen = run(std::string("sleep 1000 & echo $!; exit ") + status, within(20s));
    EXPECT_LT(seen.outcome.took, 10s) << "it was not the child that was waited for";
    EXPECT_TRUE(ends_soon(printed_process(seen)));
  }
}

TEST(ProgramEnd, ADaemonThatHoldsTheStreamsIsNotWaitedFor) {
  const ran seen =
      run("setsid sh -c 'echo $$; exec sleep 1000' & "
          "while ! read -r daemon < /proc/$!/comm || [ \"$daemon\" != sleep ]; do sleep 0.01; done; "
          "echo its reason >&2; exit 1",
          within(20s));
  const pid_t daemon = printed_process(seen);
  EXPECT_TRUE(is_running(daemon)) << "it has left the group, so it stays";
  ::kill(daemon, SIGKILL);
  EXPECT_EQ(seen.outcome.verdict, program_verdict::failed);
  EXPECT_EQ(seen.outcome.why, "its reason");
  EXPECT_LT(seen.outcome.took, 10s);
}

TEST(ProgramEnd, ADaemonThatFloodsTheStreamsIsNotWaitedFor) {
  const ran seen =
      run("setsid sh -c 'echo $$ > /proc/$PPID/fd/1; exec yes' & "
          "while ! read -r daemon < /proc/$!/comm || [ \"$daemon\" != yes ]; do sleep 0.01; done; exit 0",
          within(20s));
  ::kill(printed_process(seen), SIGKILL);
  EXPECT_EQ(seen.outcome.verdict, program_verdict::passed);
  EXPECT_LT(seen.outcome.took, 10s);
}

TEST(ProgramEnd, OneThatClosesItsStreamsIsWaitedFor) {
  const ran seen = run("exec <&- >&- 2>&-; sleep 0.3; exit 1", within(20s));
  EXPECT_EQ(seen.outcome.verdict, program_verdict::failed);
  EXPECT_GE(seen.outcome.took, 300ms);
  // And does not cost the processor meanwhile.
  const auto before = std::clock();
  (void)run("exec <&- >&- 2>&-; sleep 0.5", within(20s));
  EXPECT_LT(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC, 0.25);
}

TEST(ProgramEnd, AnEndThatIsSeenLateIsNoTimeOut) {
  // It has ended before its time was over; that it was looked at later, since a line took so long, is not its fault.
  bool first = true;
  const auto slow = [&](const program_line&) {
    if (std::exchange(first, false)) std::this_thread::sleep_for(2500ms);
  };
  program_call call;
  call.command = "echo once; sleep 0.1; echo again";
  EXPECT_EQ(run_program(call, within(2s), slow).verdict, program_verdict::passed);
}

TEST(ProgramEnd, OneOfAnotherUserThatCanNotBeEndedIsLeft) {
  // setpriv as root takes root's identity whole, so that its caller may not send it a signal. A test that is not run by
  // root has no other user at hand: there the same program is its own, and ends.
  temporary_directory directory;
  directory.let_all_in();
  const std::string setpriv = directory.make_file("setpriv", bytes_of("/usr/bin/setpriv").value(), 04755);
  const uid_t user = ::geteuid();
  const std::string command = "exec " + setpriv + " --reuid=" + std::to_string(user) + " sleep 10";
  EXPECT_EQ(as_nobody([&]() -> std::string {
              const ran seen = run(command, within(1s, 100ms));
              if (seen.outcome.took > 8s) return "it was waited for";
              const std::string left = user == 0 ? ", and could not be ended" : "";
              return seen.outcome.why == "it did not end within 1 s" + left ? "" : seen.outcome.why;
            }),
            "");
}

TEST(ProgramStop, EndsARunningProgram) {
  std::stop_source stop;
  program_limits limits;
  limits.stop = stop.get_token();
  ran seen;
  program_call call;
  call.command = "echo $$; sleep 1000";
  // Asked for in another thread, once the program has said something.
  std::jthread other;
  seen.outcome = run_program(call, limits, [&](const program_line& line) {
    seen.take(line);
    other = std::jthread([&] { stop.request_stop(); });
  });
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell);
  EXPECT_EQ(seen.outcome.why, "it was ended early, as a stop was asked for");
  EXPECT_LT(seen.outcome.took, 10s);
  EXPECT_FALSE(is_running(printed_process(seen)));
}

TEST(ProgramStop, StartsNothingWhenItWasAskedForBefore) {
  const temporary_directory directory;
  std::stop_source stop;
  stop.request_stop();
  program_limits limits;
  limits.stop = stop.get_token();
  const ran seen = run("touch " + directory / "started", limits);
  EXPECT_EQ(seen.outcome.verdict, program_verdict::could_not_tell);
  EXPECT_EQ(seen.outcome.why, "it was not started, as a stop was asked for");
  EXPECT_EQ(names_in(directory.path()), std::vector<std::string>{});
}

TEST(ProgramEnd, WhatAVisitorThrowsIsPassedOnAndTheProgramIsKilled) {
  pid_t process = 0;
  program_call call;
  call.command = "echo $$; trap '' TERM; while :; do sleep 0.01; done";
  EXPECT_THROW((void)run_program(call, {},
                                 [&](const program_line& line) {
                                   process = static_cast<pid_t>(std::stol(std::string(line.text)));
                                   throw std::runtime_error("the terminal is gone");
                                 }),
               std::runtime_error);
  EXPECT_FALSE(is_running(process));
  EXPECT_EQ(::waitpid(process, nullptr, WNOHANG), -1) << "nobody had waited for it";
}

TEST(ProgramEnd, NoProcessIsLeftToBeWaitedFor) {
  EXPECT_EQ(in_child([] {
              (void)run("true");
              (void)run("sleep 1000", within(10ms));
              (void)run("exec sleep 1000", within(10ms, 0ms));
              return ::waitpid(-1, nullptr, WNOHANG) == -1 ? "" : "a child process is left";
            }),
            "");
}

TEST(ProgramEnd, AStatusThatIsLostIsNoAnswer) {
  EXPECT_EQ(in_child([]() -> std::string {
              ::signal(SIGCHLD, SIG_IGN);
              const ran seen = run("echo said; exit 0", within(20s));
              if (seen.outcome.verdict != program_verdict::could_not_tell)
                return "it was taken for an answer";
              if (seen.outcome.output != "said\n") return "its output was lost, too";
              return seen.outcome.why.starts_with("its exit status was lost") ? "" : seen.outcome.why;
            }),
            "");
}

TEST(ProgramEnd, ASignalThatInterruptsUsChangesNothing) {
  EXPECT_EQ(in_child([]() -> std::string {
              struct sigaction action {};
              action.sa_handler = [](int) {};  // without SA_RESTART: every call is interrupted
              ::sigaction(SIGALRM, &action, nullptr);
              const itimerval each{{0, 1000}, {0, 1000}};
              ::setitimer(ITIMER_REAL, &each, nullptr);
              const ran seen =
                  run("for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.05; done; exit 1", within(20s));
              if (seen.outcome.output != "1\n2\n3\n4\n5\n6\n7\n8\n")
                return "it printed " + seen.outcome.output;
              return seen.outcome.verdict == program_verdict::failed ? "" : seen.outcome.why;
            }),
            "");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
