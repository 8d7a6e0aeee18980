// What a program has of us: streams, environment, signals, session.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "program_fixture.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

/// What a program with a variable prints.
std::string printed_with(std::vector<environment_variable> environment, const std::string& command) {
  program_call call;
  call.command = command;
  call.environment = std::move(environment);
  return run(call).outcome.output;
}

TEST(ProgramStreams, AreAllTheDescriptorsThatItHas) {
  // ls itself opens the directory, under the lowest number that is free.
  const std::string three_and_the_listing = "0\n1\n2\n3\n";
  EXPECT_EQ(run("ls /proc/self/fd").outcome.output, three_and_the_listing);

  EXPECT_EQ(in_child([&]() -> std::string {
              for (int i = 0; i < 20; ++i) {
                if (::open("/dev/null", O_RDWR) < 0) return "no descriptor";  // without O_CLOEXEC
              }
              if (::dup2(2, 200) != 200) return "no descriptor 200";
              const ran seen = run("ls /proc/self/fd");
              return seen.outcome.output == three_and_the_listing ? "" : seen.outcome.output;
            }),
            "");
}

TEST(ProgramStreams, AreThereWhenWeHaveNone) {
  for (int closed = 1; closed < 8; ++closed) {
    EXPECT_EQ(in_child([&]() -> std::string {
                for (int number = 0; number < 3; ++number) {
                  if ((closed >> number & 1) != 0) ::close(number);
                }
                program_call call;
                call.command = "read -r x; echo \"<$x>\"; echo err >&2; ls /proc/self/fd; exit 1";
                call.input = "in\n";
                const ran seen = run(call, within(20s));
                if (seen.outcome.why != "err") return seen.outcome.why;
                return seen.outcome.output == "<in>\n0\n1\n2\n3\n" ? "" : seen.outcome.output;
              }),
              "")
        << closed;
  }
}

TEST(ProgramStreams, LeaveNoDescriptorWithUs) {
  const auto count = [] { return names_in("/proc/self/fd").size(); };
  const std::size_t before = count();
  (void)run("true");
  (void)run("sleep 1000", within(10ms));
  (void)run("exec >&- 2>&-");
  program_call call;
  call.directory = "/no/such/directory";
  (void)run(call);
  EXPECT_EQ(count(), before);
}

TEST(ProgramSignals, AreNeitherBlockedNorIgnored) {
  EXPECT_EQ(in_child([]() -> std::string {
              sigset_t all;
              sigfillset(&all);
              ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
              for (int signal = 1; signal < SIGRTMAX; ++signal) {
                if (signal != SIGCHLD) ::signal(signal, SIG_IGN);
              }
              const ran seen =
                  run("grep -E 'Sig(Blk|Ign)' /proc/self/status; yes | true; kill -PIPE $$", within(20s));
              // The two that glibc keeps for itself, which it ignores in new processes.
              constexpr unsigned long long of_glibc = 3ULL << 31;
              std::istringstream lines(seen.outcome.output);
              int count = 0;
              std::string name;
              for (unsigned long long mask; lines >> name >> std::hex >> mask; ++count) {
                if ((mask & ~of_glibc) != 0) return name + std::to_string(mask);
              }
              return count == 2 && seen.outcome.why == "it was ended by SIGPIPE" ? "" : seen.outcome.why;
            }),
            "");
}

TEST(ProgramSession, IsItsOwnAndHasNoTerminal) {
  std::istringstream stat(run("cat /proc/self/stat; echo $$").outcome.output);
  std::string text;
  std::getline(stat, text);
  pid_t shell = 0;
  stat >> shell;
  std::istringstream after_name(text.substr(text.rfind(')') + 4));
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  int terminal = -1;
  after_name >> parent >> group >> session >> terminal;
  EXPECT_EQ(group, shell);
  EXPECT_EQ(session, shell);
  EXPECT_EQ(terminal, 0);
  EXPECT_NE(group, ::getpgrp());
}

TEST(ProgramEnvironment, IsOursWithAdditions) {
  ASSERT_EQ(::setenv("AGENTSLOCK_TEST_KEPT", "ours", 1), 0);
  ASSERT_EQ(::setenv("AGENTSLOCK_TEST_CHANGED", "ours", 1), 0);
  ASSERT_EQ(::setenv("AGENTSLOCK_TEST_GONE", "ours", 1), 0);
  EXPECT_EQ(
      printed_with({{"AGENTSLOCK_TEST_CHANGED", "its\nown"}, {"AGENTSLOCK_TEST_GONE", std::nullopt}},
                   "echo \"$AGENTSLOCK_TEST_KEPT, $AGENTSLOCK_TEST_CHANGED, ${AGENTSLOCK_TEST_GONE-none}\""),
      "ours, its\nown, none\n");
  EXPECT_STREQ(::getenv("AGENTSLOCK_TEST_CHANGED"), "ours");
}

TEST(ProgramEnvironment, IsTheAdditionsAloneWhereWeHaveNone) {
  EXPECT_EQ(in_child([]() -> std::string {
              if (::setenv("AGENTSLOCK_TEST_OURS", "ours", 1) != 0 || ::clearenv() != 0)
                return "no environment";
              const std::string printed =
                  printed_with({{"ADDED", "there"}}, "echo ${AGENTSLOCK_TEST_OURS-none} ${HOME-none} $ADDED");
              return printed == "none none there\n" ? "" : printed;
            }),
            "");
}

TEST(ProgramEnvironment, LeavesOutWhatTheSystemCanNotHandOver) {
  ASSERT_EQ(::setenv("TOO_LONG", "ours", 1), 0);
  ASSERT_EQ(::setenv("HAS_NUL", "ours", 1), 0);
  const auto value_for = [](std::string_view name, std::size_t bytes) {
    return std::string(bytes - name.size() - 2,
                       'x');  // what a variable takes besides: the equals sign, the NUL
  };
  const std::string command = "echo ${#LONGEST} ${TOO_LONG-none} ${HAS_NUL-none} $AFTER";
  EXPECT_EQ(printed_with({{"LONGEST", value_for("LONGEST", program_variable_bytes_max)},
                          {"TOO_LONG", value_for("TOO_LONG", program_variable_bytes_max + 1)},
                          {"HAS_NUL", std::string("a\0b", 3)},
                          {"", "nameless"},
                          {"A=B", "c"},
                          {std::string("N\0L", 3), "v"},
                          {"AFTER", "there"}},
                         command),
            std::to_string(value_for("LONGEST", program_variable_bytes_max).size()) + " none none there\n");
}

TEST(ProgramEnvironment, HandsOverAllThatMayBeTogether) {
  constexpr std::size_t count = program_variables_bytes_max / program_variable_bytes_max;
  static_assert(count < 10 && count * program_variable_bytes_max == program_variables_bytes_max);
  std::vector<environment_variable> environment;
  for (std::size_t i = 0; i < count; ++i)
    environment.push_back({"V" + std::to_string(i), std::string(program_variable_bytes_max - 4, 'x')});
  environment.push_back({"W", ""});
  EXPECT_EQ(printed_with(environment, "echo ${#V" + std::to_string(count - 1) + "} ${W-none}"),
            std::to_string(program_variable_bytes_max - 4) + " none\n");
}

TEST(ProgramEnvironment, LeavesOutWhatIsTooMuchTogether) {
  std::vector<environment_variable> environment;
  for (int i = 10; i < 40; ++i)
    environment.push_back({"V" + std::to_string(i), std::string(100'000, 'x')});
  environment.push_back({"SMALL", "fits"});
  EXPECT_EQ(printed_with(environment, "env | grep -c ^V; echo ${V20-none} ${SMALL}"), "10\nnone fits\n");
}

TEST(ProgramEnvironment, TakesTheFirstOfTwoOfOneName) {
  EXPECT_EQ(printed_with({{"TWICE", "1"}, {"TWICE", "2"}}, "env | grep ^TWICE"), "TWICE=1\n");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
