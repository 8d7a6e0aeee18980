// Servers that a test starts, each a process of its own.
#pragma once

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

#include "child_process.hpp"

namespace agentslock::testing {

/// Begins a program, the first of the words, as a user who is not root. What it says goes to a file. It gets the signal when the
/// thread that has begun it ends, however that comes about.
[[nodiscard]] inline pid_t begin_server(std::vector<std::string> words, const std::string& log,
                                        int signal_when_we_end) {
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process for " + words.front());
  if (child > 0) return child;
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const bool is_ready = null >= 0 && file >= 0 && ::dup2(null, STDIN_FILENO) >= 0 &&
                        ::dup2(file, STDOUT_FILENO) >= 0 && ::dup2(file, STDERR_FILENO) >= 0 &&
                        // After the user has changed, which would undo it.
                        become_nobody().empty() && ::prctl(PR_SET_PDEATHSIG, signal_when_we_end) == 0 &&
                        ::getppid() == parent && ::chdir("/") == 0;
  if (is_ready) ::execv(arguments.front(), arguments.data());
  ::_exit(127);
}

/// Waits for the end of a program. Its status.
inline int wait_for_server(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
