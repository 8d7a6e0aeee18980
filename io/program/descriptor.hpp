// A descriptor that closes itself; private to the io layer.
#pragma once

#include <unistd.h>

#include <utility>

namespace agentslock {

/// Owns a descriptor of a pipe, of a process or the like: of what no file_system opens.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int number) noexcept : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, none)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = std::exchange(other.number_, none);
    }
    return *this;
  }
  ~descriptor() { close(); }

  /// -1 when there is none, which poll(2) passes over.
  [[nodiscard]] int number() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ != none; }
  void close() noexcept {
    if (number_ != none) (void)::close(std::exchange(number_, none));
  }

 private:
  static constexpr int none = -1;
  int number_ = none;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
