// What a failure of SQLite is called, by its code and its words.
#include "sqlite_failure.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <memory>
#include <string>

#include "sqlite_file_system.hpp"
#include "support/printers.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

/// A connection whose last call has failed as one wishes.
class failed_connection {
 public:
  explicit failed_connection(const std::string& path) {
    sqlite3* raw = nullptr;
    EXPECT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
    connection_.reset(raw);
    const auto fail = [](sqlite3_context* context, int, sqlite3_value** given) {
      sqlite3_result_error(context, reinterpret_cast<const char*>(sqlite3_value_text(given[1])), -1);
      sqlite3_result_error_code(context, sqlite3_value_int(given[0]));
    };
    EXPECT_EQ(sqlite3_create_function(raw, "fail", 2, SQLITE_UTF8, nullptr, fail, nullptr, nullptr),
              SQLITE_OK);
  }

  [[nodiscard]] sqlite_failure with(int code, const std::string& words) const {
    const std::string sql = "SELECT fail(" + std::to_string(code) + ", '" + words + "')";
    EXPECT_EQ(sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr), code & 0xFF);
    return {connection_.get(), "the store"};
  }

 private:
  struct close {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close(connection); }
  };
  std::unique_ptr<sqlite3, close> connection_;
};

class SqliteFailure : public testing::sqlite_fixture {
 protected:
  void expect_told(int code, const std::string& words, errc as, const std::string& told,
                   bool may_pass) const {
    forget_failed_open();
    const sqlite_failure one = connection.with(code, words);
    const error why = one.as_error({});
    EXPECT_EQ(why.code(), as) << why.message();
    EXPECT_NE(why.message().find(told), std::string::npos) << why.message();
    EXPECT_NE(why.message().find("the store"), std::string::npos) << why.message();
    EXPECT_EQ(one.may_pass(), may_pass) << why.message();
  }

  const failed_connection connection{directory / "db"};
};

TEST_F(SqliteFailure, ALockOfWhateverKindIsBusy) {
  for (const int code :
       {SQLITE_BUSY, SQLITE_BUSY_RECOVERY, SQLITE_LOCKED, SQLITE_LOCKED_SHAREDCACHE, SQLITE_PROTOCOL})
    expect_told(code, "x", errc::store_busy, "is locked by another connection; try again", false);
}

TEST_F(SqliteFailure, WhatTheSystemDoesNotReadMayPass) {
  for (const int code : {SQLITE_IOERR, SQLITE_IOERR_READ})
    expect_told(code, "disk I/O error", errc::store_unreachable, "could not read the store: disk I/O error",
                true);
}

TEST_F(SqliteFailure, WhatIsNotKnownHereIsToldInSqlitesWords) {
  expect_told(SQLITE_AUTH, "not authorized", errc::store_unreachable,
              "could not read the store: not authorized", false);
}

TEST_F(SqliteFailure, AStatementThatSqliteCallsTooLongIsABoundAndNoDamage) {
  expect_told(SQLITE_CORRUPT, "malformed database schema (w) - statement too long", errc::store_unreachable,
              "larger than what is read here: one of its statements is longer than 1,000,000 bytes", false);
}

TEST_F(SqliteFailure, WhatCanNotBeOpenedThoughNothingKeepsItHasPerhapsTooLongAPath) {
  expect_told(SQLITE_CANTOPEN, "unable to open", errc::store_unreachable,
              "unable to open; its path may be too long", true);
}

TEST_F(SqliteFailure, WhatHasNoFileIsNoDatabase) {
  const error why = failed_connection(":memory:").with(SQLITE_NOTADB, "file is not a database").as_error({});
  EXPECT_EQ(why.code(), errc::store_corrupt);
  EXPECT_NE(why.message().find("damaged, encrypted or no database"), std::string::npos) << why.message();
}

TEST_F(SqliteFailure, WithoutAConnectionThereWasNoMemory) {
  const sqlite_failure one(nullptr, "the store");
  EXPECT_EQ(one.as_error({}).code(), errc::store_unreachable);
  EXPECT_EQ(one.as_error({}).cause().value(), ENOMEM);
  EXPECT_FALSE(one.may_pass());
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
