// The queue: an advisory lock on a directory at which our processes queue. Private to the io layer.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "agentslock/io/host.hpp"

namespace agentslock {

/// A place in the queue, or the reason why there is none. Leaves when it goes.
class directory_queue {
 public:
  enum class outcome : std::uint8_t {
    entered,
    /// Another holder was in it for the whole time.
    timed_out,
    /// There can't be one: the directory may not be opened, or its file system has no such locks. The sidecar must do
    /// alone.
    unavailable,
    /// It could not be entered for now: a shortage, or an I/O error. Nobody may go on without it then.
    failed,
  };

  directory_queue() = default;
  directory_queue(directory_queue&&) = default;
  directory_queue& operator=(directory_queue&&) = default;

  /// Enters the queue of a directory. Waits at most that long.
  [[nodiscard]] static directory_queue enter(platform on, const std::string& directory,
                                             std::chrono::nanoseconds wait);

  [[nodiscard]] outcome result() const noexcept { return result_; }
  [[nodiscard]] bool entered() const noexcept { return result_ == outcome::entered; }
  /// Why it failed.
  [[nodiscard]] boost::system::error_code cause() const noexcept { return cause_; }
  /// The directory, open. Precondition: entered().
  [[nodiscard]] int descriptor() const noexcept { return file_.descriptor(); }
  /// Which directory; meaningless when it was unavailable.
  [[nodiscard]] file_id directory() const noexcept { return directory_; }
  /// Whether a mark of this queue can be believed: not where another machine may hold it too.
  [[nodiscard]] bool is_local() const noexcept { return local_; }

  /// Lets the next one in. In a forked child the lock stays the parent's: there only the descriptor is closed.
  void leave(platform on, bool is_forked_child) noexcept;

 private:
  outcome result_ = outcome::unavailable;
  boost::system::error_code cause_;
  file_id directory_;
  bool local_ = false;
  open_file file_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
