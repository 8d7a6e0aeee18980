// Signals that end the command, while it runs programs: those are ended first.
#pragma once

#include <signal.h>

#include <atomic>
#include <stop_token>
#include <thread>

namespace agentslock::cli {

/// While an object lives, SIGINT, SIGTERM and SIGHUP ask for a stop instead of ending the process; those that are ignored stay
/// so. One thread waits for them.
/// Precondition: no other thread of the process runs, and no other object lives.
class ending_signals {
 public:
  ending_signals();
  ending_signals(const ending_signals&) = delete;
  ending_signals& operator=(const ending_signals&) = delete;
  ~ending_signals();

  [[nodiscard]] std::stop_token token() const noexcept { return stop_.get_token(); }
  /// Signals count again as before. One that came meanwhile ends the process now, as if it came now.
  void let_through();

 private:
  void watch();

  std::stop_source stop_;
  sigset_t watched_{};
  sigset_t as_before_{};
  int signals_ = -1;
  int wake_ = -1;
  std::atomic<int> caught_{0};
  std::thread thread_;
  bool holds_ = false;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
