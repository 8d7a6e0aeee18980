#include "process_group.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace agentslock {
namespace {

/// Of a child process that has ended or, unless `options` say otherwise, ends. 0, or -1 as waitid.
int wait_for(pid_t process, siginfo_t& end, int options) noexcept {
  for (;;) {
    end = {};
    const int answer = ::waitid(P_PID, static_cast<id_t>(process), &end, options);
    if (answer == 0 || errno != EINTR) return answer;
  }
}

}  // namespace

process_group::process_group(pid_t leader) noexcept
    : leader_(leader), ending_(static_cast<int>(::syscall(SYS_pidfd_open, leader, 0))) {}

process_group::~process_group() {
  if (leader_ != none && look() != state::unknown && send(SIGKILL)) wait();
}

process_group::state process_group::look() noexcept {
  if (wait_for(leader_, end_, WEXITED | WNOHANG | WNOWAIT) != 0) return state::unknown;
  return end_.si_pid == 0 ? state::runs : state::has_ended;
}

bool process_group::send(int signal) const noexcept {
  return ::kill(-leader_, signal) == 0;
}

void process_group::wait() noexcept {
  siginfo_t ignored;
  (void)wait_for(leader_, ignored, WEXITED);
  leader_ = none;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
