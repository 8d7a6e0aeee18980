// Nothing in a store's directory changes by being read: no bytes, no owner, no time of change, no name; whoever reads,
// root above all, and whatever a writer has left there.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem.hpp>
#include <string>
#include <vector>

#include "agentslock/io/sqlite_presence.hpp"
#include "sqlite_reading.hpp"
#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/sqlite_file.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

using testing::as_nobody;
using testing::child_process;
using testing::digest_of_a;
using testing::digest_of_b;
using testing::in_words;
using testing::names_in;
using testing::snapshot_of;
using testing::snapshot_of_directory;
using testing::sqlite_file;
using testing::temporary_directory;

class SqliteUntouched : public testing::sqlite_fixture {
 protected:
  /// What a killed writer leaves else: a database, and a journal that must be rolled back.
  void make_hot_journal() const {
    child_process writer([&](const child_process::parent& parent) -> std::string {
      sqlite_file file(path, "CREATE TABLE t (a); CREATE TABLE v (a);");
      for (int i = 0; i < 50; ++i)
        file.run("INSERT INTO t VALUES (randomblob(500));");
      file.run(
          "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; DROP TABLE v; UPDATE t SET a = "
          "randomblob(900);");
      parent.tell();
      parent.wait();
      return {};
    });
    ASSERT_TRUE(writer.wait());
    writer.kill();
    ASSERT_GT(boost::filesystem::file_size(path + "-journal"), 512U);
  }
  /// Gives every file another owner, where that can be done, and takes the right to write from the directory.
  void make_foreign() {
    if (::geteuid() == 0) {
      uid_t owner = 1234;
      for (const std::string& name : names_in(directory.path()))
        ASSERT_EQ(::chown((directory / name).c_str(), owner, owner), 0) << ++owner;
    }
    directory.let_all_in(0555);
  }
  /// Reads as this user, and as one who owns nothing. What they are answered must be the same.
  [[nodiscard]] std::string read_by_all() const {
    const auto before = snapshot_of_directory(directory.path());
    const auto directory_itself = snapshot_of(directory.path());
    const std::string answer = in_words(sqlite_presence(directory.path()).find({"comp", "v"}));
    EXPECT_EQ(snapshot_of_directory(directory.path()), before) << answer;
    EXPECT_EQ(as_nobody([&]() -> std::string {
                if (testing::may_write_in(directory.path())) return "the directory is not read-only";
                return in_words(sqlite_presence(directory.path()).find({"comp", "v"}));
              }),
              answer);
    EXPECT_EQ(snapshot_of_directory(directory.path()), before) << answer;
    EXPECT_EQ(snapshot_of(directory.path()), directory_itself) << answer;
    return answer;
  }
};

TEST_F(SqliteUntouched, ADatabaseThatWasClosed) {
  for (const char* mode : {"DELETE", "TRUNCATE", "PERSIST", "WAL"}) {
    sqlite_file(path, "PRAGMA journal_mode = " + std::string(mode) + "; CREATE TABLE v (a);");
    make_foreign();
    EXPECT_EQ(read_by_all(), digest_of_a) << mode;
    directory.let_all_in(0755);
    for (const std::string& name : names_in(directory.path()))
      boost::filesystem::remove(directory / name);
  }
}

TEST_F(SqliteUntouched, TheLogOfAKilledWriter) {
  make_log();
  make_foreign();
  EXPECT_EQ(read_by_all(), digest_of_a);
}

TEST_F(SqliteUntouched, ALogWithoutItsIndex) {
  make_log();
  boost::filesystem::remove(path + "-shm");
  make_foreign();
  EXPECT_EQ(read_by_all(), digest_of_a);
}

TEST_F(SqliteUntouched, AJournalThatMustBeRolledBack) {
  make_hot_journal();
  make_foreign();
  const std::string answer = read_by_all();
  EXPECT_NE(answer.find("a writer was interrupted"), std::string::npos) << answer;
}

TEST_F(SqliteUntouched, TheFilesOfALiveWriter) {
  child_process writer([&](const child_process::parent& parent) -> std::string {
    const sqlite_file file(path, "PRAGMA journal_mode = WAL; CREATE TABLE v (a);");
    parent.tell();
    parent.wait();
    return {};
  });
  ASSERT_TRUE(writer.wait());
  make_foreign();
  EXPECT_EQ(read_by_all(), digest_of_a);
  writer.tell();
  EXPECT_EQ(writer.result(), "");
}

/// A writer that makes one commit each time that it is told, and has a log that nobody else sees the index of.
class SqliteWithoutIndex : public SqliteUntouched {
 protected:
  child_process writer{[&](const child_process::parent& parent) -> std::string {
    sqlite_file file(path, "PRAGMA journal_mode = WAL; CREATE TABLE v (a);");
    parent.tell();
    parent.wait();
    file.run("DROP TABLE v; CREATE TABLE v (b);");
    parent.tell();
    parent.wait();
    file.run("PRAGMA wal_checkpoint(RESTART); CREATE TABLE w (c);");
    parent.tell();
    parent.wait();
    return {};
  }};
};

TEST_F(SqliteWithoutIndex, WhatIsReadIsFromOneMomentIfNobodyHasCommittedMeanwhile) {
  ASSERT_TRUE(writer.wait());
  boost::filesystem::remove(path + "-shm");
  {
    sqlite_reading undisturbed(path, "the store");
    ASSERT_TRUE(undisturbed.begin());
    EXPECT_TRUE(undisturbed.is_from_one_moment());
  }
  for (const char* what : {"appended to the log", "begun the log anew"}) {
    sqlite_reading disturbed(path, "the store");
    ASSERT_TRUE(disturbed.begin());
    ASSERT_TRUE(disturbed.schema());
    writer.tell();
    ASSERT_TRUE(writer.wait());
    EXPECT_FALSE(disturbed.is_from_one_moment()) << what;
  }
  EXPECT_EQ(in_words(sqlite_presence(directory.path()).find({"comp", "v"})), digest_of_b);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
