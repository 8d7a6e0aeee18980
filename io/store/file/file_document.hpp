// A document in a file, written under the lock that the Go tool shares; private to the io layer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/atomic_write.hpp"
#include "agentslock/io/document_store.hpp"
#include "agentslock/io/host.hpp"
#include "agentslock/io/sidecar_lock.hpp"

namespace agentslock {

/// Its writers take turns: a turn is the lock. Missing directories are made when there is something to write.
class file_document final : public document_store {
 public:
  file_document(std::string_view path, lock_options lock, durability durable, platform on);

  [[nodiscard]] const std::string& name() const noexcept override { return path_; }
  [[nodiscard]] bool takes_turns() const noexcept override { return true; }
  /// Errors: invalid_argument of what can be no path, here and below.
  [[nodiscard]] result<stored_document> read() const override;
  [[nodiscard]] result<stored_document> read_and_show(early_reader early) const override;
  [[nodiscard]] result<bool> is_current(document_revision& as_read) const override;
  [[nodiscard]] result<std::unique_ptr<document_turn>> take_turn() const override;

 private:
  class turn;
  [[nodiscard]] result<stored_document> read_at(const std::string& path,
                                                std::optional<early_reader> early = std::nullopt) const;

  std::string path_;
  lock_options lock_;
  durability durable_;
  platform on_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
