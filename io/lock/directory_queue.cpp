#include "directory_queue.hpp"

#include <cerrno>
#include <chrono>

#include "system_call.hpp"

namespace agentslock {
namespace {

/// Whether a directory that can't be opened never can be by us; anything else may be a shortage.
bool means_not_to_be_opened(boost::system::error_code cause) {
  return is(cause, EACCES) || is(cause, EPERM) || is(cause, EOPNOTSUPP) || is(cause, ENOSYS);
}

/// Whether there are no advisory locks for a directory: the file system has none, or the process may not take any. EBADF: one that makes them of other locks, which only
/// what is open for writing can have. ENOLCK is what a network file system says without a lock server, and a local one
/// when it runs out of memory.
bool means_no_locks(boost::system::error_code cause, bool remote) {
  return is(cause, EOPNOTSUPP) || is(cause, ENOSYS) || is(cause, EINVAL) || is(cause, EBADF) ||
         is(cause, EACCES) || is(cause, EPERM) || (remote && is(cause, ENOLCK));
}

}  // namespace

directory_queue directory_queue::enter(platform on, const std::string& directory,
                                       std::chrono::nanoseconds wait) {
  directory_queue queue;
  const auto fail = [&](boost::system::error_code cause) {
    queue.result_ = outcome::failed;
    queue.cause_ = cause;
    return std::move(queue);
  };
  auto file = open_at(on.files, directory, open_how::directory);
  if (!file) return means_not_to_be_opened(file.error()) ? std::move(queue) : fail(file.error());
  const auto status = on.files.status_of(file->descriptor());
  if (!status) return fail(status.error());
  queue.directory_ = status->id;
  const auto locked = uninterrupted([&] { return on.files.lock(file->descriptor(), wait); });
  if (!locked || *locked == lock_answer::held) {
    // Where it is not known where the directory is, its queue is held all the same, but nothing is marked with it.
    const auto place = on.files.place_of(file->descriptor());
    queue.local_ = place && *place == file_place::local;
  }
  if (!locked) {
    return means_no_locks(locked.error(), !queue.local_) ? std::move(queue) : fail(locked.error());
  }
  if (*locked == lock_answer::not_held) {
    queue.result_ = outcome::timed_out;
    return queue;
  }
  queue.result_ = outcome::entered;
  queue.file_ = std::move(*file);
  return queue;
}

void directory_queue::leave(platform on, bool is_forked_child) noexcept {
  if (!file_) return;
  if (!is_forked_child) (void)on.files.unlock(file_.descriptor());
  file_.close();
  result_ = outcome::unavailable;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
