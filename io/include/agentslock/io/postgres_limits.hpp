/// How long a call that asks a PostgreSQL server waits.
#pragma once

#include <chrono>

#pragma GCC visibility push(default)
namespace agentslock {

struct postgres_limits {
  /// For a connection to each address of each host; libpq makes it 2 at least. What the connection string, the environment
  /// (PGCONNECT_TIMEOUT) or the service of PGSERVICE says of connect_timeout goes before it.
  std::chrono::seconds connecting{10};
  /// For one statement: so long the server lets it run.
  std::chrono::milliseconds statement{30'000};
  /// How long beyond that the network may be silent: then the connection is given up.
  std::chrono::milliseconds silence{5'000};
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
