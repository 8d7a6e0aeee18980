#include "sqlite_bounds.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>

namespace agentslock {
namespace {

/// SQLite's steps between two looks: about two rows of a schema.
constexpr int steps_a_look = 16;
/// How much more memory there is before a connection's own is measured, which is linear in its schema.
constexpr std::int64_t bytes_a_measure = 8 << 20;

std::chrono::nanoseconds processor_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// The memory that a connection's schema takes. Linear in the schema.
std::int64_t schema_bytes(sqlite3* connection) {
  int now = 0;
  int most = 0;
  sqlite3_db_status(connection, SQLITE_DBSTATUS_SCHEMA_USED, &now, &most, 0);
  return now;
}

void configure(sqlite3* connection, int option, int value) {
  sqlite3_db_config(connection, option, value, nullptr);
}

}  // namespace

void sqlite_bounds::set_for(sqlite3* connection) {
  connection_ = connection;
  bytes_low_ = sqlite3_memory_used();
  processor_time_before_ = processor_time();
  since_ = std::chrono::steady_clock::now();
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, text_bytes_max);
  sqlite3_limit(connection, SQLITE_LIMIT_SQL_LENGTH, text_bytes_max);
  sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
  configure(connection, SQLITE_DBCONFIG_DEFENSIVE, 1);
  configure(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
  configure(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0);
  configure(connection, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0);
  configure(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
  // A text in double quotes is what it is to the program that made the view, however this SQLite was built.
  configure(connection, SQLITE_DBCONFIG_DQS_DDL, 1);
  configure(connection, SQLITE_DBCONFIG_DQS_DML, 1);
  sqlite3_progress_handler(connection, steps_a_look, look, this);
}

int sqlite_bounds::look(void* self) {
  auto* const bounds = static_cast<sqlite_bounds*>(self);
  bounds->steps_ += steps_a_look;
  return static_cast<int>(bounds->is_met());
}

bool sqlite_bounds::is_met() {
  if (steps_ > steps_max) met_ = "it takes more than 20,000,000 steps";
  // What is cheap to ask comes first: the memory of all of the process's connections, and the time on the wall. Others may
  // give memory back while this one takes it, or take some, and must make neither the bound wider nor the looks dear.
  const std::int64_t bytes = sqlite3_memory_used();
  bytes_low_ = std::min(bytes_low_, bytes);
  if (bytes - bytes_low_ > bytes_a_measure) {
    bytes_low_ = bytes;
    if (schema_bytes(connection_) > schema_bytes_max) met_ = "it takes more than 64 MiB";
  }
  if (std::chrono::steady_clock::now() - since_ > processor_time_max &&
      processor_time() - processor_time_before_ > processor_time_max) {
    met_ = "it takes more than 10 s";
  }
  return !met_.empty();
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
