// What a PostgreSQL server, or the way to it, refused; private to the PostgreSQL library.
#pragma once

#include <libpq-fe.h>

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <string_view>

namespace agentslock {

enum class postgres_trouble {
  /// The connection string is none. Nothing was tried.
  bad_connection_string,
  /// No connection came about. Nothing was sent.
  not_connected,
  /// The connection ended, or was silent for too long, after something was sent: what was sent may have been done.
  cut_off,
  silent,
  /// The server refused the statement, and goes on.
  refused,
};

/// Nothing in it is from the connection string, neither host nor user nor password: libpq's own texts can hold parts of all
/// of these, and are looked at, but never repeated.
struct postgres_failure {
  postgres_trouble what = postgres_trouble::not_connected;
  /// Of five letters; empty where the server has not given any.
  std::string sqlstate;
  /// Why, as a clause for people: "nobody listens there".
  std::string why;
  /// The nearest error of the system.
  int number = 0;

  [[nodiscard]] boost::system::error_code cause() const noexcept {
    return {number, boost::system::system_category()};
  }
};

template <class T = void>
using postgres_result = boost::system::result<T, postgres_failure>;

[[noreturn]] void throw_exception_from_error(const postgres_failure& why,
                                             const boost::source_location& where);

/// What it means that no connection came about, of which libpq says this.
[[nodiscard]] postgres_failure failed_to_connect(std::string_view said);
/// What it means that a statement failed. `connection` says whether it has gone.
[[nodiscard]] postgres_failure failed_statement(const PGconn* connection, const PGresult* answer);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
