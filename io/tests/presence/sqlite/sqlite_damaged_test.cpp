// What keeps the answer from being certain is an error and never "absent"; and no reading changes a file.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/filesystem.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "agentslock/io/sqlite_presence.hpp"
#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/sqlite_file.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

using testing::as_nobody;
using testing::bytes_of;
using testing::child_process;
using testing::digest_of_a;
using testing::in_words;
using testing::names_in;
using testing::snapshot_of_directory;
using testing::sqlite_file;
using testing::temporary_directory;

class SqliteDamaged : public testing::sqlite_fixture {
 protected:
  void expect_fault(errc code, const std::string& what) const {
    SCOPED_TRACE(what);
    expect_error(code, {path, "\"comp\""});
  }
  /// As another user: what is wrong, or nothing. The files are looked at before and after.
  [[nodiscard]] std::string find_as_nobody(bool may_succeed, bool may_fail) {
    const auto before = snapshot_of_directory(directory.path());
    std::string wrong = as_nobody([&]() -> std::string {
      if (testing::may_write_in(directory.path())) return "the directory is not read-only";
      sqlite_presence source(directory.path());
      const auto answer = source.find({"comp", "v"});
      if (!answer) return may_fail ? "" : answer.error().message();
      if (!*answer) return "absent";
      if (**answer != digest_of_a) return "another digest";
      return may_succeed ? "" : "it was read";
    });
    if (snapshot_of_directory(directory.path()) != before) wrong += " and the directory has changed";
    return wrong;
  }
};

using SqliteLogs = SqliteDamaged;

TEST_F(SqliteDamaged, AFileOfNoBytesIsNoEmptyDatabase) {
  (void)directory.make_file("kg_comp.db", "");
  expect_fault(errc::store_corrupt, "empty");
}

TEST_F(SqliteDamaged, WhatIsNoDatabaseIsCorrupt) {
  for (const std::string& bytes :
       {std::string("x"), std::string(5000, 'x'), std::string(5000, '\0'), std::string("SQLite format 3"),
        std::string("SQLite format 3\0", 16) + std::string(4080, 'x'), std::string(100, '\n')}) {
    (void)directory.make_file("kg_comp.db", bytes);
    expect_fault(errc::store_corrupt, bytes.substr(0, 20));
  }
}

TEST_F(SqliteDamaged, ADatabaseThatIsCutOffIsNeverAbsentOrAnother) {
  for (const char* mode : {"DELETE", "WAL"}) {
    {
      sqlite_file file(path, "PRAGMA page_size = 1024; PRAGMA journal_mode = " + std::string(mode) + ";");
      for (int i = 0; i < 40; ++i)
        file.run("CREATE TABLE t" + std::to_string(i) + " (a, b, c, d, e, f, g, h);");
      file.run("CREATE TABLE v (a);");
    }
    const std::string whole = *bytes_of(path);
    ASSERT_EQ(in_words(find()), digest_of_a);
    ASSERT_GT(whole.size(), 20'000U);
    for (std::size_t size = 1; size < whole.size(); size += size < 120 ? 1 : size < 1200 ? 37 : 509) {
      (void)directory.make_file("kg_comp.db", whole.substr(0, size));
      const auto answer = find();
      // Where only v's own page is cut, its schema can still be read.
      const bool schema_is_whole = size > whole.size() - 1024;
      EXPECT_TRUE(answer ? schema_is_whole && *answer == digest_of_a
                         : answer.error().code() == errc::store_corrupt)
          << mode << " cut to " << size << ": "
          << (answer ? answer->value_or("absent") : answer.error().message());
    }
    for (std::size_t size = 1024; size < whole.size(); size += 1024) {
      (void)directory.make_file("kg_comp.db", whole.substr(0, size));
      EXPECT_FALSE(find()) << mode << " cut to " << size;
    }
    boost::filesystem::remove(path);
  }
}

TEST_F(SqliteDamaged, ADamagedSchemaIsCorrupt) {
  sqlite_file(
      path,
      "CREATE TABLE v (a); PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE';");
  expect_fault(errc::store_corrupt, "a table of no columns");
}

TEST_F(SqliteDamaged, WhatIsNoFileIsAnErrorAtOnce) {
  boost::filesystem::create_directory(path);
  expect_fault(errc::store_corrupt, "a directory");
  boost::filesystem::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0644), 0);
  expect_fault(errc::store_corrupt, "a pipe");
}

TEST_F(SqliteDamaged, ASymlinkToNothingIsAnErrorAndNotAbsent) {
  // What it points to may lie on a disk that is not there now.
  boost::filesystem::create_symlink("nowhere", path);
  expect_fault(errc::store_unreachable, "a symlink");
}

TEST_F(SqliteDamaged, ASymlinkToADatabaseIsFollowed) {
  sqlite_file(directory / "real", "CREATE TABLE v (a);");
  boost::filesystem::create_symlink("real", path);
  EXPECT_EQ(in_words(find()), digest_of_a);
}

TEST_F(SqliteDamaged, AFileOrDirectoryThatMayNotBeReadIsAnErrorAndNotAbsent) {
  directory.let_all_in();
  sqlite_file(path, "CREATE TABLE v (a);");
  ASSERT_EQ(::chmod(path.c_str(), 0000), 0);
  const std::string shut = directory.make_directory("shut");
  sqlite_file(shut + "/kg_comp.db", "CREATE TABLE v (a);");
  ASSERT_EQ(::chmod(shut.c_str(), 0000), 0);
  EXPECT_EQ(as_nobody([&]() -> std::string {
              if (testing::may_read(path) || testing::may_read(shut)) return "it is not denied";
              for (const std::string& where : {directory.path(), shut, shut + "/below"}) {
                sqlite_presence source(where);
                const auto answer = source.find({"comp", "v"});
                if (answer) return where + (*answer ? ": there" : ": absent");
                if (answer.error().code() != errc::store_unreachable) return answer.error().message();
              }
              return {};
            }),
            "");
}

TEST_F(SqliteDamaged, AnExclusiveLockOfAnotherProcessIsBusy) {
  child_process writer([&](const child_process::parent& parent) -> std::string {
    sqlite_file file(path, "CREATE TABLE v (a); BEGIN EXCLUSIVE;");
    parent.tell();
    parent.wait();
    return {};
  });
  ASSERT_TRUE(writer.wait());
  expect_fault(errc::store_busy, "locked");
  writer.tell();
  EXPECT_EQ(writer.result(), "");
  EXPECT_EQ(in_words(find()), digest_of_a);
}

TEST_F(SqliteDamaged, AJournalThatMustBeRolledBackIsAnErrorAndNeverAbsent) {
  const temporary_directory busy;
  sqlite_file file(busy / "db", "CREATE TABLE t (a); CREATE TABLE v (a);");
  for (int i = 0; i < 50; ++i)
    file.run("INSERT INTO t VALUES (randomblob(500));");
  // A transaction too large for its cache writes into the database before it is committed: what lies there then is
  // what a killed writer leaves.
  file.run(
      "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; DROP TABLE v; UPDATE t SET a = "
      "randomblob(900);");
  boost::filesystem::copy_file(busy / "db", path);
  boost::filesystem::copy_file(busy / "db-journal", path + "-journal");
  ASSERT_GT(boost::filesystem::file_size(path + "-journal"), 512U);
  expect_fault(errc::store_unreachable, "a hot journal");
  file.run("ROLLBACK;");

  // Whoever may write rolls it back; then the answer is certain.
  sqlite_file(path, "SELECT * FROM t;");
  EXPECT_EQ(in_words(find()), digest_of_a);
}

TEST_F(SqliteDamaged, AJournalThatIsLeftWithNothingInItIsNoHindrance) {
  for (const char* mode : {"PERSIST", "TRUNCATE"}) {
    sqlite_file(
        path, "PRAGMA journal_mode = " + std::string(mode) + "; DROP TABLE IF EXISTS v; CREATE TABLE v (a);");
    ASSERT_TRUE(boost::filesystem::exists(path + "-journal"));
    EXPECT_EQ(in_words(find()), digest_of_a) << mode;
    boost::filesystem::remove(path + "-journal");
    boost::filesystem::remove(path);
  }
}

TEST_F(SqliteLogs, ADatabaseThatWasClosedIsReadWithoutMakingFiles) {
  sqlite_file(path, "PRAGMA journal_mode = WAL; CREATE TABLE v (a);");
  ASSERT_EQ(names_in(directory.path()), (std::vector<std::string>{"kg_comp.db"}));
  EXPECT_EQ(in_words(find()), digest_of_a);
  EXPECT_EQ(in_words(find("w")), "absent");
  // Nor where none could be made.
  directory.let_all_in(0555);
  EXPECT_EQ(find_as_nobody(true, false), "");
}

TEST_F(SqliteLogs, WhatALiveWriterHasCommittedIsSeen) {
  child_process writer([&](const child_process::parent& parent) -> std::string {
    sqlite_file file(path, "PRAGMA journal_mode = WAL; CREATE TABLE v (a);");
    parent.tell();
    parent.wait();
    return {};
  });
  ASSERT_TRUE(writer.wait());
  ASSERT_EQ(names_in(directory.path()).size(), 3U) << "the table stands in the log only";
  EXPECT_EQ(in_words(find()), digest_of_a);
  EXPECT_EQ(in_words(find("w")), "absent");
  directory.let_all_in(0555);
  EXPECT_EQ(find_as_nobody(true, true), "");
  writer.tell();
  EXPECT_EQ(writer.result(), "");
}

TEST_F(SqliteLogs, TheLogOfALinkedDatabaseLiesBesideTheDatabase) {
  const std::string elsewhere = directory.make_directory("elsewhere");
  child_process writer([&](const child_process::parent& parent) -> std::string {
    sqlite_file file(elsewhere + "/real.db",
                     "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE v (b);"
                     "PRAGMA wal_checkpoint(TRUNCATE); DROP TABLE v; CREATE TABLE v (a);");
    parent.tell();
    parent.wait();
    return {};
  });
  ASSERT_TRUE(writer.wait());
  boost::filesystem::create_symlink("elsewhere/real.db", path);
  EXPECT_EQ(in_words(find()), digest_of_a) << "not what stood there before the log";
  writer.kill();
  EXPECT_EQ(in_words(find()), digest_of_a);
  boost::filesystem::remove(elsewhere + "/real.db-shm");
  EXPECT_EQ(in_words(find()), digest_of_a) << "without the index";
}

TEST_F(SqliteLogs, TheLogOfAKilledWriterIsRead) {
  make_log(
      "PRAGMA wal_autocheckpoint = 0; CREATE TABLE v (b);"
      "PRAGMA wal_checkpoint(TRUNCATE); DROP TABLE v; CREATE TABLE v (a);");
  EXPECT_EQ(in_words(find()), digest_of_a) << "not what stood there before the log";
  directory.let_all_in(0555);
  EXPECT_EQ(find_as_nobody(true, true), "");

  // The log alone: its index is made in memory.
  boost::filesystem::remove(path + "-shm");
  EXPECT_EQ(in_words(find()), digest_of_a);
  EXPECT_EQ(find_as_nobody(true, false), "");

  // After a writer has been there, all is as before.
  directory.let_all_in(0755);
  sqlite_file(path, "SELECT * FROM v;");
  EXPECT_EQ(in_words(find()), digest_of_a);
}

TEST_F(SqliteLogs, ALogInWhichNothingStandsIsNoHindrance) {
  for (const char* mode : {"WAL", "DELETE"}) {
    sqlite_file(
        path, "PRAGMA journal_mode = " + std::string(mode) + "; DROP TABLE IF EXISTS v; CREATE TABLE v (a);");
    for (const std::string& bytes : {std::string(), std::string(31, 'x'), std::string(32, '\0'),
                                     std::string(5000, '\0'), std::string(5000, 'x')}) {
      (void)directory.make_file("kg_comp.db-wal", bytes);
      EXPECT_EQ(in_words(find()), digest_of_a) << mode << ", " << bytes.size() << " bytes";
    }
    boost::filesystem::remove(path + "-wal");
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
