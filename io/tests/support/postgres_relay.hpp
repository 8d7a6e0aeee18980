// A relay before a PostgreSQL server.
#pragma once

#include <string>

#include "postgres_server.hpp"
#include "relay.hpp"
#include "temporary_directory.hpp"

namespace agentslock::testing {

/// Where its socket is: there before the relay, and as long.
struct directory_of_relay {
  temporary_directory directory;
};

class postgres_relay : private directory_of_relay, public relay {
 public:
  explicit postgres_relay(const postgres_server& server)
      : relay(socket_address::of_file(directory / ".s.PGSQL.5432"),
              socket_address::of_file(server.socket_path())) {}

  /// A connection string that leads through it.
  [[nodiscard]] std::string connection() const {
    return "host=" + directory.path() + " port=5432 user=owner dbname=postgres";
  }
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
