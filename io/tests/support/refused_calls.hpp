// A kernel that refuses system calls, for tests in a child process: a filter can't be taken back, and the programs that
// the process starts have it, too. Threads that ran before do not.
#pragma once

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <future>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "child_process.hpp"

namespace agentslock::testing {

/// An argument of a system call, counted from 0, and the value that it has; only its lower 32 bits are looked at.
struct call_argument {
  unsigned number;
  std::uint32_t value;
};

/// A system call (SYS_...), whatever its arguments or only with one of them, and the errno that it is to answer.
struct refused_call {
  long number;
  int error;
  std::optional<call_argument> only_with{};
};

namespace detail {

/// A filter that returns something for some calls, and lets all others pass.
class call_filter {
 public:
  call_filter() { load_number(); }

  void add(long number, const std::optional<call_argument>& only_with, std::uint32_t result) {
    jump_unless(static_cast<std::uint32_t>(number), only_with ? 4 : 1);
    if (only_with) {
      const std::size_t lower_half = std::endian::native == std::endian::little ? 0 : 4;
      load(offsetof(seccomp_data, args) + sizeof(seccomp_data::args[0]) * only_with->number + lower_half);
      jump_unless(only_with->value, 1);
    }
    lines_.push_back(BPF_STMT(BPF_RET | BPF_K, result));
    if (only_with) load_number();
  }

  /// Puts the filter before this thread's calls, and those of all that it starts. -1 and errno when that can't be done;
  /// else 0 or, with SECCOMP_FILTER_FLAG_NEW_LISTENER, a descriptor.
  [[nodiscard]] long install(unsigned flags) && {
    lines_.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    sock_fprog program{static_cast<unsigned short>(lines_.size()), lines_.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    if (flags == 0) return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  }

 private:
  void load(std::size_t offset) {
    lines_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
  }
  void load_number() { load(offsetof(seccomp_data, nr)); }
  void jump_unless(std::uint32_t value, unsigned char over) {
    lines_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, over));
  }

  std::vector<sock_filter> lines_;
};

}  // namespace detail

/// Lets the kernel refuse calls from now on. What is wrong when it can't be made to; nothing when all is well.
[[nodiscard]] inline std::string refuse(std::initializer_list<refused_call> calls) {
  detail::call_filter filter;
  for (const refused_call& one : calls)
    filter.add(one.number, one.only_with, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(one.error));
  if (std::move(filter).install(0) == 0) return {};
  return std::string("no system calls can be refused here: ") + std::strerror(errno);
}

/// System calls that a function of the test answers, for what a filter can't say: the first time only, or more than an
/// errno. At most one such object in a process. The function is called in a thread of its own, and no more once the
/// object has gone.
class answered_calls {
 public:
  /// An errno; 0 for a success without the call; nothing for the kernel's own answer.
  using answer = std::function<std::optional<int>(const seccomp_data&)>;

  answered_calls(long number, const std::optional<call_argument>& only_with, answer ask)
      : shared_(std::make_shared<shared>(std::move(ask))) {
    std::promise<int> listener;
    // Before the filter, which it therefore does not have.
    std::thread(serve, shared_, listener.get_future()).detach();
    detail::call_filter filter;
    filter.add(number, only_with, SECCOMP_RET_USER_NOTIF);
    const long made = std::move(filter).install(SECCOMP_FILTER_FLAG_NEW_LISTENER);
    if (made < 0) wrong_ = std::string("no system calls can be answered here: ") + std::strerror(errno);
    listener.set_value(static_cast<int>(made));
  }
  answered_calls(const answered_calls&) = delete;
  answered_calls& operator=(const answered_calls&) = delete;
  ~answered_calls() {
    const std::scoped_lock lock(shared_->mutex);
    shared_->ask = nullptr;
  }

  /// Why there are no such calls; nothing when all is well.
  [[nodiscard]] const std::string& wrong() const noexcept { return wrong_; }

 private:
  struct shared {
    explicit shared(answer made) : ask(std::move(made)) {}
    std::mutex mutex;
    answer ask;
  };

  static void serve(const std::shared_ptr<shared>& with, std::future<int> made) {
    const int listener = made.get();
    while (listener >= 0) {
      seccomp_notif call{};
      if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) {
        if (errno == EINTR || errno == ENOENT) continue;  // the caller has gone
        return;
      }
      seccomp_notif_resp answer{call.id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE};
      const std::scoped_lock lock(with->mutex);
      if (const auto told = with->ask ? with->ask(call.data) : std::nullopt) answer = {call.id, 0, -*told, 0};
      (void)::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
  }

  std::shared_ptr<shared> shared_;
  std::string wrong_;
};

/// Tests that need a kernel, or an emulator of one, which can be made to refuse calls; passed over elsewhere.
class with_refused_calls : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto tried = in_child([]() -> std::string {
      if (auto wrong = refuse({{SYS_getppid, EPROTO}}); !wrong.empty()) return wrong;
      return ::syscall(SYS_getppid) == -1 && errno == EPROTO ? "" : "system calls are not refused here";
    });
    if (!tried.empty()) GTEST_SKIP() << tried;
  }
};

/// The same of a kernel that lets a test answer them (Linux 5.5).
class with_answered_calls : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto tried = in_child([]() -> std::string {
      const answered_calls parents(SYS_getppid, std::nullopt, [](const auto&) { return EPROTO; });
      if (!parents.wrong().empty()) return parents.wrong();
      return ::syscall(SYS_getppid) == -1 && errno == EPROTO ? "" : "system calls are not answered here";
    });
    if (!tried.empty()) GTEST_SKIP() << tried;
  }
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
