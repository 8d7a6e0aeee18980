// Documents that are no files: each is known by a key, in a database or a cluster.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/document_store.hpp"

namespace agentslock::cli {

struct listed_document {
  std::string key;
  std::int64_t revision = 0;
  /// Nothing where only reading it would tell.
  std::optional<std::uint64_t> size_bytes;
  /// In UTC; empty where that is not kept.
  std::string changed_at;
};

/// All the documents of one place. Connects when it is first asked; nothing is asked when it is made. Safe from any thread.
/// Errors of all functions: those of document_store::read, and document_missing where init has not been run.
class keyed_documents {
 public:
  keyed_documents() = default;
  keyed_documents(const keyed_documents&) = delete;
  keyed_documents& operator=(const keyed_documents&) = delete;
  virtual ~keyed_documents() = default;

  /// Makes what documents need there, and says what it made: nothing where all was there, or nothing is needed.
  [[nodiscard]] virtual result<std::vector<std::string>> init() const = 0;
  /// Which privileges a role needs to read and to write, for people.
  [[nodiscard]] virtual std::string_view privileges() const noexcept = 0;
  /// The documents whose keys begin so, in byte order; their bytes are not read.
  [[nodiscard]] virtual result<std::vector<listed_document>> list(std::string_view prefix) const = 0;
  /// One of them. Never null; may outlive this.
  [[nodiscard]] virtual std::shared_ptr<const document_store> document(std::string_view key) const = 0;
  /// Puts bytes there, whatever is there and whatever they say. Errors: also outcome_uncertain.
  [[nodiscard]] virtual result<> put(std::string_view key, std::string_view bytes) const = 0;
  /// Takes a document away, and says whether there was one. Errors: as put.
  [[nodiscard]] virtual result<bool> remove(std::string_view key) const = 0;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
