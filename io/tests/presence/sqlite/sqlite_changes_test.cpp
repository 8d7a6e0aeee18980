// Databases that change while a source is in use, and that other connections are using.
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "agentslock/io/sqlite_presence.hpp"
#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/sqlite_file.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

using testing::bytes_of;
using testing::child_process;
using testing::digest_of_a;
using testing::digest_of_b;
using testing::in_words;
using testing::names_in;
using testing::snapshot_of_directory;
using testing::sqlite_file;
using testing::temporary_directory;

/// The journal modes by which a database's file differs: WAL is read by another way than the others.
class SqliteChanges : public testing::sqlite_fixture, public ::testing::WithParamInterface<const char*> {
 protected:
  std::unique_ptr<sqlite_file> make(const std::string& name, const std::string& sql) const {
    return std::make_unique<sqlite_file>(directory / name,
                                         "PRAGMA journal_mode = " + std::string(GetParam()) + ";" + sql);
  }
};

INSTANTIATE_TEST_SUITE_P(JournalModes, SqliteChanges,
                         ::testing::Values("DELETE", "TRUNCATE", "PERSIST", "WAL"),
                         [](const auto& mode) { return std::string(mode.param); });

TEST_P(SqliteChanges, ADatabaseThatAppearsIsSeen) {
  make("kg_other.db", "CREATE TABLE v (a);");
  sqlite_presence source(directory.path());
  ASSERT_EQ(in_words(source.find({"comp", "v"})), "absent");
  make("kg_comp.db", "CREATE TABLE v (a);");
  EXPECT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
}

TEST_P(SqliteChanges, ADatabaseThatGoesIsSeen) {
  make("kg_other.db", "CREATE TABLE v (a);");
  make("kg_comp.db", "CREATE TABLE v (a);");
  sqlite_presence source(directory.path());
  ASSERT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
  boost::filesystem::remove(path);
  EXPECT_EQ(in_words(source.find({"comp", "v"})), "absent") << "what was deleted is not there";
}

TEST_P(SqliteChanges, ADatabaseThatIsReplacedIsSeen) {
  make("kg_comp.db", "CREATE TABLE v (a);");
  sqlite_presence source(directory.path());
  ASSERT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
  make("new.db", "CREATE TABLE v (b);");
  boost::filesystem::rename(directory / "new.db", path);
  EXPECT_EQ(in_words(source.find({"comp", "v"})), digest_of_b);
}

TEST_P(SqliteChanges, OtherBytesInTheSameFileAreSeen) {
  make("kg_comp.db", "CREATE TABLE v (a);");
  make("new.db", "CREATE TABLE v (b);");
  boost::filesystem::remove(path + "-journal");
  sqlite_presence source(directory.path());
  for (const auto pause : {std::chrono::milliseconds(0), std::chrono::milliseconds(50)}) {
    // After the pause the first answer is one that may be remembered.
    (void)directory.make_file("kg_comp.db", *bytes_of(path));
    std::this_thread::sleep_for(pause);
    ASSERT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
    const std::string old_bytes = *bytes_of(path);
    const std::string new_bytes = *bytes_of(directory / "new.db");
    ASSERT_EQ(old_bytes.size(), new_bytes.size());
    (void)directory.make_file("kg_comp.db", new_bytes);
    EXPECT_EQ(in_words(source.find({"comp", "v"})), digest_of_b);
    (void)directory.make_file("kg_comp.db", old_bytes);
  }
}

TEST_P(SqliteChanges, ASchemaThatChangesIsSeen) {
  make("kg_comp.db", "CREATE TABLE v (a);");
  sqlite_presence source(directory.path());
  ASSERT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
  make("kg_comp.db", "DROP TABLE v; CREATE TABLE v (b);");
  EXPECT_EQ(in_words(source.find({"comp", "v"})), digest_of_b);
  make("kg_comp.db", "DROP TABLE v;");
  EXPECT_EQ(in_words(source.find({"comp", "v"})), "absent");
}

TEST_P(SqliteChanges, AnotherJournalModeIsSeenAndNoFileIsMade) {
  for (const char* other_mode : {"DELETE", "WAL"}) {
    make("kg_comp.db", "DROP TABLE IF EXISTS v; CREATE TABLE v (a);");
    sqlite_presence source(directory.path());
    ASSERT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
    sqlite_file(path,
                "PRAGMA journal_mode = " + std::string(other_mode) + "; DROP TABLE v; CREATE TABLE v (b);");
    const auto before = snapshot_of_directory(directory.path());
    EXPECT_EQ(in_words(source.find({"comp", "v"})), digest_of_b) << other_mode;
    EXPECT_EQ(snapshot_of_directory(directory.path()), before) << other_mode;
  }
}

TEST_P(SqliteChanges, OnlyWhatIsCommittedCounts) {
  child_process writer([&](const child_process::parent& parent) -> std::string {
    const auto file = make("kg_comp.db", "CREATE TABLE v (a);");
    file->run("BEGIN IMMEDIATE; CREATE TABLE w (a); DROP TABLE v;");
    parent.tell();
    parent.wait();
    file->run("COMMIT;");
    parent.tell();
    parent.wait();
    return {};
  });
  ASSERT_TRUE(writer.wait());
  auto before = snapshot_of_directory(directory.path());
  sqlite_presence source(directory.path());
  EXPECT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
  EXPECT_EQ(in_words(source.find({"comp", "w"})), "absent");
  EXPECT_EQ(snapshot_of_directory(directory.path()), before);
  writer.tell();
  ASSERT_TRUE(writer.wait());
  before = snapshot_of_directory(directory.path());
  EXPECT_EQ(in_words(source.find({"comp", "v"})), "absent");
  EXPECT_EQ(in_words(source.find({"comp", "w"})), digest_of_a);
  EXPECT_EQ(snapshot_of_directory(directory.path()), before);
  writer.tell();
  EXPECT_EQ(writer.result(), "");
}

TEST_P(SqliteChanges, WhatAnotherConnectionOfThisProcessHasNotCommittedDoesNotCount) {
  sqlite3_enable_shared_cache(1);
  const auto ours = make("kg_comp.db", "CREATE TABLE v (a);");
  ours->run("BEGIN IMMEDIATE; CREATE TABLE w (a); DROP TABLE v;");
  sqlite_presence source(directory.path());
  EXPECT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
  EXPECT_EQ(in_words(source.find({"comp", "w"})), "absent");
  sqlite3_enable_shared_cache(0);
}

/// Another process, which was there before any connection of this one: SQLite must not be carried over a fork.
class other_process {
 public:
  other_process(const std::string& path, const std::string& sql)
      : child_([=](const child_process::parent& parent) -> std::string {
          parent.wait();
          return std::to_string(sqlite_file(path).attempt(sql));
        }) {}
  /// Runs the statements and returns SQLite's code.
  [[nodiscard]] std::string run() {
    child_.tell();
    return child_.result();
  }

 private:
  child_process child_;
};

TEST_P(SqliteChanges, AReaderKeepsNobodyFromWriting) {
  other_process other(path, "BEGIN EXCLUSIVE; CREATE TABLE w (a); COMMIT;");
  make("kg_comp.db", "CREATE TABLE v (a);");
  sqlite_presence source(directory.path());
  ASSERT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
  EXPECT_EQ(other.run(), std::to_string(SQLITE_OK));
  EXPECT_EQ(in_words(source.find({"comp", "w"})), digest_of_a);
}

TEST_P(SqliteChanges, AskingTakesNoLockFromAnotherConnectionOfThisProcess) {
  // POSIX locks go when a process closes any descriptor of the file: whoever opens a database besides SQLite takes
  // away the locks of all connections that the process has to it.
  other_process before(path, "BEGIN IMMEDIATE;");
  other_process after(path, "BEGIN IMMEDIATE;");
  const auto ours = make("kg_comp.db", "CREATE TABLE v (a);");
  ours->run("BEGIN IMMEDIATE; CREATE TABLE w (a);");
  ASSERT_EQ(before.run(), std::to_string(SQLITE_BUSY));
  {
    sqlite_presence source(directory.path());
    EXPECT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
  }
  EXPECT_EQ(after.run(), std::to_string(SQLITE_BUSY)) << "two processes write at the same time";
  ours->run("COMMIT;");
}

TEST(SqliteWal, WhoOpensTheDatabaseAfterAskingMayWriteAndEndTheLog) {
  const temporary_directory directory;
  const std::string path = directory / "kg_comp.db";
  child_process other([&](const child_process::parent& parent) -> std::string {
    {
      sqlite_file file(path, "PRAGMA journal_mode = WAL; CREATE TABLE v (a);");
      parent.tell();
      parent.wait();
    }
    return {};
  });
  ASSERT_TRUE(other.wait());
  sqlite_presence source(directory.path());
  ASSERT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
  // SQLite shares the log's index between the connections of a process, and so whether it may be written.
  EXPECT_EQ(sqlite_file(path).attempt("INSERT INTO v VALUES (1);"), SQLITE_OK);
  ASSERT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
  other.tell();
  EXPECT_EQ(other.result(), "");
  EXPECT_EQ(names_in(directory.path()), (std::vector<std::string>{"kg_comp.db"}));
  EXPECT_EQ(sqlite_file(path).attempt("PRAGMA journal_mode = DELETE;"), SQLITE_OK);
}

TEST(SqliteWal, AskingKeepsTheLogOfAnotherConnectionOfThisProcess) {
  const temporary_directory directory;
  const std::string path = directory / "kg_comp.db";
  // The last connection to a database removes its log when it closes; this one will not be the last.
  other_process other(path, "INSERT INTO v VALUES (1);");
  sqlite_file(path, "PRAGMA journal_mode = WAL; CREATE TABLE v (a);");
  sqlite_file ours(path, "SELECT * FROM v;");
  {
    sqlite_presence source(directory.path());
    EXPECT_EQ(in_words(source.find({"comp", "v"})), digest_of_a);
  }
  EXPECT_EQ(other.run(), std::to_string(SQLITE_OK));
  EXPECT_EQ(names_in(directory.path()),
            (std::vector<std::string>{"kg_comp.db", "kg_comp.db-shm", "kg_comp.db-wal"}))
      << "the log was removed under a connection that uses it";
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
