#include "postgres_sessions.hpp"

#include <optional>
#include <utility>

#include "callers_connection.hpp"

namespace agentslock {

postgres_sessions::postgres_sessions(PGconn* connection, const postgres_limits& limits)
    : limits_(limits), callers_(connection) {}

result<> postgres_sessions::check_caller() const {
  if (!is_of_a_caller()) return {};
  return check_callers_connection(callers_);
}

postgres_result<postgres_rows> postgres_sessions::run_on(bool may_be_kept, bool& was_kept,
                                                         const char* statement, parameters given,
                                                         postgres_format answer) {
  if (callers_ != nullptr) {
    was_kept = false;
    return postgres_connection::borrow(callers_, limits_).run(statement, given, answer);
  }
  std::optional<postgres_connection> connection;
  if (may_be_kept) {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  was_kept = connection.has_value();
  if (!connection) {
    auto made = postgres_connection::open(connection_string_, limits_);
    if (!made) return made.error();
    connection = std::move(*made);
  }
  auto done = connection->run(statement, given, answer);
  if (!connection->is_gone()) {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(*connection));
  }
  return done;
}

postgres_result<postgres_rows> postgres_sessions::run_once(const char* statement, parameters given,
                                                           postgres_format answer) {
  bool was_kept = false;
  return run_on(true, was_kept, statement, given, answer);
}

postgres_result<postgres_rows> postgres_sessions::run(const char* statement, parameters given,
                                                      postgres_format answer) {
  bool was_kept = false;
  auto done = run_on(true, was_kept, statement, given, answer);
  const bool is_cut_off = !done && done.error().what == postgres_trouble::cut_off;
  if (!is_cut_off || !was_kept) return done;
  forget();
  return run_on(false, was_kept, statement, given, answer);
}

void postgres_sessions::forget() {
  std::vector<postgres_connection> gone;
  const std::scoped_lock lock(mutex_);
  gone.swap(idle_);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
