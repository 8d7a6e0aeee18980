// A document in memory, whose writers do not wait for each other, and whose writes can be cut off.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/document_store.hpp"

namespace agentslock::testing {

/// Where a write is cut off: before it was done, in the middle, or after it was done and before that was said.
enum class cut_at : std::uint8_t { before_commit, in_commit, after_commit };

class memory_document final : public document_store {
 public:
  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] bool takes_turns() const noexcept override { return false; }
  [[nodiscard]] result<stored_document> read() const override;
  [[nodiscard]] result<bool> is_current(document_revision& as_read) const override;
  [[nodiscard]] result<std::unique_ptr<document_turn>> take_turn() const override;

  /// Cuts off the next write. In the middle, it is done or not by turns.
  void cut_off(cut_at where) {
    const std::scoped_lock lock(mutex_);
    cut_ = where;
  }
  /// Puts bytes there, as somebody else would.
  void put(std::string_view bytes) {
    const std::scoped_lock lock(mutex_);
    set(std::string(bytes));
  }
  [[nodiscard]] std::string bytes() const {
    const std::scoped_lock lock(mutex_);
    return bytes_.value_or("");
  }
  [[nodiscard]] std::uint64_t revision() const {
    const std::scoped_lock lock(mutex_);
    return revision_;
  }

 private:
  class turn;
  class numbered;
  result<> write(std::uint64_t as_read, std::string bytes) const;
  void set(std::string bytes) const {
    bytes_ = std::move(bytes);
    ++revision_;
  }

  std::string name_ = "memory:document";
  mutable std::mutex mutex_;
  mutable std::optional<std::string> bytes_;
  mutable std::uint64_t revision_ = 0;
  mutable std::optional<cut_at> cut_;
  mutable bool is_done_in_the_middle_ = false;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
