// Waiting for an advisory lock for a bounded time; private to the io layer.
#pragma once

#include <chrono>

#include "agentslock/io/file_system.hpp"

namespace agentslock {

/// Waits for flock(file, LOCK_EX) at most that long. The kernel has no such call and signals belong to the
/// program that we are part of, so a helper thread blocks in its place. When it gets the lock too late, it lets
/// it go at once. Where no thread can be started, and where memory or descriptors are short, the waiter tries again every
/// 10 ms instead.
[[nodiscard]] sys_result<lock_answer> wait_for_lock(int file, std::chrono::nanoseconds wait);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
