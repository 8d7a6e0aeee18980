// A PostgreSQL server of a test's own.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "temporary_directory.hpp"

namespace agentslock::testing {

/// A cluster in a temporary directory and its server, which listens on a socket there and nowhere else. They are of a user
/// who is not root, as the server insists; where the test is run by root, of nobody.
/// The server ends with the object, and when the thread that has started it ends, however that comes about.
/// Nothing is synced to a disk: a power cut is not what is tested by it, but the death of processes is.
class postgres_server {
 public:
  /// Who may do everything. Nobody is asked for a password but `with_password`, and `rejected` is let in by none.
  static constexpr std::string_view owner = "owner";
  static constexpr std::string_view with_password = "with_password";
  static constexpr std::string_view rejected = "rejected";

  /// Makes the cluster, and starts the server. Throws std::runtime_error, with what the server's programs said.
  postgres_server();
  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;
  ~postgres_server();

  /// A connection string, without a password. Names must need no quotes in it.
  [[nodiscard]] std::string connection(std::string_view user = owner,
                                       std::string_view database = "postgres") const;
  /// What stands in PGHOST for it, and the path of the socket itself.
  [[nodiscard]] std::string socket_directory() const { return directory_.path(); }
  [[nodiscard]] std::string socket_path() const { return directory_ / ".s.PGSQL.5432"; }

  /// Starts it, and waits until it answers. Precondition: it does not run.
  void start();
  /// Ends it: sessions are told, and their transactions undone.
  void stop();
  /// Ends it and all of its sessions at once and without a warning, as kill -9 does. What was committed is there after start.
  void kill();

  /// Runs statements as its owner. Throws std::runtime_error when one fails.
  void run(const std::string& sql, std::string_view database = "postgres") const;
  /// The first value of what a query answers; empty when there is none.
  [[nodiscard]] std::string ask(const std::string& sql, std::string_view database = "postgres") const;

  [[nodiscard]] pid_t process_id() const noexcept { return process_; }
  /// All that the server has written to its log.
  [[nodiscard]] std::string log() const;

 private:
  void end(int signal);

  temporary_directory directory_;
  pid_t process_ = -1;
};

/// The one server of a test program: made when it is first asked for, and ended with the program.
[[nodiscard]] postgres_server& shared_postgres_server();

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
