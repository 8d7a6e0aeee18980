// What this SQLite does not understand may be whole: it is not called damaged, and nobody is told to build it anew.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <boost/filesystem.hpp>
#include <string>
#include <vector>

#include "agentslock/io/sqlite_presence.hpp"
#include "support/printers.hpp"
#include "support/sqlite_file.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

using testing::bytes_of;
using testing::digest_of_a;
using testing::digest_of_b;
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
  for (const std::string& page_size :
       {std::string("\x02\0", 2), std::string("\x80\0", 2), std::string("\0\x01", 2)}) {
    make("CREATE TABLE t (x)");
    put("kg_comp.db", read_version, "\x03");
    put("kg_comp.db", 16, page_size);
    expect_not_understood("a read version, with pages of another size");
  }
  make("CREATE TABLE t (x)");
  put("kg_comp.db", schema_format, "\x05");
  expect_not_understood("a schema format");
  // With a page of a size that there is not, the version is no version either; nor with another number where all files
  // have the same.
  const struct {
    std::size_t at;
    std::string bytes;
  } overwritten[] = {{16, "\x11\x11"}, {16, {"\x01\0", 2}}, {21, "A"}, {22, "A"}, {23, "A"}};
  for (const auto& [at, bytes] : overwritten) {
    make("CREATE TABLE t (x)");
    put("kg_comp.db", read_version, "\x03");
    put("kg_comp.db", at, bytes);
    expect_damaged("a header that is overwritten at " + std::to_string(at));
  }
}

TEST_F(SqliteUnderstood, AFileOfAKnownFormatThatIsNoDatabaseIsDamaged) {
  constexpr std::size_t read_version = 19;
  constexpr std::size_t reserved_bytes = 20;
  for (const char* version : {"\x01", "\x02"}) {
    make("CREATE TABLE t (x)");
    put("kg_comp.db", read_version, version);
    put("kg_comp.db", 16, std::string("\x02\0", 2));  // pages of 512 bytes, of which too few are left
    put("kg_comp.db", reserved_bytes, "\xFF");
    expect_damaged("a read version that is known");
  }
}

TEST_F(SqliteUnderstood, AFileFormatThatOnlyWritersMustKnowIsRead) {
  make("CREATE TABLE t (x)");
  constexpr std::size_t write_version = 18;
  put("kg_comp.db", write_version, "\x03");
  EXPECT_EQ(in_words(find("v")), digest_of_a);
}

TEST_F(SqliteUnderstood, ALogOfANewerSqlite) {
  make_log();
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

TEST_F(SqliteUnderstood, ALogWhoseHeaderHasAnotherChecksumHoldsNothing) {
  for (const std::size_t checksum : {24U, 28U}) {
    boost::filesystem::remove(path);
    make_log(
        "CREATE TABLE v (a); PRAGMA wal_checkpoint(TRUNCATE);"
        "PRAGMA wal_autocheckpoint = 0; DROP TABLE v; CREATE TABLE v (b);");
    boost::filesystem::remove(path + "-shm");
    ASSERT_EQ(in_words(find("v")), digest_of_b);
    const char last = bytes_of(path + "-wal")->at(checksum + 3);
    put("kg_comp.db-wal", checksum + 3, std::string(1, static_cast<char>(last ^ 1)));
    EXPECT_EQ(in_words(find("v")), digest_of_a) << checksum;
    boost::filesystem::remove(path + "-wal");
  }
}

TEST_F(SqliteUnderstood, ANameThatIsNotUtf8IsCorruptAndNamed) {
  for (const char* columns : {"a, \"\xFF\"", "a, b \"x\xFF\""}) {
    boost::filesystem::remove(path);
    sqlite_file(path, "CREATE TABLE v (" + std::string(columns) + "); CREATE TABLE w (a);");
    expect_error(errc::store_corrupt, {"a column of v in", "not UTF-8", path});
    EXPECT_EQ(in_words(find("w")), digest_of_a) << "that was not asked for";
  }
}

TEST_F(SqliteUnderstood, ANameThatStandsTwiceIsWhatItsFirstRowSays) {
  // SQLite takes the second statement for one that has nothing to do.
  sqlite_file(path,
              "CREATE TABLE v (a); CREATE VIEW w AS SELECT 1 AS b; PRAGMA writable_schema = ON;"
              "UPDATE sqlite_schema SET name = 'v', tbl_name = 'v', sql = 'CREATE VIEW IF NOT EXISTS v AS "
              "SELECT only_theirs(1) AS b FROM v' WHERE name = 'w';");
  EXPECT_EQ(in_words(find("v")), digest_of_a);
}

TEST_F(SqliteUnderstood, OfTwoViewsOverWhatIsGoneEachIsToldByItself) {
  make("CREATE TABLE t (x)",
       "CREATE TABLE g (a); CREATE VIEW one AS SELECT a FROM g; CREATE VIEW two AS SELECT a FROM g;"
       "CREATE VIEW \"(\" AS SELECT a FROM v; CREATE VIEW calls AS SELECT * FROM \"(\"; DROP TABLE g;");
  const std::vector<std::string_view> asked{"one", "two", "calls", "v"};
  const auto answers = sqlite_presence(directory.path()).find_views("comp", asked);
  ASSERT_TRUE(answers) << answers.error().message();
  EXPECT_EQ(*answers, (std::vector<stored_view>{"", "", digest_of_a, digest_of_a}));
}

/// Gives each connection of this process the module "mirror", whose tables can't be had any more.
int give_mirror(sqlite3* connection, char**, const void*) {
  static constexpr auto connect = [](sqlite3*, void*, int, const char* const*, sqlite3_vtab**, char** why) {
    *why = sqlite3_mprintf("no such table: mirrored");
    return SQLITE_ERROR;
  };
  static const sqlite3_module mirror = [] {
    sqlite3_module made{};
    made.xCreate = connect;
    made.xConnect = connect;
    return made;
  }();
  return sqlite3_create_module(connection, "mirror", &mirror, nullptr);
}

TEST_F(SqliteUnderstood, AViewOverWhatAModuleSaysIsGoneMatchesNoDigest) {
  make("CREATE TABLE t (x)", "CREATE VIEW over AS SELECT x FROM t;");
  sqlite_file(path,
              "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 0, sql = "
              "'CREATE VIRTUAL TABLE t USING mirror(x)' WHERE name = 't';");
  expect_not_understood("a module that is not known", "over");
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(give_mirror));
  const auto answer = find("over");
  sqlite3_reset_auto_extension();
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(*answer, "");
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
