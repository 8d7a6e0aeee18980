// What this SQLite does not understand may be whole: it is not called damaged, and nobody is told to build it anew.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <boost/filesystem.hpp>
#include <string>
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
using testing::in_words;
using testing::names_in;
using testing::snapshot_of_directory;
using testing::sqlite_file;
using testing::temporary_directory;

class SqliteUnderstood : public testing::sqlite_fixture {
 protected:
  /// A database with v and t, in whose schema t's statement is another one.
  void make(const std::string& statement, const std::string& more = {}) const {
    boost::filesystem::remove(path);
    sqlite_file file(path,
                     "CREATE TABLE v (a); CREATE TABLE t (x); " + more + "PRAGMA writable_schema = ON;");
    file.run("UPDATE sqlite_schema SET sql = '" + statement + "' WHERE name = 't';");
  }
  /// Overwrites bytes of a file.
  void put(const std::string& name, std::size_t at, const std::string& some) const {
    std::string bytes = *bytes_of(directory / name);
    (void)directory.make_file(name, bytes.replace(at, some.size(), some));
  }
  void expect_not_understood(const std::string& what, std::string_view view = "v") const {
    const auto answer = find(view);
    ASSERT_FALSE(answer) << what << ": " << answer->value_or("absent");
    const std::string told = answer.error().message();
    EXPECT_EQ(answer.error().code(), errc::store_unreachable) << what << ": " << told;
    EXPECT_NE(told.find(std::string("not understood by SQLite ") + sqlite3_libversion()), told.npos) << told;
    EXPECT_NE(told.find(path), told.npos) << told;
    for (const char* destructive : {"damaged", "Restore", "restore", "anew"})
      EXPECT_EQ(told.find(destructive), told.npos) << what << ": " << told;
  }
  void expect_damaged(const std::string& what) const {
    const auto answer = find("v");
    ASSERT_FALSE(answer) << what << ": " << answer->value_or("absent");
    EXPECT_EQ(answer.error().code(), errc::store_corrupt) << answer.error().message();
    EXPECT_NE(answer.error().message().find("damaged"), std::string::npos) << answer.error().message();
  }
};

TEST_F(SqliteUnderstood, AStatementOfANewerSqlite) {
  for (const char* statement :
       {"CREATE TABLE t (x) FUTURE", "CREATE TABLE t (x AS FUTURE)", "CREATE TABLE t (x DEFAULT 1_0x0)",
        "CREATE TABLE t (x CHECK (x ->>> 1))", "CREATE FUTURE t (x)",
        "CREATE VIEW t AS SELECT group_concat(a ORDER BY a, FUTURE) AS x FROM v",
        "CREATE TABLE t (x FUTURE) STRICT"}) {
    make(statement);
    expect_not_understood(statement);
  }
}

TEST_F(SqliteUnderstood, ADamagedRowOfTheSchemaIsDamaged) {
  make("CREATE TABLE t (");
  expect_damaged("a statement that is cut off");
  for (const char* change : {"sql = NULL", "rootpage = 1000", "sql = 'DROP TABLE v'"}) {
    make("CREATE TABLE t (x)");
    sqlite_file file(path);
    file.run("PRAGMA writable_schema = ON;");
    ASSERT_EQ(file.attempt(std::string("UPDATE sqlite_schema SET ") + change + " WHERE name = 't';"),
              SQLITE_OK);
    expect_damaged(change);
  }
}

TEST_F(SqliteUnderstood, AFileFormatOfANewerSqlite) {
  constexpr std::size_t read_version = 19;
  constexpr std::size_t schema_format = 47;
  for (const char* version : {"\x03", "\x04", "\xFF"}) {
    make("CREATE TABLE t (x)");
    put("kg_comp.db", read_version, version);
    expect_not_understood("a read version");
  }
  make("CREATE TABLE t (x)");
  put("kg_comp.db", schema_format, "\x05");
  expect_not_understood("a schema format");
  // With a page of a size that there is not, the version is no version either.
  make("CREATE TABLE t (x)");
  put("kg_comp.db", read_version, "\x03");
  put("kg_comp.db", 16, "\x11\x11");
  expect_damaged("a header that is overwritten");
}

TEST_F(SqliteUnderstood, AFileFormatThatOnlyWritersMustKnowIsRead) {
  make("CREATE TABLE t (x)");
  constexpr std::size_t write_version = 18;
  put("kg_comp.db", write_version, "\x03");
  EXPECT_EQ(in_words(find("v")), digest_of_a);
}

TEST_F(SqliteUnderstood, ALogOfANewerSqlite) {
  child_process writer([&](const child_process::parent& parent) -> std::string {
    const sqlite_file file(path, "PRAGMA journal_mode = WAL; CREATE TABLE v (a);");
    parent.tell();
    parent.wait();
    return {};
  });
  ASSERT_TRUE(writer.wait());
  writer.kill();
  boost::filesystem::remove(path + "-shm");
  // The same header with the version after this one, and its checksum.
  std::string header = bytes_of(path + "-wal")->substr(0, 32);
  ++header[7];
  const auto word = [&](std::size_t at, bool is_big) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
      value = value << 8 | static_cast<unsigned char>(header[at + (is_big ? i : 3 - i)]);
    return value;
  };
  const bool is_big = (header[3] & 1) != 0;
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  for (std::size_t at = 0; at < 24; at += 8) {
    first += word(at, is_big) + second;
    second += word(at + 4, is_big) + first;
  }
  for (std::size_t i = 0; i < 4; ++i) {
    header[24 + i] = static_cast<char>(first >> (24 - 8 * i));
    header[28 + i] = static_cast<char>(second >> (24 - 8 * i));
  }
  put("kg_comp.db-wal", 0, header);
  expect_not_understood("a log");
}

TEST_F(SqliteUnderstood, WhatOnlyAnotherProgramHas) {
  make("CREATE TABLE t (x)",
       "CREATE VIEW calls AS SELECT only_theirs(a) AS x FROM v;"
       "CREATE VIEW reads_computed AS SELECT * FROM only_theirs(1);"
       "CREATE VIEW reads_of_sqlite AS SELECT * FROM pragma_of_the_future;"
       "CREATE VIEW reads_reader AS SELECT * FROM reads_computed;");
  for (const char* view : {"calls", "reads_computed", "reads_of_sqlite", "reads_reader"})
    expect_not_understood(view, view);
  EXPECT_EQ(in_words(find("v")), digest_of_a);
  sqlite_file(path,
              "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 0, sql = "
              "'CREATE VIRTUAL TABLE t USING only_theirs(x)' WHERE name = 't';");
  expect_not_understood("a module", "t");
  EXPECT_EQ(in_words(find("v")), digest_of_a) << "that was not asked for";
}

TEST_F(SqliteUnderstood, AnOrderingThatIsNotKnownIsNoHindrance) {
  make("CREATE TABLE t (x TEXT COLLATE only_theirs)");
  sqlite_file(path, "CREATE VIEW ordered AS SELECT a FROM v ORDER BY a COLLATE only_theirs;");
  EXPECT_EQ(in_words(find("v")), digest_of_a);
  EXPECT_EQ(in_words(find("ordered")), digest_of_a);
  EXPECT_EQ(in_words(find("t")), schema_digest(std::vector<column>{{"x", "TEXT", false, 0}}));
}

TEST_F(SqliteUnderstood, AFileThatIsNoDatabaseIsNotToBeBuiltAnew) {
  (void)directory.make_file("kg_comp.db", std::string(5000, '\xA7'));
  const auto answer = find("v");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), errc::store_corrupt);
  EXPECT_NE(answer.error().message().find("encrypted"), std::string::npos) << answer.error().message();
  EXPECT_EQ(answer.error().message().find("anew"), std::string::npos) << answer.error().message();
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
