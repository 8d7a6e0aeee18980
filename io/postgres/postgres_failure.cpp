#include "postgres_failure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

namespace agentslock {
namespace {

/// What libpq, or the server by it, says when there is no connection, and how that is told. The first that applies.
struct known_reason {
  std::string_view said;
  std::string_view told;
  int number;
};

// clang-format off
constexpr std::array known_reasons{
    known_reason{"timeout expired",                     "it did not answer in time",                                              ETIMEDOUT},
    known_reason{"password authentication failed",      "the password or the user is wrong",                                      EACCES},
    known_reason{"no password supplied",                "it asks for a password, and none is given; PGPASSFILE names a file of them", EACCES},
    known_reason{"pg_hba.conf rejects",                 "it does not let this user in",                                           EACCES},
    known_reason{"no pg_hba.conf entry",                "it does not let this user in from here",                                 EACCES},
    known_reason{"Peer authentication failed",          "it does not let this user in by another name",                           EACCES},
    known_reason{"not permitted to log in",             "the role may not log in",                                                EACCES},
    known_reason{"permission denied for database",      "the role may not connect to the database",                               EACCES},
    known_reason{"the database system is",              "it is starting, stopping or recovering; try again",                      EAGAIN},
    known_reason{"too many clients",                    "it has no connection left; try again",                                   EAGAIN},
    known_reason{"remaining connection slots",          "it has no connection left for this user; try again",                     EAGAIN},
    known_reason{"too many connections",                "it has no connection left for this user or database; try again",         EAGAIN},
    known_reason{"could not translate host name",       "the host's name is not known",                                           EHOSTUNREACH},
    known_reason{"definition of service",               "the service file does not define the service",                           ENOENT},
    known_reason{"service file",                        "the service file is missing or can't be read",                           ENOENT},
    known_reason{"certificate",                         "the certificate of one side is not accepted by the other",               EACCES},
    known_reason{"server does not support SSL",         "it has no encryption, which is asked for",                               EPROTO},
    known_reason{"SSL error",                           "no encrypted connection came about",                                     EPROTO},
    known_reason{"Connection refused",                  "nobody listens there",                                                   ECONNREFUSED},
    known_reason{"No such file or directory",           "there is no socket of that name",                                        ENOENT},
    known_reason{"Permission denied",                   "the system denies access to its socket",                                 EACCES},
    known_reason{"No route to host",                    "there is no way to the host",                                            EHOSTUNREACH},
    known_reason{"Network is unreachable",              "there is no way to the host",                                            ENETUNREACH},
    known_reason{"closed the connection unexpectedly",  "the connection was closed before it was made",                           ECONNRESET},
    known_reason{"Connection reset",                    "the connection was closed before it was made",                           ECONNRESET},
    known_reason{"Too many open files",                 "the system has no descriptor left",                                      EMFILE},
    known_reason{"out of memory",                       "memory ran out",                                                         ENOMEM},
    known_reason{"invalid ",                            "a value in the connection string, or in libpq's environment, is none",   EINVAL},
};
// clang-format on

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace

void throw_exception_from_error(const postgres_failure& why, const boost::source_location&) {
  throw std::runtime_error(why.why);
}

postgres_failure failed_to_connect(std::string_view said) {
  const auto known =
      std::ranges::find_if(known_reasons, [&](const known_reason& one) { return has(said, one.said); });
  if (known != known_reasons.end())
    return {postgres_trouble::not_connected, {}, std::string(known->told), known->number};
  if (has(said, "does not exist")) {
    const bool is_role = has(said, "role \"");
    return {postgres_trouble::not_connected,
            {},
            is_role ? "it has no such role" : "it has no such database",
            is_role ? EACCES : ENOENT};
  }
  return {postgres_trouble::not_connected,
          {},
          "libpq gives a reason that is not repeated here, as it may hold a password: psql with the same "
          "connection says it",
          ENOTCONN};
}

postgres_failure failed_statement(const PGconn* connection, const PGresult* answer) {
  const char* const raw = answer == nullptr ? nullptr : PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  const std::string sqlstate = raw == nullptr ? "" : raw;
  // 57P01 to 57P03, 57P05: the session was ended, by whoever rules the server.
  if (PQstatus(connection) == CONNECTION_BAD || sqlstate.empty() || sqlstate.starts_with("57P"))
    return {postgres_trouble::cut_off, sqlstate, "the connection was cut off in the middle", ECONNRESET};
  if (sqlstate == "57014")
    return {postgres_trouble::refused, sqlstate, "the statement took longer than it may, or was cancelled",
            ETIMEDOUT};
  if (sqlstate == "42501")
    return {postgres_trouble::refused, sqlstate, "the role has not the privilege", EACCES};
  if (sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03")
    return {postgres_trouble::refused, sqlstate, "another session is in the way (SQLSTATE " + sqlstate + ")",
            EBUSY};
  return {postgres_trouble::refused, sqlstate, "the server refused the statement (SQLSTATE " + sqlstate + ")",
          EIO};
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
