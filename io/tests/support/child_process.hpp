// Work in another process: as a user who owns nothing, or beside the test.
#pragma once

#include <fcntl.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

/// Of Clang's profiling, where a build has it: writes what has been gone through. _exit does not.
extern "C" __attribute__((weak)) int __llvm_profile_write_file();

namespace agentslock::testing {

inline constexpr uid_t nobody = 65534;

/// Becomes a user who owns nothing. A test that is not run by root is such a user already.
[[nodiscard]] inline std::string become_nobody() {
  if (::geteuid() != 0) return {};
  if (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0) {
    return std::string("could not become another user: ") + std::strerror(errno);
  }
  return {};
}

/// Whether this process may read a file, and whether it may make files in a directory.
[[nodiscard]] inline bool may_read(const std::string& path) {
  return ::access(path.c_str(), R_OK) == 0;
}
[[nodiscard]] inline bool may_write_in(const std::string& directory) {
  return ::access(directory.c_str(), W_OK) == 0;
}

/// A process beside the test. Its work returns what is wrong, or nothing; meanwhile the two can tell each other that
/// something has happened.
class child_process {
 public:
  /// What the child has of its parent.
  class parent {
   public:
    parent(int from, int to) : from_(from), to_(to) {}
    /// Tells the test to go on.
    void tell() const { (void)!::write(to_, "x", 1); }
    /// Waits until the test says so, or has gone.
    void wait() const {
      char byte;
      while (::read(from_, &byte, 1) < 0 && errno == EINTR) {
      }
    }

   private:
    int from_;
    int to_;
  };
  using work = std::function<std::string(const parent&)>;

  explicit child_process(const work& run) {
    int down[2];
    int up[2];
    int report[2];
    if (::pipe2(down, O_CLOEXEC) != 0 || ::pipe2(up, O_CLOEXEC) != 0 || ::pipe2(report, O_CLOEXEC) != 0) {
      throw std::runtime_error("no pipes");
    }
    process_ = ::fork();
    if (process_ < 0) throw std::runtime_error("no child process");
    if (process_ == 0) {
      ::close(down[1]), ::close(up[0]), ::close(report[0]);
      std::string wrong;
      try {
        wrong = run(parent(down[0], up[1]));
      } catch (const std::exception& why) {
        wrong = std::string("the child threw: ") + why.what();
      }
      (void)!::write(report[1], wrong.data(), wrong.size());
      if (__llvm_profile_write_file != nullptr) (void)__llvm_profile_write_file();
      ::_exit(wrong.empty() ? 0 : 1);  // no destructors: what lies on the disk is the parent's
    }
    ::close(down[0]), ::close(up[1]), ::close(report[1]);
    down_ = down[1], up_ = up[0], report_ = report[0];
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process() {
    if (process_ > 0) kill();
    ::close(down_), ::close(up_), ::close(report_);
  }

  /// Waits until the child tells, or has ended. Whether it told.
  [[nodiscard]] bool wait() const {
    char byte;
    ssize_t got;
    while ((got = ::read(up_, &byte, 1)) < 0 && errno == EINTR) {
    }
    return got == 1;
  }
  /// Tells the child to go on.
  void tell() const { (void)!::write(down_, "x", 1); }

  [[nodiscard]] pid_t process_id() const noexcept { return process_; }

  /// Stops the child, as SIGSTOP does, and waits until it stands; lets it go on again.
  void stop() const {
    ::kill(process_, SIGSTOP);
    int status = 0;
    while (::waitpid(process_, &status, WUNTRACED) < 0 && errno == EINTR) {
    }
  }
  void go_on() const { ::kill(process_, SIGCONT); }

  /// Ends the child without a warning, as kill -9 does.
  void kill() {
    ::kill(process_, SIGKILL);
    reap();
  }

  /// Waits for the child's end. What it says is wrong; nothing when all is well.
  [[nodiscard]] std::string result() {
    std::string wrong;
    char some[4096];
    for (;;) {
      const ssize_t got = ::read(report_, some, sizeof some);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      wrong.append(some, static_cast<std::size_t>(got));
    }
    const int status = reap();
    if (wrong.empty() && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
      wrong = WIFSIGNALED(status) ? "the child was ended by signal " + std::to_string(WTERMSIG(status))
                                  : "the child ended with " + std::to_string(WEXITSTATUS(status));
    }
    return wrong;
  }

 private:
  int reap() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return status;
  }

  pid_t process_ = -1;
  int down_ = -1;
  int up_ = -1;
  int report_ = -1;
};

/// Runs work in a child process and returns what it says is wrong.
[[nodiscard]] inline std::string in_child(const std::function<std::string()>& run) {
  return child_process([&](const child_process::parent&) { return run(); }).result();
}

/// The same as a user who owns nothing.
[[nodiscard]] inline std::string as_nobody(const std::function<std::string()>& run) {
  return in_child([&] {
    if (auto failed = become_nobody(); !failed.empty()) return failed;
    return run();
  });
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
