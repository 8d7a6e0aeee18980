// Which members of one object have been met; private to the io layer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "adapters_schema.hpp"
#include "agentslock/io/error.hpp"
#include "name_index.hpp"

namespace agentslock {

/// Meets the members of an object, in their order: each name stands once, and none is one of ours in other letter case.
/// Used for one object after the other, it keeps its memory.
class member_tracker {
 public:
  static constexpr std::size_t not_ours = SIZE_MAX;

  struct fault {
    errc code;
    /// What is said of the member, to follow its name or pointer.
    std::string what;
  };

  /// Begins an object with these members.
  void begin(object_schema schema) noexcept {
    schema_ = schema;
    current_ = not_ours;
    seen_ = 0;
    unknown_.clear();
    if (!unescaped_.empty()) unescaped_.clear();
  }

  /// Meets a member. `lives` says that the name outlives the object; else it is copied.
  /// Linear in all the names of an object together.
  [[nodiscard]] std::optional<fault> meet(std::string_view name, bool lives) {
    const auto number = find_member(schema_, name, current_);
    current_ = number.value_or(not_ours);
    if (!number) return meet_unknown(name, lives);
    if ((seen_ >> *number & 1U) != 0) return stands_twice();
    seen_ |= 1U << *number;
    return std::nullopt;
  }

  /// Meets the member that follows in the schema, as it mostly does, without a look at the others. False when it is another one, or
  /// was met before: then nothing has happened, and meet() tells.
  [[nodiscard]] bool meet_next(std::string_view name) noexcept {
    const std::size_t next = current_ + 1;  // behind not_ours: the first
    if (next >= schema_.size() || schema_[next].name != name || (seen_ >> next & 1U) != 0) return false;
    current_ = next;
    seen_ |= 1U << next;
    return true;
  }

  /// The number in the schema of the member that was met last; not_ours when it is none of them.
  [[nodiscard]] std::size_t current() const noexcept { return current_; }
  [[nodiscard]] bool is_ours() const noexcept { return current_ != not_ours; }
  [[nodiscard]] std::string_view current_name() const noexcept { return schema_[current_].name; }

  [[nodiscard]] static fault stands_twice() { return {errc::repeated_name, " stands twice"}; }

 private:
  [[nodiscard]] std::optional<fault> meet_unknown(std::string_view name, bool lives);

  object_schema schema_;
  std::size_t current_ = not_ours;
  unsigned seen_ = 0;
  name_index unknown_;
  /// Names that do not live.
  std::deque<std::string> unescaped_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
