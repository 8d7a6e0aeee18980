// Waiting for a lock on a kernel that refuses it, interrupts the waiter or has no descriptor for the helper.
#include "blocking_lock.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>

#include "support/refused_calls.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

using std::chrono::milliseconds;
constexpr std::chrono::seconds long_enough{20};

constexpr call_argument waiting{1, LOCK_EX};
constexpr call_argument trying{1, LOCK_EX | LOCK_NB};
/// No descriptor for the helper thread, so that the waiter asks again and again.
constexpr refused_call no_copy{SYS_fcntl, EMFILE, call_argument{1, F_DUPFD_CLOEXEC}};

/// A file that is opened twice: by who holds its lock and by who wants it.
class contested_file {
 public:
  contested_file() : path_(directory_.make_file("file", "")) {}

  [[nodiscard]] int open() const { return ::open(path_.c_str(), O_RDONLY | O_CLOEXEC); }
  /// Opens it and takes its lock, unless that is taken.
  [[nodiscard]] bool take() const { return ::flock(open(), LOCK_EX | LOCK_NB) == 0; }

 private:
  temporary_directory directory_;
  std::string path_;
};

/// What is wrong with an answer that should be an error.
std::string unless_error(const sys_result<lock_answer>& answer, int wanted) {
  if (answer) return *answer == lock_answer::held ? "it says that the lock is held" : "it was waited for";
  return answer.error().value() == wanted ? "" : answer.error().message();
}
/// What is wrong with an answer that should be no error.
std::string unless_answer(const sys_result<lock_answer>& answer, lock_answer wanted) {
  if (!answer) return answer.error().message();
  return *answer == wanted ? "" : "the other answer";
}

class BlockingLockRefused : public with_refused_calls {
 protected:
  contested_file file;
};
class BlockingLockAnswered : public with_answered_calls {
 protected:
  contested_file file;
};

TEST_F(BlockingLockRefused, WhatTheHelperIsToldIsTheWaitersAnswer) {
  for (const int error : {ENOLCK, EIO}) {
    EXPECT_EQ(in_child([&]() -> std::string {
                if (auto wrong = refuse({{SYS_flock, error, waiting}}); !wrong.empty()) return wrong;
                return unless_error(wait_for_lock(file.open(), long_enough), error);
              }),
              "")
        << error;
  }
}

TEST_F(BlockingLockRefused, OneThatIsInterruptedAllTheTimeIsNotHeldInTime) {
  EXPECT_EQ(in_child([&]() -> std::string {
              if (auto wrong = refuse({{SYS_flock, EINTR, waiting}}); !wrong.empty()) return wrong;
              return unless_answer(wait_for_lock(file.open(), milliseconds(30)), lock_answer::not_held);
            }),
            "");
}

TEST_F(BlockingLockRefused, OneThatIsFreeIsHeldAtOnceWithoutAHelper) {
  EXPECT_EQ(in_child([&]() -> std::string {
              if (auto wrong = refuse({no_copy, {SYS_flock, EIO, waiting}}); !wrong.empty()) return wrong;
              if (auto wrong = unless_answer(wait_for_lock(file.open(), long_enough), lock_answer::held);
                  !wrong.empty()) {
                return wrong;
              }
              return file.take() ? "it is not held" : "";
            }),
            "");
}

TEST_F(BlockingLockRefused, WithoutAHelperAnErrorIsTheAnswerAndAnInterruptionIsNone) {
  EXPECT_EQ(in_child([&]() -> std::string {
              if (auto wrong = refuse({no_copy, {SYS_flock, ENOLCK, trying}}); !wrong.empty()) return wrong;
              return unless_error(wait_for_lock(file.open(), long_enough), ENOLCK);
            }),
            "");
  EXPECT_EQ(in_child([&]() -> std::string {
              if (auto wrong = refuse({no_copy, {SYS_flock, EINTR, trying}}); !wrong.empty()) return wrong;
              return unless_answer(wait_for_lock(file.open(), milliseconds(30)), lock_answer::not_held);
            }),
            "");
}

TEST_F(BlockingLockRefused, AFileSystemWithoutLocksIsNotWaitedFor) {
  EXPECT_EQ(in_child([&]() -> std::string {
              if (auto wrong = refuse({{SYS_flock, ENOLCK, trying}}); !wrong.empty()) return wrong;
              return unless_error(posix_file_system().lock(file.open(), long_enough), ENOLCK);
            }),
            "");
}

TEST_F(BlockingLockAnswered, AHelperThatIsInterruptedGoesOnWaiting) {
  EXPECT_EQ(in_child([&]() -> std::string {
              std::atomic<int> interruptions = 0;
              const answered_calls locks(SYS_flock, waiting, [&](const auto&) -> std::optional<int> {
                if (interruptions == 3) return std::nullopt;
                ++interruptions;
                return EINTR;
              });
              if (!locks.wrong().empty()) return locks.wrong();
              if (auto wrong = unless_answer(wait_for_lock(file.open(), long_enough), lock_answer::held);
                  !wrong.empty()) {
                return wrong;
              }
              if (interruptions != 3) return "it was not interrupted";
              return file.take() ? "it is not held" : "";
            }),
            "");
}

TEST_F(BlockingLockAnswered, AnErrorThatComesWhenTheWaiterHasLeftIsNobodys) {
  EXPECT_EQ(in_child([&]() -> std::string {
              std::atomic<bool> left = false;
              const answered_calls locks(SYS_flock, waiting, [&](const auto&) {
                left.wait(false);
                return ENOLCK;
              });
              if (!locks.wrong().empty()) return locks.wrong();
              const int wanted = file.open();
              const int next = file.open();
              ::close(next);
              auto wrong = unless_answer(wait_for_lock(wanted, milliseconds(10)), lock_answer::not_held);
              const bool has_copy = ::fcntl(next, F_GETFD) >= 0;
              left = true;
              left.notify_all();
              if (!wrong.empty()) return wrong;
              if (!has_copy) return "the helper has no descriptor of its own";
              for (int i = 0; i < 2000 && ::fcntl(next, F_GETFD) >= 0; ++i)
                std::this_thread::sleep_for(milliseconds(5));
              if (::fcntl(next, F_GETFD) >= 0) return "the helper has kept its descriptor";
              return file.take() ? "" : "the lock is held";
            }),
            "");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
