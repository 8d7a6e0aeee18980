#include "callers_connection.hpp"

#include <string>
#include <string_view>

namespace agentslock {
namespace {

std::string_view setting_of(const PGconn* connection, const char* name) {
  const char* const value = PQparameterStatus(connection, name);
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

result<> check_callers_connection(const PGconn* connection) {
  if (PQtransactionStatus(connection) != PQTRANS_INTRANS) {
    return error(
        errc::invalid_argument,
        "the connection is in no transaction, or in one that has failed: begin one, build, then record");
  }
  const std::string_view client = setting_of(connection, "client_encoding");
  if (client == "UTF8") return {};
  // SQL_ASCII converts nothing, on either side; what such a server keeps is then what was sent.
  const std::string_view server = setting_of(connection, "server_encoding");
  if (client == "SQL_ASCII" && (server == "UTF8" || server == client)) return {};
  return error(errc::invalid_argument,
               "the connection's client_encoding is " + std::string(client) +
                   ", in which the server would take names for others: set it to UTF8 before");
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
