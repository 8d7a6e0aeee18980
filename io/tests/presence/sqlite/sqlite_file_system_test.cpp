// The file system that SQLite gets: what it opens and what it does not, and who keeps away from a log's index.
#include "sqlite_file_system.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem.hpp>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "agentslock/io/sqlite_presence.hpp"
#include "sqlite_reading.hpp"
#include "support/printers.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

using testing::names_in;
using testing::sqlite_file;

using SqliteFileSystem = testing::sqlite_fixture;

TEST_F(SqliteFileSystem, WhatIsNoFileIsNotOpened) {
  const std::string pipe = directory / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0644), 0);
  for (const auto& [what, kind] : {std::pair(pipe, "a pipe"), std::pair(directory.path(), "a directory"),
                                   std::pair(std::string("/dev/null"), "a device")}) {
    EXPECT_EQ(kind_of_no_file(what), kind);
    sqlite_reading reading(what, "the store");
    const auto begun = reading.begin();
    ASSERT_FALSE(begun) << kind;
    EXPECT_EQ(begun.error().code(), errc::store_unreachable);
    EXPECT_EQ(begun.error().message(),
              "could not read the store: " + what + " is " + kind + ", and no file; move it away");
  }
}

TEST_F(SqliteFileSystem, WhatIsNotThereIsNotMade) {
  sqlite_reading reading(path, "the store");
  const auto begun = reading.begin();
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code(), errc::store_unreachable) << begun.error().message();
  EXPECT_EQ(last_failed_open(), std::nullopt) << "that a file is not there is none";
  EXPECT_TRUE(names_in(directory.path()).empty());
}

TEST_F(SqliteFileSystem, NoTemporaryFileIsMade) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE, unchanging_file_system()), SQLITE_OK);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection(raw, sqlite3_close);
  forget_failed_open();
  const char* const larger_than_its_cache =
      "PRAGMA temp_store = FILE; CREATE TEMP TABLE t (a); PRAGMA temp.cache_size = 1;"
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5000) "
      "INSERT INTO t SELECT randomblob(1000) FROM n;";
  EXPECT_EQ(sqlite3_exec(raw, larger_than_its_cache, nullptr, nullptr, nullptr), SQLITE_CANTOPEN);
  EXPECT_EQ(last_failed_open(), std::nullopt);
}

TEST_F(SqliteFileSystem, WhatMayBeDoneWithALogIsToldAsByTheSystem) {
  sqlite3_vfs* const files = sqlite3_vfs_find(unchanging_file_system());
  ASSERT_NE(files, nullptr);
  const std::string log = directory.make_file("x-wal", "");
  const auto told = [&](const std::string& of, int flags) {
    int answer = -1;
    EXPECT_EQ(files->xAccess(files, of.c_str(), flags, &answer), SQLITE_OK);
    return answer;
  };
  EXPECT_EQ(told(log, SQLITE_ACCESS_EXISTS), 0) << "nothing stands in it";
  EXPECT_EQ(told(log, SQLITE_ACCESS_READWRITE), 1);
  EXPECT_EQ(told(directory / "y-wal", SQLITE_ACCESS_READWRITE), 0);
}

TEST_F(SqliteFileSystem, ALogThatCanNotBeReadMayHoldSomething) {
  for (const std::string& log : {directory.path(), std::string("/proc/self/mem")})
    EXPECT_EQ(look_into_log(log), log_content::something) << log;
  EXPECT_EQ(look_into_log(directory / "nothing"), log_content::nothing);
}

TEST_F(SqliteFileSystem, ALogThatIsShorterThanItWasHoldsNothing) {
  // The system calls it larger than what can be read of it.
  const std::string file = "/sys/devices/system/cpu/online";
  struct stat raw {};
  if (::stat(file.c_str(), &raw) != 0 || raw.st_size <= 32) GTEST_SKIP() << "there is no such file";
  ASSERT_LT(testing::bytes_of(file)->size(), 32U);
  EXPECT_EQ(look_into_log(file), log_content::nothing);
}

TEST_F(SqliteFileSystem, WithoutSqlitesOwnOneNothingIsRead) {
  sqlite_file(path, "CREATE TABLE v (a);");
  EXPECT_EQ(testing::in_child([&]() -> std::string {
              sqlite3_vfs_unregister(sqlite3_vfs_find("unix"));
              if (*unchanging_file_system() != '\0') return "it has a name";
              const auto answer = sqlite_presence(directory.path()).find({"comp", "v"});
              if (answer) return *answer ? "there" : "absent";
              const std::string told = answer.error().message();
              return answer.error().code() == errc::store_unreachable && told.find("no such vfs") != told.npos
                         ? ""
                         : told;
            }),
            "");
}

TEST_F(SqliteFileSystem, WhoIsOrMayBecomeRootLeavesALogsIndexAlone) {
  EXPECT_EQ(
      testing::as_nobody([]() -> std::string { return must_leave_index_alone() ? "it is left alone" : ""; }),
      "");
  if (::geteuid() != 0) GTEST_SKIP() << "only root may become any of these users";
  const struct {
    uid_t real;
    uid_t effective;
    uid_t saved;
  } users[] = {{0, testing::nobody, testing::nobody},
               {testing::nobody, 0, testing::nobody},
               {testing::nobody, testing::nobody, 0}};
  for (const auto& [real, effective, saved] : users) {
    EXPECT_EQ(testing::in_child([&, real = real, effective = effective, saved = saved]() -> std::string {
                if (::setresuid(real, effective, saved) != 0) return "could not become another user";
                return must_leave_index_alone() ? "" : "it is not left alone";
              }),
              "")
        << real << ", " << effective << ", " << saved;
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
