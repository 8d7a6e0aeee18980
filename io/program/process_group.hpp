// A child process with its group; private to the io layer.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <cstdint>
#include <utility>

#include "descriptor.hpp"

namespace agentslock {

/// Owns a child process that leads a process group. One that has not been waited for when its owner goes is killed with its
/// group.
class process_group {
 public:
  process_group() = default;
  /// Takes a child process of ours over.
  explicit process_group(pid_t leader) noexcept;
  process_group(process_group&& other) noexcept
      : leader_(std::exchange(other.leader_, none)), ending_(std::move(other.ending_)), end_(other.end_) {}
  process_group& operator=(process_group&&) = delete;
  ~process_group();

  /// Can be read from once the leader has ended. None where the system has no such descriptor, or no more of them.
  [[nodiscard]] const descriptor& ending() const noexcept { return ending_; }

  /// What the system says about the leader.
  enum class state : std::uint8_t { runs, has_ended, unknown };
  /// Asks the system. Of a process that has ended it says so until wait().
  [[nodiscard]] state look() noexcept;
  /// How the leader has ended, when look() has said that it has.
  [[nodiscard]] const siginfo_t& end() const noexcept { return end_; }

  /// Sends a signal to all of the group. The leader's number is still its own, as nobody has waited for it.
  /// Result: whether there was a process that may be sent one.
  bool send(int signal) const noexcept;
  /// Waits for the leader's end. After that its number may be given to another.
  void wait() noexcept;
  /// Leaves the group to itself.
  void abandon() noexcept { leader_ = none; }

 private:
  static constexpr pid_t none = -1;
  pid_t leader_ = none;
  descriptor ending_;
  siginfo_t end_{};
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
