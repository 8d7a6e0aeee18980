/// A text whose beginning can be looked at while the rest is still being read.
///
///     const arriving_text text(bytes, &arrival);
///     if (at < text.beyond(at)) use(text.whole[at]);
#pragma once

#include <atomic>
#include <cstddef>
#include <string_view>

#include "agentslock/kernel/function_ref.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// How much of a text has arrived. Safe from any thread.
class text_arrival {
 public:
  text_arrival() = default;
  text_arrival(const text_arrival&) = delete;
  text_arrival& operator=(const text_arrival&) = delete;
  virtual ~text_arrival() = default;

  /// How many bytes have arrived: more than `at`, unless no more will come. Until then it waits for them.
  [[nodiscard]] std::size_t beyond(std::size_t at) {
    const std::size_t now = state_.load(std::memory_order_acquire);
    if (bytes_in(now) > at || has_ended(now)) return bytes_in(now);
    bring_beyond(at);
    return bytes_in(state_.load(std::memory_order_acquire));
  }

 protected:
  /// Returns when more than `at` bytes have arrived, or no more will come.
  virtual void bring_beyond(std::size_t at) = 0;

  /// So many bytes have arrived, and more will come. What has arrived ends with a line: then it ends neither in a string
  /// nor in a number, and whoever parses it in pieces sees each whole.
  void reached(std::size_t bytes) noexcept { state_.store(bytes << 1, std::memory_order_release); }
  /// No more will come.
  void ended(std::size_t bytes) noexcept { state_.store(bytes << 1 | 1, std::memory_order_release); }

  [[nodiscard]] std::size_t arrived() const noexcept {
    return bytes_in(state_.load(std::memory_order_acquire));
  }
  [[nodiscard]] bool has_ended() const noexcept { return has_ended(state_.load(std::memory_order_acquire)); }

 private:
  static constexpr std::size_t bytes_in(std::size_t state) noexcept { return state >> 1; }
  static constexpr bool has_ended(std::size_t state) noexcept { return (state & 1) != 0; }

  /// The bytes that have arrived, and in the lowest bit whether no more will come.
  std::atomic<std::size_t> state_{0};
};

/// A text as long as it will be, and how much of it has arrived; all of it when nothing says otherwise.
struct arriving_text {
  arriving_text(std::string_view all, text_arrival* coming = nullptr) noexcept
      : whole(all), arrival(coming) {}

  std::string_view whole;
  text_arrival* arrival;

  /// How much of it may be looked at: more than `at`, unless no more will come. Waits as text_arrival does.
  [[nodiscard]] std::size_t beyond(std::size_t at) const {
    return arrival == nullptr ? whole.size() : arrival->beyond(at);
  }
};

class text_buffer;

/// Is shown a text while it is being read, in its caller's thread, and looks at no more of it than has arrived. What it
/// throws comes out of the read.
using early_reader = function_ref<void(const text_buffer&, text_arrival&)>;

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
