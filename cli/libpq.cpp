// The functions of libpq that agentslock::postgres calls, as calls into the library that load_libpq has loaded. They stand
// in the place of libpq itself when the command is linked; one that is missing here makes libpq a library that every
// command loads, which a test refuses.
#include "libpq.hpp"

#include <libpq-fe.h>

#include <string>

#include "loaded_library.hpp"

namespace agentslock::cli {
namespace {

constexpr const char* file_name = "libpq.so.5";

const loaded_library& library() {
  static const loaded_library loaded(file_name);
  return loaded;
}

}  // namespace

result<> load_libpq() {
  if (library().is_there()) return {};
  return error(errc::store_unreachable, std::string("PostgreSQL needs ") + file_name +
                                            ", which can't be loaded: install libpq (Debian: libpq5)");
}

}  // namespace agentslock::cli

#define AGENTSLOCK_LIBPQ(result, name, parameters, arguments)                                \
  result name parameters {                                                                   \
    static auto* const function = agentslock::cli::library().find<result parameters>(#name); \
    return function arguments;                                                               \
  }

// clang-format off
extern "C" {
AGENTSLOCK_LIBPQ(void,   PQclear,                 (PGresult* a), (a))
AGENTSLOCK_LIBPQ(char*,  PQcmdTuples,             (PGresult* a), (a))
AGENTSLOCK_LIBPQ(PQconninfoOption*, PQconndefaults, (), ())
AGENTSLOCK_LIBPQ(PGconn*, PQconnectdbParams,      (const char* const* a, const char* const* b, int c), (a, b, c))
AGENTSLOCK_LIBPQ(void,   PQconninfoFree,          (PQconninfoOption* a), (a))
AGENTSLOCK_LIBPQ(PQconninfoOption*, PQconninfoParse, (const char* a, char** b), (a, b))
AGENTSLOCK_LIBPQ(int,    PQconsumeInput,          (PGconn* a), (a))
AGENTSLOCK_LIBPQ(char*,  PQerrorMessage,          (const PGconn* a), (a))
AGENTSLOCK_LIBPQ(void,   PQfinish,                (PGconn* a), (a))
AGENTSLOCK_LIBPQ(int,    PQflush,                 (PGconn* a), (a))
AGENTSLOCK_LIBPQ(int,    PQgetisnull,             (const PGresult* a, int b, int c), (a, b, c))
AGENTSLOCK_LIBPQ(int,    PQgetlength,             (const PGresult* a, int b, int c), (a, b, c))
AGENTSLOCK_LIBPQ(PGresult*, PQgetResult,          (PGconn* a), (a))
AGENTSLOCK_LIBPQ(char*,  PQgetvalue,              (const PGresult* a, int b, int c), (a, b, c))
AGENTSLOCK_LIBPQ(int,    PQisBusy,                (PGconn* a), (a))
AGENTSLOCK_LIBPQ(int,    PQisnonblocking,         (const PGconn* a), (a))
AGENTSLOCK_LIBPQ(int,    PQntuples,               (const PGresult* a), (a))
AGENTSLOCK_LIBPQ(const char*, PQparameterStatus,  (const PGconn* a, const char* b), (a, b))
AGENTSLOCK_LIBPQ(char*,  PQresultErrorField,      (const PGresult* a, int b), (a, b))
AGENTSLOCK_LIBPQ(ExecStatusType, PQresultStatus,  (const PGresult* a), (a))
AGENTSLOCK_LIBPQ(int,    PQsendQuery,             (PGconn* a, const char* b), (a, b))
AGENTSLOCK_LIBPQ(int,    PQsendQueryParams,       (PGconn* a, const char* b, int c, const Oid* d, const char* const* e, const int* f, const int* g, int h), (a, b, c, d, e, f, g, h))
AGENTSLOCK_LIBPQ(PQnoticeReceiver, PQsetNoticeReceiver, (PGconn* a, PQnoticeReceiver b, void* c), (a, b, c))
AGENTSLOCK_LIBPQ(int,    PQsetnonblocking,        (PGconn* a, int b), (a, b))
AGENTSLOCK_LIBPQ(int,    PQsocket,                (const PGconn* a), (a))
AGENTSLOCK_LIBPQ(ConnStatusType, PQstatus,        (const PGconn* a), (a))
AGENTSLOCK_LIBPQ(PGTransactionStatusType, PQtransactionStatus, (const PGconn* a), (a))
}
// clang-format on
// SPDX-License-Identifier: Apache-2.0
