// Many programs, some at once.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "program_fixture.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

std::vector<program_call> calls_of(const std::string& command, std::size_t count) {
  std::vector<program_call> calls;
  for (std::size_t i = 0; i < count; ++i) {
    program_call call;
    call.name = "comp/v" + std::to_string(i);
    call.command = command;
    call.environment = {{"NUMBER", std::to_string(i)}};
    calls.push_back(std::move(call));
  }
  return calls;
}

program_limits at_once(std::size_t jobs) {
  program_limits limits = within(60s);
  limits.jobs = jobs;
  return limits;
}

TEST(RunPrograms, FortyEightAtOnceAnswerInTheirOrder) {
  const auto calls = calls_of("sleep 0.05; echo out $NUMBER; echo why $NUMBER >&2; exit $((NUMBER % 2))", 40);
  std::size_t running = 0;
  std::size_t most = 0;
  std::size_t ended = 0;
  std::vector<std::string> lines(40);
  const auto outcomes = run_programs(
      calls, at_once(8),
      [&](const program_line& line) { lines.at(line.number).append(line.text).append(";"); },
      [&](const program_progress& progress) {
        EXPECT_EQ(progress.total, 40);
        EXPECT_EQ(progress.name, calls.at(progress.number).name);
        if (progress.phase == program_phase::started) most = std::max(most, ++running);
        if (progress.phase == program_phase::ended) {
          --running;
          EXPECT_EQ(progress.ended, ++ended);
          EXPECT_GE(progress.outcome->took, 50ms);
        }
      });
  EXPECT_EQ(most, 8);
  EXPECT_EQ(running, 0);
  EXPECT_EQ(ended, 40);
  ASSERT_EQ(outcomes.size(), 40);
  for (std::size_t i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    EXPECT_EQ(outcomes[i].verdict, i % 2 == 0 ? program_verdict::passed : program_verdict::failed) << i;
    EXPECT_EQ(outcomes[i].why, i % 2 == 0 ? "" : "why " + number);
    EXPECT_EQ(outcomes[i].output, "out " + number + "\n");
    EXPECT_TRUE(lines[i] == "out " + number + ";why " + number + ";" ||
                lines[i] == "why " + number + ";out " + number + ";")
        << lines[i];
  }
}

TEST(RunPrograms, OneAtATimeIsInOrder) {
  const auto calls = calls_of("true", 5);
  for (const std::size_t jobs : {0UL, 1UL}) {
    std::string events;
    (void)run_programs(calls, at_once(jobs), ignored_output, [&](const program_progress& progress) {
      events += (progress.phase == program_phase::started ? "+" : "-") + std::to_string(progress.number);
    });
    EXPECT_EQ(events, "+0-0+1-1+2-2+3-3+4-4");
  }
}

TEST(RunPrograms, NoneAreNone) {
  EXPECT_TRUE(run_programs({}, {}, ignored_output, ignored_progress).empty());
}

TEST(RunPrograms, ASlowOneKeepsNobodyWaiting) {
  auto calls = calls_of("true", 20);
  calls.front().command = "sleep 1";
  std::vector<std::size_t> order;
  (void)run_programs(calls, at_once(2), ignored_output, [&](const program_progress& progress) {
    if (progress.phase == program_phase::ended) order.push_back(progress.number);
  });
  ASSERT_EQ(order.size(), 20);
  EXPECT_EQ(order.back(), 0);
}

TEST(RunPrograms, EachHasItsOwnTime) {
  // The three that are short take longer together than one may.
  program_limits limits = at_once(2);
  limits.timeout = 2s;
  auto calls = calls_of("sleep 0.8", 4);
  calls[1].command = "sleep 1000";
  const auto outcomes = run_programs(calls, limits, ignored_output, ignored_progress);
  EXPECT_EQ(outcomes[0].verdict, program_verdict::passed) << outcomes[0].why;
  EXPECT_EQ(outcomes[1].why, "it did not end within 2 s");
  EXPECT_EQ(outcomes[2].verdict, program_verdict::passed) << outcomes[2].why;
  EXPECT_EQ(outcomes[3].verdict, program_verdict::passed) << outcomes[3].why;
}

TEST(RunPrograms, ARunningOneIsToldAboutEachSecond) {
  std::vector<std::string> seen;
  (void)run_programs(calls_of("sleep 2.5", 1), at_once(1), ignored_output,
                     [&](const program_progress& progress) {
                       if (progress.phase == program_phase::running) seen.push_back(to_string(progress));
                     });
  ASSERT_GE(seen.size(), 2);
  EXPECT_EQ(seen[0], "0/1 comp/v0 1 s");
  EXPECT_EQ(seen[1], "0/1 comp/v0 2 s");
  EXPECT_LE(seen.size(), 10);
}

TEST(RunPrograms, ProgressIsALineForPeople) {
  program_progress progress;
  progress.ended = 3;
  progress.total = 40;
  progress.name = "comp/owners";
  progress.took = 12'999ms;
  EXPECT_EQ(to_string(progress), "3/40 comp/owners 12 s");
}

TEST(RunPrograms, AStopEndsThoseThatRunAndStartsNoMore) {
  const temporary_directory directory;
  std::stop_source stop;
  program_limits limits = at_once(4);
  limits.stop = stop.get_token();
  auto calls = calls_of("touch " + directory.path() + "/$NUMBER; echo $$; exec sleep 1000", 40);
  calls[0].command = "exit 1";
  std::vector<pid_t> processes;
  std::size_t ended = 0;
  std::jthread other;
  const auto began = std::chrono::steady_clock::now();
  const auto outcomes = run_programs(
      calls, limits,
      [&](const program_line& line) {
        processes.push_back(static_cast<pid_t>(std::stol(std::string(line.text))));
        if (processes.size() == 4) other = std::jthread([&] { stop.request_stop(); });
      },
      [&](const program_progress& progress) { ended += progress.phase == program_phase::ended ? 1 : 0; });
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
  EXPECT_EQ(names_in(directory.path()), (std::vector<std::string>{"1", "2", "3", "4"}));
  EXPECT_EQ(ended, 5);
  EXPECT_EQ(outcomes[0].verdict, program_verdict::failed) << "its answer stays";
  for (std::size_t i = 1; i < 40; ++i) {
    EXPECT_EQ(outcomes[i].verdict, program_verdict::could_not_tell);
    EXPECT_EQ(outcomes[i].why, i < 5 ? "it was ended early, as a stop was asked for"
                                     : "it was not started, as a stop was asked for");
  }
  for (const pid_t process : processes)
    EXPECT_FALSE(is_running(process));
}

TEST(RunPrograms, OneThatCanNotBeStartedKeepsNobodyFromRunning) {
  auto calls = calls_of("true", 3);
  calls[1].directory = "/no/such/directory";
  std::vector<std::string> ended;
  const auto outcomes =
      run_programs(calls, at_once(1), ignored_output, [&](const program_progress& progress) {
        if (progress.phase == program_phase::ended) ended.push_back(to_string(progress));
      });
  EXPECT_EQ(outcomes[0].verdict, program_verdict::passed);
  EXPECT_EQ(outcomes[1].verdict, program_verdict::could_not_tell);
  EXPECT_EQ(outcomes[2].verdict, program_verdict::passed);
  EXPECT_EQ(ended, (std::vector<std::string>{"1/3 comp/v0 0 s", "2/3 comp/v1 0 s", "3/3 comp/v2 0 s"}));
}

TEST(RunPrograms, WhatAVisitorThrowsLeavesNoneRunning) {
  std::vector<pid_t> processes;
  const auto work = [&] {
    (void)run_programs(
        calls_of("echo $$; exec sleep 1000", 10), at_once(5),
        [&](const program_line& line) {
          processes.push_back(static_cast<pid_t>(std::stol(std::string(line.text))));
          if (processes.size() == 5) throw std::runtime_error("no more room");
        },
        ignored_progress);
  };
  EXPECT_THROW(work(), std::runtime_error);
  for (const pid_t process : processes)
    EXPECT_FALSE(is_running(process));
}

TEST(RunPrograms, SeveralThreadsMayRunSome) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i] {
      auto calls = calls_of("cat; exit 1", 10);
      for (program_call& call : calls)
        call.input = std::to_string(i) + call.name;
      const auto outcomes = run_programs(calls, at_once(2), ignored_output, ignored_progress);
      for (std::size_t number = 0; number < calls.size(); ++number) {
        EXPECT_EQ(outcomes[number].verdict, program_verdict::failed);
        EXPECT_EQ(outcomes[number].output, calls[number].input);
      }
    });
  }
}

/// Leaves so many descriptors to this process.
void leave_descriptors(rlim_t count) {
  // UndefinedBehaviorSanitizer opens a pipe for each type that it meets first.
  (void)std::generic_category().message(EMFILE);
  const rlimit limit{names_in("/proc/self/fd").size() - 1 + count, 4096};
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

TEST(ScarceDescriptors, AreWaitedForWhileOthersRun) {
  EXPECT_EQ(in_child([]() -> std::string {
              leave_descriptors(12);  // for two programs, not for eight
              const auto outcomes =
                  run_programs(calls_of("sleep 0.05", 12), at_once(8), ignored_output, ignored_progress);
              for (const program_outcome& one : outcomes) {
                if (one.verdict != program_verdict::passed) return one.why;
              }
              return "";
            }),
            "");
}

TEST(ScarceDescriptors, AreNoAnswerAndNoHang) {
  // Side by side, as each waits a while for better times.
  std::vector<std::unique_ptr<child_process>> children;
  for (rlim_t count = 0; count < 10; ++count) {
    children.push_back(std::make_unique<child_process>([count](const child_process::parent&) -> std::string {
      leave_descriptors(count);
      const ran seen = run("exit 1", within(20s));
      if (seen.outcome.verdict == program_verdict::failed) return count < 5 ? "how did it run?" : "";
      if (count >= 7) return "it could have run: " + seen.outcome.why;
      return seen.outcome.why.ends_with("Too many open files") ? "" : seen.outcome.why;
    }));
  }
  for (rlim_t count = 0; count < 10; ++count)
    EXPECT_EQ(children[count]->result(), "") << count;
}

TEST(ScarceProcesses, AreWaitedFor) {
  EXPECT_EQ(as_nobody([]() -> std::string {
              rlimit before{};
              if (::getrlimit(RLIMIT_NPROC, &before) != 0) return "no limit";
              const rlimit limited{0, before.rlim_max};
              std::jthread later([&] {
                std::this_thread::sleep_for(300ms);
                ::setrlimit(RLIMIT_NPROC, &before);
              });
              if (::setrlimit(RLIMIT_NPROC, &limited) != 0) return "no limit";
              const ran seen = run("exit 1", within(20s));
              return seen.outcome.verdict == program_verdict::failed ? "" : seen.outcome.why;
            }),
            "");
}

TEST(ScarceProcesses, AreNoAnswerInTheEnd) {
  EXPECT_EQ(as_nobody([]() -> std::string {
              const rlimit none{0, 0};
              if (::setrlimit(RLIMIT_NPROC, &none) != 0) return "no limit";
              const ran seen = run("exit 1", within(20s));
              if (seen.outcome.verdict != program_verdict::could_not_tell) return "how did it run?";
              return seen.outcome.why == "could not start /bin/sh: Resource temporarily unavailable"
                         ? ""
                         : seen.outcome.why;
            }),
            "");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
