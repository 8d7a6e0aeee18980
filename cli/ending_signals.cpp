#include "ending_signals.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>

namespace agentslock::cli {

ending_signals::ending_signals() {
  sigemptyset(&watched_);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction now {};
    if (::sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) sigaddset(&watched_, signal);
  }
  signals_ = ::signalfd(-1, &watched_, SFD_CLOEXEC | SFD_NONBLOCK);
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  // Without them signals end the process as ever, and the programs go on: better than a command that can't be ended.
  if (signals_ < 0 || wake_ < 0) return;
  pthread_sigmask(SIG_BLOCK, &watched_, &as_before_);
  holds_ = true;
  thread_ = std::thread([this] { watch(); });
}

ending_signals::~ending_signals() {
  let_through();
  if (signals_ >= 0) ::close(signals_);
  if (wake_ >= 0) ::close(wake_);
}

void ending_signals::watch() {
  std::array<pollfd, 2> sources{{{signals_, POLLIN, 0}, {wake_, POLLIN, 0}}};
  while (::poll(sources.data(), sources.size(), -1) < 0) {
  }
  if ((sources[0].revents & POLLIN) == 0) return;
  signalfd_siginfo which{};
  if (::read(signals_, &which, sizeof which) != static_cast<ssize_t>(sizeof which)) return;
  caught_ = static_cast<int>(which.ssi_signo);
  stop_.request_stop();
}

void ending_signals::let_through() {
  if (!holds_) return;
  holds_ = false;
  ::eventfd_write(wake_, 1);
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &as_before_, nullptr);
  if (caught_ != 0) ::raise(caught_);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
