// The table agentslock.document, statement by statement; private to the PostgreSQL library.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/postgres_documents.hpp"
#include "postgres_errors.hpp"
#include "postgres_sessions.hpp"

namespace agentslock {

/// What a row is known by. Where there never was a row, the number is 0 and the token is empty.
struct row_revision {
  std::int64_t number = 0;
  std::string token;

  friend bool operator==(const row_revision&, const row_revision&) = default;
};

/// A row as it was read.
struct document_row {
  row_revision revision;
  /// Empty when there is no document, and when it was only looked at.
  text_buffer content;
  bool exists = false;
};

class postgres_table {
 public:
  using known_by = row_revision;
  using found_row = document_row;
  static constexpr std::size_t size_bytes_max = postgres_document_size_bytes_max;
  [[nodiscard]] static std::string name_of(std::string_view key) { return document_name(key); }
  [[nodiscard]] static result<> check_key(std::string_view key) { return agentslock::check_key(key); }
  [[nodiscard]] static error too_large(std::string_view key, std::size_t size_bytes) {
    return too_large_for_a_row(key, size_bytes);
  }

  postgres_table(std::string connection_string, const postgres_documents_options& options)
      : sessions_(std::move(connection_string), options.limits), wait_(options.wait) {}
  postgres_table(PGconn* connection, const postgres_documents_options& options)
      : sessions_(connection, options.limits), wait_(options.wait) {}

  [[nodiscard]] bool is_of_a_caller() const noexcept { return sessions_.is_of_a_caller(); }

  [[nodiscard]] result<postgres_documents::initialised> init();
  [[nodiscard]] result<std::vector<postgres_documents::listed>> list(std::string_view prefix);
  [[nodiscard]] result<document_row> read(std::string_view key);
  /// The same without the content.
  [[nodiscard]] result<document_row> read_revision(std::string_view key);
  /// Puts the content there, or nothing, and the next revision with it, if the row is still the one that was read.
  /// Errors: conflict; outcome_uncertain.
  [[nodiscard]] result<> swap(std::string_view key, const row_revision& as_read,
                              std::optional<std::string_view> content);

 private:
  struct change;
  enum class settled { written, not_written, uncertain };

  [[nodiscard]] postgres_result<bool> run(const change& one);
  [[nodiscard]] settled settle(const change& one);
  [[nodiscard]] result<> make(const char* statement, bool& was_made);

  postgres_sessions sessions_;
  std::chrono::milliseconds wait_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
