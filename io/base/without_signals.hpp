// Threads of ours that no signal is delivered to; private to the io layer.
#pragma once

#include <pthread.h>

#include <csignal>

namespace agentslock {

/// Threads that are started while this lives never get a signal: those are the program's. For one thread's scope.
class without_signals {
 public:
  without_signals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  without_signals(const without_signals&) = delete;
  without_signals& operator=(const without_signals&) = delete;
  ~without_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
