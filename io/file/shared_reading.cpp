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

constexpr std::size_t piece_bytes = std::size_t{1} << 18;

}  // namespace

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
  for (;;) {
    const std::scoped_lock one_reads(one_reads_);
    if (has_ended()) return;
    read_piece();
  }
}

void shared_reading::bring_beyond(std::size_t at) {
  while (arrived() <= at && !has_ended()) {
    const std::scoped_lock one_reads(one_reads_);
    if (arrived() <= at && !has_ended()) read_piece();
  }
}

sys_result<std::size_t> shared_reading::finish() {
  const std::scoped_lock one_reads(one_reads_);
  while (!has_ended())
    read_piece();
  if (failed_) return *failed_;
  return size_;
}

void shared_reading::stop() {
  const std::scoped_lock one_reads(one_reads_);
  if (!has_ended()) end();
}

void shared_reading::read_piece() {
  const std::span<char> piece(into_.get() + size_, std::min(piece_bytes, capacity_ - size_));
  const auto got = read_when_possible(on_, file_, piece);
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
