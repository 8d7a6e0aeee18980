#include "etcd_errors.hpp"

#include "agentslock/io/etcd_documents.hpp"
#include "agentslock/kernel/detail/utf8.hpp"

namespace agentslock::etcd_errors {

std::string name_of(std::string_view key) {
  return std::string(etcd_document_prefix) + std::string(key);
}

result<> check_key(std::string_view key) {
  if (key.size() > etcd_key_size_bytes_max) {
    return error(errc::name_too_long, "the key of a document in etcd has " + std::to_string(key.size()) +
                                          " bytes, and may have " + std::to_string(etcd_key_size_bytes_max));
  }
  if (key.empty() || key.find('\0') != key.npos || !is_utf8(key)) {
    return error(errc::invalid_argument,
                 "the key of a document in etcd is UTF-8 text without NUL, and not empty");
  }
  return {};
}

error of(const etcd_failure& why, std::string_view key) {
  const std::string where = name_of(key) + ": ";
  if (why.what == etcd_trouble::bad_access) return {why.code, where + why.why, why.cause()};
  if (why.code == errc::store_unreachable)
    return {why.code, where + "the etcd cluster can't be asked: " + why.why, why.cause()};
  return {why.code, where + why.why, why.cause()};
}

error overtaken(std::string_view key) {
  return {errc::conflict, name_of(key) + " was changed by another writer since it was read"};
}

error too_large(std::string_view key, std::size_t size_bytes) {
  return {errc::too_large, name_of(key) + " would have " + std::to_string(size_bytes) +
                               " bytes, and a document in etcd may have " +
                               std::to_string(etcd_document_size_bytes_max) + "; it was left as it is"};
}

error too_large_a_request(std::string_view key, std::size_t size_bytes) {
  return {errc::too_large,
          name_of(key) + " would have " + std::to_string(size_bytes) +
              " bytes, which is more than the cluster takes as one request: " +
              std::to_string(etcd_request_size_bytes_usual) +
              " with the key, where its members' --max-request-bytes does not say otherwise; it was "
              "left as it is"};
}

error uncertain(const etcd_failure& why, std::string_view key) {
  return {errc::outcome_uncertain,
          name_of(key) + ": " + why.why +
              "; that was while it was written, and whether it was can't be found out: read it again",
          why.cause()};
}

}  // namespace agentslock::etcd_errors
// SPDX-License-Identifier: Apache-2.0
