#include "shared_reading.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "not_now.hpp"
#include "system_call.hpp"
#include "without_signals.hpp"

namespace agentslock {
namespace {

/// The first piece is small, so that parsing begins at once. The next are half of what has been read before them: one parses half as
/// fast as one reads, so that each has come before the parser lacks it.
constexpr std::size_t piece_bytes_min = std::size_t{1} << 14;
constexpr std::size_t piece_bytes_max = std::size_t{1} << 18;

/// Makes the system give pages for these bytes now, and not in the midst of a read, which holds up a thread that asks for memory at
/// the same time: that of the parser.
void touch(std::span<char> bytes) noexcept {
  constexpr std::size_t page_bytes = 4096;
  for (std::size_t at = 0; at < bytes.size(); at += page_bytes)
    static_cast<volatile char&>(bytes[at]) = 0;
}

}  // namespace

/// While it lives, its thread reads and the lock is not held.
class shared_reading::turn {
 public:
  turn(shared_reading& of, std::unique_lock<std::mutex>& lock) : of_(of), lock_(lock) {
    of_.is_read_ = true;
    lock_.unlock();
  }
  ~turn() {
    lock_.lock();
    of_.is_read_ = false;
    of_.piece_ended_.notify_all();
  }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;

 private:
  shared_reading& of_;
  std::unique_lock<std::mutex>& lock_;
};

shared_reading::shared_reading(platform on, int file, std::shared_ptr<char[]> into,
                               std::size_t capacity) noexcept
    : on_(on), file_(file), into_(std::move(into)), capacity_(capacity) {}

std::shared_ptr<shared_reading> shared_reading::begin(platform on, int file, std::shared_ptr<char[]> into,
                                                      std::size_t capacity) {
  auto reading = std::make_shared<shared_reading>(on, file, std::move(into), capacity);
  try {
    const without_signals in_the_other;
    // Nobody waits for its end: when it comes too late, it finds that the reading has ended, and touches nothing else.
    std::thread([reading] { reading->read_ahead(); }).detach();
  } catch (const std::system_error&) {  // no thread
  }
  return reading;
}

void shared_reading::read_ahead() {
  std::unique_lock lock(mutex_);
  while (!has_ended())
    read_or_wait(lock);
}

void shared_reading::bring_beyond(std::size_t at) {
  std::unique_lock lock(mutex_);
  while (arrived() <= at && !has_ended())
    read_or_wait(lock);
}

sys_result<std::size_t> shared_reading::finish() {
  read_ahead();
  if (failed_) return *failed_;
  return size_;
}

void shared_reading::stop() {
  std::unique_lock lock(mutex_);
  while (is_read_)
    piece_ended_.wait(lock);
  if (!has_ended()) end();
}

void shared_reading::read_or_wait(std::unique_lock<std::mutex>& lock) {
  if (is_read_) {
    piece_ended_.wait(lock);
    return;
  }
  const std::size_t bytes = std::clamp(size_ / 2, piece_bytes_min, piece_bytes_max);
  const std::span<char> piece(into_.get() + size_, std::min(bytes, capacity_ - size_));
  came(piece, [&] {
    const turn mine(*this, lock);
    touch(piece);
    return read_when_possible(on_, file_, piece);
  }());
}

void shared_reading::came(std::span<const char> piece, const sys_result<std::size_t>& got) {
  if (!got) {
    failed_ = got.error();
    end();
    return;
  }
  const std::size_t begin = std::exchange(size_, size_ + *got);
  if (*got < piece.size() || size_ == capacity_) {
    end();
    return;
  }
  const std::string_view text(piece.data(), *got);
  if (const auto line_end = text.rfind('\n'); line_end != std::string_view::npos)
    reached(begin + line_end + 1);
}

void shared_reading::end() {
  ended(failed_ ? arrived() : std::min(size_, capacity_ - 1));
  into_.reset();
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
