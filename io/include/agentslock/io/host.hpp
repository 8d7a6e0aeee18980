/// Clocks, waiting and identity: what the lock needs of the machine besides files. Tests put another one in its
/// place. Safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "agentslock/io/file_system.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

class host {
 public:
  virtual ~host() = default;

  /// CLOCK_REALTIME: may jump.
  virtual wall_time now() = 0;
  /// CLOCK_BOOTTIME: never jumps, and goes on while the machine sleeps.
  virtual std::chrono::nanoseconds boot_time() = 0;
  virtual void sleep_for(std::chrono::nanoseconds time) = 0;
  virtual int process_id() = 0;
  /// The user whose rights this process has.
  virtual unsigned user_id() = 0;
  /// Which namespace the process's number belongs to; 0 when that can't be found out.
  virtual std::uint64_t pid_namespace() = 0;
  /// Whether a process is this one, or one of those that started it.
  virtual bool is_self_or_ancestor(int process) = 0;
  /// Another one after every boot; empty when it can't be found out.
  virtual std::string boot_id() = 0;
  /// 32 hexadecimal digits that nobody else has.
  virtual std::string random_token() = 0;
  /// The process that holds a file's advisory lock, by the kernel's list of locks; nothing when it is not there, as for
  /// a process of another container, or when its number would mean nothing here.
  virtual std::optional<int> lock_holder(file_id file) = 0;
};

/// The machine's own. Stateless.
[[nodiscard]] host& system_host() noexcept;

/// Where the io layer does its work. A reference to two objects that outlive it.
struct platform {
  file_system& files;
  host& machine;

  [[nodiscard]] static platform system() noexcept { return {posix_file_system(), system_host()}; }
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
