#include "blocking_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
#include <thread>

#include "without_signals.hpp"

namespace agentslock {
namespace {

/// What the waiter and its helper share.
struct shared_wait {
  std::mutex mutex;
  std::condition_variable answered;
  /// The helper's errno, 0 when it has the lock.
  std::optional<int> answer;
  /// The waiter has left.
  bool abandoned = false;
};

/// Blocks in the helper thread. The lock belongs to the open file, not to the descriptor: the helper has a
/// descriptor of its own, so that the waiter may close its own at any time.
void block(int own_descriptor, const std::shared_ptr<shared_wait>& shared) {
  int outcome = 0;
  do {
    outcome = ::flock(own_descriptor, LOCK_EX);
  } while (outcome != 0 && errno == EINTR);
  const int answer = outcome == 0 ? 0 : errno;
  {
    const std::scoped_lock lock(shared->mutex);
    if (shared->abandoned && answer == 0) (void)::flock(own_descriptor, LOCK_UN);
    shared->answer = answer;
    (void)::close(own_descriptor);
  }
  shared->answered.notify_one();
}

/// Starts a thread to which no signal is ever delivered.
void start_without_signals(int own_descriptor, const std::shared_ptr<shared_wait>& shared) {
  const without_signals in_the_helper;
  std::thread(block, own_descriptor, shared).detach();
}

/// Starts the helper; nothing when there is no descriptor, no memory or no thread for it.
std::shared_ptr<shared_wait> start_helper(int file) {
  const int own_descriptor = ::fcntl(file, F_DUPFD_CLOEXEC, 0);
  if (own_descriptor < 0) return nullptr;
  try {
    auto shared = std::make_shared<shared_wait>();
    start_without_signals(own_descriptor, shared);
    return shared;
  } catch (const std::system_error&) {  // no thread
    (void)::close(own_descriptor);
    return nullptr;
  } catch (const std::bad_alloc&) {
    (void)::close(own_descriptor);
    return nullptr;
  }
}

/// Tries again and again. Not in the order in which the waiters came, but with nothing that could run short.
sys_result<lock_answer> poll_for_lock(int file, std::chrono::nanoseconds wait) {
  constexpr auto between_tries = std::chrono::milliseconds(10);
  const auto deadline = std::chrono::steady_clock::now() + wait;
  for (;;) {
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return lock_answer::held;
    if (errno != EWOULDBLOCK && errno != EINTR)
      return boost::system::error_code(errno, boost::system::system_category());
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= std::chrono::nanoseconds(0)) return lock_answer::not_held;
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(between_tries, left));
  }
}

}  // namespace

sys_result<lock_answer> wait_for_lock(int file, std::chrono::nanoseconds wait) {
  const auto shared = start_helper(file);
  if (!shared) return poll_for_lock(file, wait);
  std::unique_lock lock(shared->mutex);
  shared->answered.wait_for(lock, wait, [&] { return shared->answer.has_value(); });
  if (!shared->answer) {
    shared->abandoned = true;
    return lock_answer::not_held;
  }
  if (*shared->answer != 0)
    return boost::system::error_code(*shared->answer, boost::system::system_category());
  return lock_answer::held;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
