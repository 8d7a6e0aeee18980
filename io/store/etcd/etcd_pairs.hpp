// A document's key and that of its token, request by request; private to the etcd library.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/etcd_documents.hpp"
#include "etcd_client.hpp"
#include "etcd_errors.hpp"

namespace agentslock {

/// What a pair is known by.
struct etcd_revision {
  /// The cluster's revision when the document was written; 0 when there is none.
  std::int64_t modified = 0;
  /// Of the last write of ours; empty when there was none.
  std::string token;
  /// How often the token was written.
  std::int64_t tokens = 0;
  /// The cluster's revision then.
  std::int64_t token_modified = 0;

  friend bool operator==(const etcd_revision&, const etcd_revision&) = default;
};

class etcd_pairs {
 public:
  using known_by = etcd_revision;
  struct found_row {
    etcd_revision revision;
    /// Empty when there is no document, and when it was only looked at.
    text_buffer content;
    bool exists = false;
  };
  static constexpr std::size_t size_bytes_max = etcd_document_size_bytes_max;

  etcd_pairs(const etcd_access& access, const etcd_documents_options& options)
      : client_(access), wait_(options.wait) {}

  [[nodiscard]] static std::string name_of(std::string_view key) { return etcd_errors::name_of(key); }
  [[nodiscard]] static result<> check_key(std::string_view key) { return etcd_errors::check_key(key); }
  [[nodiscard]] static error too_large(std::string_view key, std::size_t size_bytes) {
    return etcd_errors::too_large(key, size_bytes);
  }
  [[nodiscard]] static bool is_of_a_caller() noexcept { return false; }

  [[nodiscard]] result<found_row> read(std::string_view key);
  [[nodiscard]] result<found_row> read_revision(std::string_view key);
  /// Puts the content there, or nothing, and a token with it, if the pair is still the one that was read.
  /// Errors: conflict; outcome_uncertain.
  [[nodiscard]] result<> swap(std::string_view key, const etcd_revision& as_read,
                              std::optional<std::string_view> content);
  [[nodiscard]] result<std::vector<etcd_documents::listed>> list(std::string_view prefix);

 private:
  struct change;
  enum class settled { written, not_written, uncertain };
  using time_point = etcd_client::clock::time_point;

  [[nodiscard]] etcd_result<found_row> find(std::string_view key, bool with_content, time_point deadline);
  /// Whether it was swapped.
  [[nodiscard]] etcd_result<bool> run(const change& one, time_point deadline);
  [[nodiscard]] settled settle(const change& one);
  /// The outcome of a swap that was answered by no_space.
  [[nodiscard]] result<> settle_at_quota(const change& one, const etcd_failure& why);
  [[nodiscard]] settled look_back(const change& one, etcd_revision now, time_point deadline);

  etcd_client client_;
  std::chrono::milliseconds wait_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
