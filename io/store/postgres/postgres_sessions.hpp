// Connections that are kept for the next statement; private to the PostgreSQL library.
#pragma once

#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/error.hpp"
#include "postgres_connection.hpp"

namespace agentslock {

class postgres_sessions {
 public:
  using parameters = std::span<const std::string_view>;

  postgres_sessions(std::string connection_string, const postgres_limits& limits)
      : connection_string_(std::move(connection_string)), limits_(limits) {}
  /// The caller's own connection, and no other.
  postgres_sessions(PGconn* connection, const postgres_limits& limits);

  [[nodiscard]] bool is_of_a_caller() const noexcept { return callers_ != nullptr; }
  /// Whether a caller's connection is fit to be asked now. Error: as check_callers_connection.
  [[nodiscard]] result<> check_caller() const;

  /// Runs a statement once. A failure that is not "refused" or "not_connected" leaves open whether it was done.
  [[nodiscard]] postgres_result<postgres_rows> run_once(const char* statement, parameters given,
                                                        postgres_format answer = postgres_format::text);
  /// Runs a statement that may be run twice: again, where a connection that was kept had gone meanwhile.
  [[nodiscard]] postgres_result<postgres_rows> run(const char* statement, parameters given,
                                                   postgres_format answer = postgres_format::text);
  /// Closes what is kept: after one was cut off, the others were, too.
  void forget();

 private:
  [[nodiscard]] postgres_result<postgres_rows> run_on(bool may_be_kept, bool& was_kept, const char* statement,
                                                      parameters given, postgres_format answer);

  std::string connection_string_;
  postgres_limits limits_;
  PGconn* callers_ = nullptr;
  std::mutex mutex_;
  std::vector<postgres_connection> idle_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
