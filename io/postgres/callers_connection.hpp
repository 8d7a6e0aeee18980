// What a connection that a caller lends must be; private to the PostgreSQL library.
#pragma once

#include <libpq-fe.h>

#include "agentslock/io/error.hpp"

namespace agentslock {

/// Whether names can be sent and read on a caller's connection, in his transaction.
/// Error: invalid_argument, with nothing sent: it is in no transaction, or in one that has failed; or the server would
/// take the bytes of a name for another name, because the connection's client_encoding is not UTF8.
[[nodiscard]] result<> check_callers_connection(const PGconn* connection);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
