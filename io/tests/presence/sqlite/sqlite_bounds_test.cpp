// The time that a reading may take: by this thread's time on the processor, and not by the time on the wall alone.
#include "sqlite_bounds.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <time.h>

#include <memory>
#include <string>
#include <vector>

#include "sqlite_reading.hpp"
#include "support/printers.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

/// How much further this thread's clocks are than the system's, in seconds.
thread_local time_t wall_is_ahead = 0;
thread_local time_t processor_is_ahead = 0;

}  // namespace
}  // namespace agentslock

/// In place of the C library's, for the whole program; the same where no test has moved a clock.
extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
  static const auto real =
      reinterpret_cast<int (*)(clockid_t, timespec*)>(::dlsym(RTLD_NEXT, "clock_gettime"));
  const int done = real(clock, now);
  if (clock == CLOCK_MONOTONIC) now->tv_sec += agentslock::wall_is_ahead;
  if (clock == CLOCK_THREAD_CPUTIME_ID) now->tv_sec += agentslock::processor_is_ahead;
  return done;
}

namespace agentslock {
namespace {

class SqliteTime : public testing::sqlite_fixture {
 protected:
  ~SqliteTime() override { wall_is_ahead = processor_is_ahead = 0; }
};

TEST_F(SqliteTime, WhatTakesLongOnTheProcessorEnds) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &raw), SQLITE_OK);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection(raw, sqlite3_close);
  sqlite_bounds bounds;
  bounds.set_for(raw);
  const char* const some_steps =
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100) SELECT count(*) FROM n";
  wall_is_ahead = 11;
  EXPECT_EQ(sqlite3_exec(raw, some_steps, nullptr, nullptr, nullptr), SQLITE_OK)
      << "others had the processor";
  EXPECT_FALSE(bounds.is_met());
  processor_is_ahead = 9;
  EXPECT_FALSE(bounds.is_met());
  processor_is_ahead = 11;
  EXPECT_EQ(sqlite3_exec(raw, some_steps, nullptr, nullptr, nullptr), SQLITE_INTERRUPT);
  EXPECT_EQ(bounds.met(), "it takes more than 10 s");
}

/// Lets the time go by when a connection of this process has read the names of the schema.
int pass_time_after_the_names(sqlite3* connection, const char**, const void*) {
  const auto ended = [](unsigned, void*, void* statement, void*) {
    const std::string sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
    if (sql.starts_with("SELECT name, ")) wall_is_ahead = processor_is_ahead = 11;
    return 0;
  };
  return sqlite3_trace_v2(connection, SQLITE_TRACE_PROFILE, ended, nullptr);
}

TEST_F(SqliteTime, ABoundThatIsMetBetweenTwoStatementsNamesWhatWasNotRead) {
  testing::sqlite_file(path, "CREATE TABLE v (a); CREATE TABLE w (a);");
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(pass_time_after_the_names));
  sqlite_reading reading(path, "the store");
  const auto begun = reading.begin();
  sqlite3_reset_auto_extension();
  ASSERT_TRUE(begun);
  const std::vector<std::string_view> asked{"w", "v"};
  const auto found = reading.find(asked);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), errc::store_unreachable);
  EXPECT_NE(found.error().message().find("w in the store"), std::string::npos) << found.error().message();
  EXPECT_NE(found.error().message().find("it takes more than 10 s"), std::string::npos)
      << found.error().message();
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
