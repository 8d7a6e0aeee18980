#include "postgres_errors.hpp"

#include <algorithm>
#include <array>

#include "agentslock/io/postgres_documents.hpp"
#include "agentslock/kernel/detail/utf8.hpp"

namespace agentslock {
namespace {

/// What the server refused, by the beginning of its SQLSTATE. The first that applies.
struct known_state {
  std::string_view begins;
  errc code;
  std::string_view told;
};

// clang-format off
constexpr std::array known_states{
    known_state{"42501", errc::access_denied,     "the role lacks a privilege: reading needs USAGE on the schema agentslock and SELECT on agentslock.document, writing INSERT and UPDATE besides"},
    known_state{"25006", errc::access_denied,     "the server, or the role's transactions, only read"},
    known_state{"42P01", errc::document_missing,  "the database has no table agentslock.document: agentslock documents init makes it"},
    known_state{"3F000", errc::document_missing,  "the database has no table agentslock.document: agentslock documents init makes it"},
    known_state{"42703", errc::document_missing,  "the database's table agentslock.document is none of ours"},
    known_state{"55P03", errc::lock_timeout,      "another session holds its row, in a transaction that has not ended"},
    known_state{"53100", errc::no_space,          "the server's disk is full"},
    known_state{"53200", errc::out_of_memory,     "the server's memory ran out"},
    known_state{"54",    errc::too_large,         "it is larger than the server takes"},
    known_state{"22021", errc::invalid_argument,  "the key can't be said in the database's encoding"},
    known_state{"22P05", errc::invalid_argument,  "the key can't be said in the database's encoding"},
};
// clang-format on

}  // namespace

std::string document_name(std::string_view key) {
  return std::string(postgres_document_prefix) + std::string(key);
}

result<> check_key(std::string_view key) {
  if (key.size() > postgres_key_size_bytes_max) {
    return error(errc::name_too_long, "the key of a document in PostgreSQL has " +
                                          std::to_string(key.size()) + " bytes, and may have " +
                                          std::to_string(postgres_key_size_bytes_max));
  }
  if (key.empty() || key.find('\0') != key.npos || !is_utf8(key)) {
    return error(errc::invalid_argument,
                 "the key of a document in PostgreSQL is UTF-8 text without NUL, and not empty");
  }
  return {};
}

error document_error(const postgres_failure& why, std::string_view key) {
  const std::string where = document_name(key) + ": ";
  switch (why.what) {
    case postgres_trouble::bad_connection_string:
      return {errc::invalid_argument, where + why.why, why.cause()};
    case postgres_trouble::not_connected:
      return {errc::store_unreachable, where + "the PostgreSQL server can't be reached: " + why.why,
              why.cause()};
    case postgres_trouble::cut_off:
    case postgres_trouble::silent:
      return {errc::store_unreachable, where + why.why, why.cause()};
    case postgres_trouble::refused:
      break;
  }
  const auto* const known = std::ranges::find_if(
      known_states, [&](const known_state& one) { return why.sqlstate.starts_with(one.begins); });
  if (known == known_states.end()) return {errc::io_failed, where + why.why, why.cause()};
  return {known->code, where + std::string(known->told), why.cause()};
}

error overtaken(std::string_view key) {
  return {errc::conflict, document_name(key) + " was changed by another writer since it was read"};
}

error too_large_for_a_row(std::string_view key, std::size_t size_bytes) {
  return {errc::too_large, document_name(key) + " would have " + std::to_string(size_bytes) +
                               " bytes, and a row of PostgreSQL takes " +
                               std::to_string(postgres_document_size_bytes_max) + "; it was left as it is"};
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
