// A large file that two threads read, whichever wants its next piece first; private to the io layer.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "agentslock/io/detail/text_arrival.hpp"
#include "agentslock/io/host.hpp"

namespace agentslock {

/// The reading of one open file. The caller's thread looks at what has arrived and reads a piece when it lacks one; a
/// thread of ours reads ahead meanwhile. So nobody waits for a thread that the machine has not got to yet: at most for
/// the piece that one of them is reading.
class shared_reading final : public text_arrival {
 public:
  /// Begins to read `file`, which stays open until finish or stop returns, into `capacity` bytes, of which the last one belongs to no
  /// text: it is there to see that the file has grown. Where no thread is to be had, only the caller reads.
  [[nodiscard]] static std::shared_ptr<shared_reading> begin(platform on, int file,
                                                             std::shared_ptr<char[]> into,
                                                             std::size_t capacity);

  shared_reading(platform on, int file, std::shared_ptr<char[]> into, std::size_t capacity) noexcept;

  /// Reads what is left. Returns the bytes read, up to the end of the file or of the buffer; nobody reads afterwards.
  [[nodiscard]] sys_result<std::size_t> finish();
  /// Nobody reads afterwards. Waits for the piece that is being read.
  void stop();

 private:
  class turn;

  void bring_beyond(std::size_t at) override;
  void read_ahead();
  /// Reads a piece, or waits until the other one has read its own. Preconditions of this and of the next two: the lock is
  /// held, and the reading has not ended.
  void read_or_wait(std::unique_lock<std::mutex>& lock);
  void came(std::span<const char> piece, const sys_result<std::size_t>& got);
  void end();

  platform on_;
  int file_;
  std::shared_ptr<char[]> into_;
  std::size_t capacity_;
  /// Protects what follows, and is not held while one reads: then only that one touches `size_` and what it reads into.
  std::mutex mutex_;
  std::condition_variable piece_ended_;
  bool is_read_ = false;
  std::size_t size_ = 0;
  std::optional<boost::system::error_code> failed_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
