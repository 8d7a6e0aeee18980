/// Bytes that are read once and then shared, never changed and never copied.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#pragma GCC visibility push(default)
namespace agentslock {

/// An immutable text with shared ownership: a copy of this value is the same text.
/// Safe to read from any thread.
class text_buffer {
 public:
  text_buffer() = default;
  explicit text_buffer(std::string_view text);
  /// Takes the first `size` bytes of an array that has been filled.
  text_buffer(std::shared_ptr<const char[]> bytes, std::size_t size) noexcept
      : bytes_(std::move(bytes)), size_(size) {}
  text_buffer(const text_buffer&) = default;
  text_buffer& operator=(const text_buffer&) = default;
  /// What was moved from is empty.
  text_buffer(text_buffer&& other) noexcept
      : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}
  text_buffer& operator=(text_buffer&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  ~text_buffer() = default;

  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }
  /// Keeps the text alive for whoever borrows from it.
  [[nodiscard]] std::shared_ptr<const void> owner() const noexcept { return bytes_; }

 private:
  std::shared_ptr<const char[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
