// The names of one object's members; private to the io layer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace agentslock {

/// Names in the order in which they came, each once, and where each stands. The names are borrowed.
/// Whatever the names are, adding n of them takes time linear in their bytes: the document's author chooses them, and must
/// not choose how long we work. A few are simply looked through.
class name_index {
 public:
  /// Whether the name is new, and so was added.
  bool add(std::string_view name);
  /// The number of a name, counted from 0 in the order of adding.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }
  /// Constant time, however many there were.
  void clear() noexcept {
    names_.clear();
    slots_.clear();
  }

 private:
  static constexpr std::size_t few = 8;
  static constexpr std::uint32_t free_slot = 0;

  struct hashed_name {
    std::uint64_t hash;
    std::string_view name;
  };

  /// The slot that holds a name's number, plus one, or is free for it.
  [[nodiscard]] std::size_t slot_of(const hashed_name& wanted) const noexcept;
  void make_slots();

  std::vector<hashed_name> names_;
  /// Twice as many as names or more, a power of two; none while there are few names.
  std::vector<std::uint32_t> slots_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
