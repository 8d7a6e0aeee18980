// Starting and running a program where the kernel refuses or lacks a call, and where nothing is left for it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <new>
#include <optional>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "program_fixture.hpp"
#include "start_program.hpp"
#include "support/refused_calls.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

std::size_t open_descriptors() {
  return names_in("/proc/self/fd").size();
}

/// The number that the next descriptor gets, or one that comes after so many others.
int next_descriptor(std::size_t others = 0) {
  std::vector<descriptor> taken(others + 1);
  for (descriptor& one : taken)
    one = descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  return taken.back().number();
}

/// The descriptor from which the next program's output will be read: what wakes us and the input's file come first, and
/// so many others.
call_argument next_output(std::size_t others = 0) {
  return {0, static_cast<std::uint32_t>(next_descriptor(others + 2))};
}

program_call call_with_input(const std::string& command, const std::string& input) {
  program_call call;
  call.command = command;
  call.input = input;
  return call;
}

/// What is wrong when a program is not refused as it should be.
std::string unless_refused(const program_call& call, bool passing, const std::string& what) {
  const std::size_t before = open_descriptors();
  {
    const auto started = start_program(call);
    if (started) return "it was started";
    if (started.error().what != what) return started.error().what;
    if (started.error().passing != passing) return passing ? "it is not tried again" : "it is tried again";
  }
  return open_descriptors() == before ? "" : "descriptors are left open";
}

class ProgramRefused : public with_refused_calls {};
class ProgramAnswered : public with_answered_calls {};

TEST_F(ProgramRefused, ACallThatTheStartNeedsIsSaidAndTriedAgainWhenItMayPass) {
  const std::string memory = "no file in memory for the program's input: ";
  const std::string writing = "could not write the program's input into memory: ";
  const std::string piping = "no pipe for the program's output: ";
  struct row {
    refused_call call;
    bool passing;
    std::string what;
  };
  const row rows[] = {
      {{SYS_memfd_create, ENOMEM}, true, memory + "Cannot allocate memory"},
      {{SYS_memfd_create, ENFILE}, true, memory + "Too many open files in system"},
      {{SYS_memfd_create, EMFILE}, true, memory + "Too many open files"},
      {{SYS_memfd_create, EPERM}, false, memory + "Operation not permitted"},
      {{SYS_pwrite64, ENOSPC}, false, writing + "No space left on device"},
      {{SYS_pwrite64, ENOMEM}, true, writing + "Cannot allocate memory"},
      {{SYS_pipe2, ENFILE}, true, piping + "Too many open files in system"},
      {{SYS_fcntl, EPERM, call_argument{1, F_SETFL}}, false, piping + "Operation not permitted"},
  };
  for (const row& one : rows) {
    EXPECT_EQ(in_child([&]() -> std::string {
                // UndefinedBehaviorSanitizer opens a pipe for each type that it meets first.
                (void)std::generic_category().message(EMFILE);
                if (auto wrong = refuse({one.call}); !wrong.empty()) return wrong;
                return unless_refused(call_with_input("true", "in"), one.passing, one.what);
              }),
              "")
        << one.what;
  }
}

TEST_F(ProgramRefused, AKernelThatKnowsNoSealAgainstExecutionGivesTheInputWithoutIt) {
  EXPECT_EQ(
      in_child([]() -> std::string {
        constexpr std::uint32_t with_seal = MFD_CLOEXEC | 8;
        if (auto wrong = refuse({{SYS_memfd_create, EINVAL, call_argument{1, with_seal}}}); !wrong.empty())
          return wrong;
        if (::memfd_create("sealed", with_seal) >= 0) return "the kernel knows the seal";
        const ran seen = run(call_with_input("cat", "in"));
        return seen.outcome.output == "in" ? "" : seen.outcome.why + seen.outcome.output;
      }),
      "");
}

/// Runs something up to ten times, until it was once so fast that it can't have been the progress which ended the
/// waiting: that is told each second. A busy machine may be slow, but not each time. What is wrong, or nothing.
std::string unless_soon(const std::function<program_outcome()>& run_once, const std::string& why) {
  std::chrono::nanoseconds fastest = 10s;
  for (int i = 0; i < 10 && fastest > 500ms; ++i) {
    const program_outcome outcome = run_once();
    if (outcome.why != why) return outcome.why;
    fastest = std::min(fastest, outcome.took);
  }
  return fastest <= 500ms ? "" : "it was seen late";
}

TEST_F(ProgramRefused, WhereNothingTellsOfAnEndItIsSeenSoon) {
  EXPECT_EQ(in_child([]() -> std::string {
              if (auto wrong = refuse({{SYS_pidfd_open, ENOSYS}}); !wrong.empty()) return wrong;
              // Its streams end before it does, so that they tell nothing of its end.
              const std::string command = "echo why >&2; exec >&- 2>&-; sleep 0.05; exit 1";
              return unless_soon([&] { return run(command).outcome; }, "why");
            }),
            "");
}

TEST_F(ProgramRefused, AStreamThatCantBeReadIsLeftAndTheAnswerStands) {
  EXPECT_EQ(in_child([]() -> std::string {
              if (auto wrong = refuse({{SYS_read, EIO, next_output()}}); !wrong.empty()) return wrong;
              const ran seen = run("trap '' PIPE; echo said; echo why >&2; exit 1", within(20s));
              if (!seen.outcome.output.empty()) return "it was read";
              return seen.outcome.verdict == program_verdict::failed && seen.outcome.why == "why"
                         ? ""
                         : seen.outcome.why;
            }),
            "");
}

TEST_F(ProgramRefused, AStreamThatDoesNotSayWhatItHoldsIsReadNoFurtherAndTheAnswerStands) {
  EXPECT_EQ(in_child([]() -> std::string {
              if (auto wrong = refuse({{SYS_ioctl, ENOTTY, call_argument{1, FIONREAD}}}); !wrong.empty())
                return wrong;
              // The streams are open still when it has ended.
              const ran seen = run("sleep 1000 & exit 1", within(20s));
              return seen.outcome.verdict == program_verdict::failed ? "" : seen.outcome.why;
            }),
            "");
}

TEST_F(ProgramRefused, AStopIsSeenSoonThoughNothingWakesUs) {
  EXPECT_EQ(in_child([]() -> std::string {
              if (auto wrong = refuse({{SYS_eventfd2, EMFILE}}); !wrong.empty()) return wrong;
              program_call call;
              call.command = "echo on; exec sleep 1000";
              const auto stopped = [&] {
                std::stop_source stop;
                program_limits limits;
                limits.stop = stop.get_token();
                std::jthread other;
                return run_program(call, limits, [&](const program_line&) {
                  other = std::jthread([&] { stop.request_stop(); });
                });
              };
              return unless_soon(stopped, "it was ended early, as a stop was asked for");
            }),
            "");
}

/// Refuses poll(2), which is made of ppoll(2) on some machines.
std::string refuse_to_wait() {
#ifdef SYS_poll
  return refuse({{SYS_poll, ENOMEM}, {SYS_ppoll, ENOMEM}});
#else
  return refuse({{SYS_ppoll, ENOMEM}});
#endif
}

TEST_F(ProgramRefused, WhereWaitingIsRefusedTheAnswerComesAllTheSame) {
  EXPECT_EQ(in_child([]() -> std::string {
              if (auto wrong = refuse_to_wait(); !wrong.empty()) return wrong;
              const ran seen = run("echo said; sleep 0.05; echo why >&2; exit 1", within(20s));
              return seen.outcome.why == "why" && seen.outcome.output == "said\n" ? "" : seen.outcome.why;
            }),
            "");
}

/// Answers the first call with "interrupted by a signal".
answered_calls::answer interrupted_once(std::atomic<int>& calls) {
  return [&calls](const seccomp_data&) -> std::optional<int> {
    if (calls++ == 0) return EINTR;
    return std::nullopt;
  };
}

TEST_F(ProgramAnswered, AnInputWhoseWritingIsInterruptedArrivesWhole) {
  EXPECT_EQ(in_child([]() -> std::string {
              std::atomic<int> calls = 0;
              const answered_calls writes(SYS_pwrite64, std::nullopt, interrupted_once(calls));
              if (!writes.wrong().empty()) return writes.wrong();
              const ran seen = run(call_with_input("cat", "in"), within(20s));
              if (seen.outcome.output != "in") return seen.outcome.why + seen.outcome.output;
              return calls == 2 ? "" : "it was written in " + std::to_string(calls) + " calls";
            }),
            "");
}

TEST_F(ProgramAnswered, AnOutputWhoseReadingIsInterruptedArrivesWhole) {
  EXPECT_EQ(in_child([]() -> std::string {
              std::atomic<int> calls = 0;
              constexpr std::size_t to_answer_calls = 1;
              const answered_calls reads(SYS_read, next_output(to_answer_calls), interrupted_once(calls));
              if (!reads.wrong().empty()) return reads.wrong();
              const ran seen = run("echo said; exit 1", within(20s));
              if (seen.outcome.verdict != program_verdict::failed) return seen.outcome.why;
              if (calls < 2) return "nothing was interrupted";
              return seen.outcome.output == "said\n" ? "" : seen.outcome.output;
            }),
            "");
}

/// Has none of the standard streams, and no descriptor past them but the next so many.
std::string leave_past_streams(int count) {
  const int next = next_descriptor();
  for (int number = 0; number <= STDERR_FILENO; ++number)
    ::close(number);
  const auto limit = static_cast<rlim_t>(next + count);
  const rlimit limited{limit, limit};
  return ::setrlimit(RLIMIT_NOFILE, &limited) == 0 ? "" : "no limit";
}

TEST(ProgramStart, WithoutADescriptorPastTheStreamsThatWeLackIsNone) {
  // None for the input's file; one for that, but none for the pipe that its output goes to.
  for (const int left : {0, 1}) {
    EXPECT_EQ(in_child([&]() -> std::string {
                // UndefinedBehaviorSanitizer opens a pipe for each type that it meets first.
                (void)std::generic_category().message(EMFILE);
                if (auto wrong = leave_past_streams(left); !wrong.empty()) return wrong;
                // What lists the open ones would need one itself.
                const auto started = start_program(call_with_input("true", ""));
                if (started) return "it was started";
                if (!started.error().passing) return "it is not tried again";
                const std::string wanted = "no descriptor for the program's streams: Too many open files";
                return started.error().what == wanted && next_descriptor() == 0 ? "" : started.error().what;
              }),
              "")
        << left;
  }
}

TEST(ProgramStart, ThatMemoryIsMissingForIsSaidAsEverywhere) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer ends a process that has no memory left";
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
  GTEST_SKIP() << "a sanitizer ends a process that has no memory left";
#endif
#endif
  const std::string unlimited = "memory can't be limited here";
  const auto wrong = in_child([&]() -> std::string {
    program_call call;
    call.command = "true";
    call.directory.assign(std::size_t{128} << 20U, 'x');
    // What is mapped already, and half of what a copy of the directory's name takes.
    std::ifstream pages_mapped("/proc/self/statm");
    rlim_t limit = 0;
    pages_mapped >> limit;
    limit = limit * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + (rlim_t{64} << 20U);
    const std::size_t before = open_descriptors();
    const rlimit memory{limit, limit};
    if (::setrlimit(RLIMIT_AS, &memory) != 0) return unlimited;
    void* const copy = ::operator new(call.directory.size(), std::nothrow);
    ::operator delete(copy);
    if (copy != nullptr) return unlimited;
    try {
      (void)start_program(call);
      return "it was tried";
    } catch (const std::bad_alloc&) {
      return open_descriptors() == before ? "" : "descriptors are left open";
    }
  });
  if (wrong == unlimited) GTEST_SKIP() << unlimited;
  EXPECT_EQ(wrong, "");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
