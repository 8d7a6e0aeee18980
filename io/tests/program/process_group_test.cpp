// A child process with its group, and the descriptors by which we know it.
#include "process_group.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <string>
#include <utility>

#include "support/child_process.hpp"
#include "support/refused_calls.hpp"

namespace agentslock::testing {
namespace {

/// Starts a process in a group, by default its own, that goes with us in the end. Its work need not end.
pid_t start_in_group(pid_t group, const std::function<void()>& work) {
  const pid_t process = ::fork();
  if (process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, group);
    work();
    ::_exit(0);
  }
  ::setpgid(process, group);  // whoever of the two comes first
  return process;
}
void wait_forever() {
  for (;;)
    ::pause();
}

/// Whether nobody has killed a child of ours. Ends it.
bool was_left(pid_t process) {
  const auto send = [process](int signal) { (void)::syscall(SYS_tgkill, process, process, signal); };
  int status = 0;
  send(SIGSTOP);
  (void)::waitpid(process, &status, WUNTRACED);
  if (!WIFSTOPPED(status)) return false;
  send(SIGKILL);
  (void)::waitpid(process, nullptr, 0);
  return true;
}

TEST(ProcessGroup, OfALeaderWhoseEndSomebodyElseHasTakenIsLeftAlone) {
  EXPECT_EQ(in_child([]() -> std::string {
              const pid_t leader = start_in_group(0, wait_forever);
              const pid_t member = start_in_group(leader, wait_forever);
              {
                process_group group(leader);
                if (group.look() != process_group::state::runs) return "it does not run";
                ::kill(leader, SIGKILL);
                (void)::waitpid(leader, nullptr, 0);
                if (group.look() != process_group::state::unknown) return "its end is known";
              }
              // The number of the group may be another's by now.
              return was_left(member) ? "" : "a process was killed";
            }),
            "");
}

TEST(ProcessGroup, ThatIsAbandonedIsLeftToItself) {
  EXPECT_EQ(in_child([]() -> std::string {
              const pid_t leader = start_in_group(0, wait_forever);
              {
                process_group group(leader);
                group.abandon();
              }
              return was_left(leader) ? "" : "it was killed";
            }),
            "");
}

TEST(ProcessGroup, IsWaitedForHoweverOftenASignalInterrupts) {
  EXPECT_EQ(in_child([]() -> std::string {
              const pid_t leader = start_in_group(0, [] { ::usleep(100'000); });
              process_group group(leader);
              static volatile std::sig_atomic_t interruptions = 0;
              struct sigaction action {};
              action.sa_handler = [](int) { interruptions = interruptions + 1; };  // without SA_RESTART
              ::sigaction(SIGALRM, &action, nullptr);
              const itimerval each{{0, 1000}, {0, 1000}};
              ::setitimer(ITIMER_REAL, &each, nullptr);
              group.wait();
              const itimerval none{};
              ::setitimer(ITIMER_REAL, &none, nullptr);
              if (interruptions == 0) return "nothing interrupted it";
              return ::waitpid(leader, nullptr, WNOHANG) == -1 && errno == ECHILD ? ""
                                                                                  : "it was not waited for";
            }),
            "");
}

class ProcessGroupRefused : public with_refused_calls {};

TEST_F(ProcessGroupRefused, OneThatMayNotBeKilledIsNotWaitedFor) {
  EXPECT_EQ(in_child([]() -> std::string {
              const pid_t leader = start_in_group(0, wait_forever);
              ::alarm(20);  // rather than waiting for ever
              if (auto wrong = refuse({{SYS_kill, EPERM}}); !wrong.empty()) return wrong;
              { const process_group group(leader); }
              return was_left(leader) ? "" : "it was killed";
            }),
            "");
}

TEST(Descriptor, ThatIsAssignedToItselfStaysOpen) {
  const int number = ::dup(STDERR_FILENO);
  ASSERT_GE(number, 0);
  descriptor one(number);
  descriptor& same_one = one;
  one = std::move(same_one);
  EXPECT_EQ(one.number(), number);
  EXPECT_GE(::fcntl(number, F_GETFD), 0);
  one.close();
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
