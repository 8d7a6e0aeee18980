// Bytes that become choices. One choice takes one byte, so that an engine that changes a byte changes one choice; when
// the bytes are used up, every choice is the first.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace agentslock::fuzz {

class byte_reader {
 public:
  explicit byte_reader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool is_empty() const noexcept { return rest_.empty(); }

  std::size_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  /// From 0 up to, not including, the bound.
  std::size_t below(std::size_t bound) { return byte() % bound; }
  /// True for one byte in so many, and never when they are used up.
  bool rarely(std::size_t one_in) { return below(one_in) == one_in - 1; }

  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

  /// So many bytes as they are; fewer at the end.
  std::string text(std::size_t size) {
    const std::string taken(rest_.substr(0, size));
    rest_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view rest_;
};

}  // namespace agentslock::fuzz
// SPDX-License-Identifier: Apache-2.0
