#include "agentslock/io/sqlite_presence.hpp"

#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/sqlite_file.hpp"

namespace agentslock {
namespace {

using namespace std::string_literals;
using testing::in_words;
using testing::snapshot_of_directory;
using testing::sqlite_file;
using testing::temporary_directory;

using columns = std::vector<column>;

/// A directory of databases.
class SqlitePresence : public ::testing::Test {
 protected:
  void put(std::string_view adapter, const std::string& sql) {
    sqlite_file(directory / sqlite_file_name(adapter), sql);
  }
  /// Asks a new source, and sees to it that nothing changes in the directory.
  [[nodiscard]] result<stored_view> find(std::string_view adapter, std::string_view view) {
    const auto before = snapshot_of_directory(directory.path());
    sqlite_presence source(directory.path());
    auto answer = source.find({adapter, view});
    EXPECT_EQ(snapshot_of_directory(directory.path()), before) << "a reader leaves nothing";
    return answer;
  }
  void expect_digest(std::string_view adapter, std::string_view view, const columns& of) {
    const auto answer = find(adapter, view);
    ASSERT_TRUE(answer) << answer.error().message();
    EXPECT_EQ(*answer, schema_digest(of));
  }
  void expect_absent(std::string_view adapter, std::string_view view) {
    const auto answer = find(adapter, view);
    ASSERT_TRUE(answer) << answer.error().message();
    EXPECT_EQ(*answer, std::nullopt);
  }

  temporary_directory directory;
};

TEST_F(SqlitePresence, ATableIsThereWithTheDigestOfItsSchema) {
  put("comp",
      "CREATE TABLE v (id INTEGER PRIMARY KEY, name TEXT NOT NULL, \"odd <name>\" , b varchar(10) DEFAULT "
      "'x');");
  expect_digest("comp", "v",
                {{"id", "INTEGER", false, 1},
                 {"name", "TEXT", true, 0},
                 {"odd <name>", "", false, 0},
                 {"b", "varchar(10)", false, 0}});
}

TEST_F(SqlitePresence, WhatIsNotThereIsAbsent) {
  put("comp",
      "CREATE TABLE other (id); CREATE INDEX an_index ON other (id);"
      "CREATE TRIGGER a_trigger AFTER INSERT ON other BEGIN SELECT 1; END;");
  expect_absent("comp", "v");
  expect_absent("comp", "an_index");
  expect_absent("comp", "a_trigger");
  expect_absent("comp", "");
  expect_absent("comp", "other'; DROP TABLE other; --");
  expect_absent("missing", "v");
}

TEST_F(SqlitePresence, NamesAreExact) {
  put("comp",
      "CREATE TABLE Summary (a); CREATE TABLE \"with \"\"quotes\"\" and %\" (b); CREATE TABLE \"é\" (c);");
  expect_digest("comp", "Summary", {{"a", "", false, 0}});
  expect_absent("comp", "summary");
  expect_absent("comp", "SUMMARY");
  expect_absent("comp", "Summar_");
  expect_absent("comp", "Summary%");
  expect_absent("comp", "Summary "s);
  expect_absent("comp", "Summary\0"s);
  expect_absent("comp", "Summary\0x"s);
  expect_digest("comp", "with \"quotes\" and %", {{"b", "", false, 0}});
  expect_digest("comp", "é", {{"c", "", false, 0}});
}

TEST_F(SqlitePresence, AViewIsThere) {
  put("comp",
      "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
      "CREATE VIEW v AS SELECT name, id, id + 1 AS next FROM t;");
  expect_digest("comp", "v",
                {{"name", "TEXT", false, 0}, {"id", "INTEGER", false, 0}, {"next", "", false, 0}});
}

TEST_F(SqlitePresence, AViewOverATableThatIsGoneIsThereAndMatchesNoDigest) {
  put("comp", "CREATE TABLE t (id); CREATE VIEW v AS SELECT id FROM t; DROP TABLE t;");
  const auto answer = find("comp", "v");
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(*answer, "");
}

TEST_F(SqlitePresence, AViewThatOnlyItsOwnProgramUnderstandsIsAnErrorAndKeepsNoOtherFromBeingRead) {
  put("comp", "CREATE TABLE t (id); CREATE VIEW v AS SELECT only_theirs(id) AS x FROM t;");
  const auto answer = find("comp", "v");
  ASSERT_FALSE(answer) << "it may be whole";
  EXPECT_EQ(answer.error().code(), errc::store_unreachable);
  EXPECT_NE(answer.error().message().find("only_theirs"), std::string::npos) << answer.error().message();
  expect_digest("comp", "t", {{"id", "", false, 0}});
}

TEST_F(SqlitePresence, AVirtualTableIsThereWithoutItsHiddenColumns) {
  put("comp", "CREATE VIRTUAL TABLE v USING fts5(title, body);");
  expect_digest("comp", "v", {{"title", "", false, 0}, {"body", "", false, 0}});
}

TEST_F(SqlitePresence, AVirtualTableOfAnUnknownModuleIsAnErrorAndNotAbsent) {
  put("comp",
      "CREATE TABLE t (id); PRAGMA writable_schema = ON;"
      "UPDATE sqlite_schema SET name = 'v', tbl_name = 'v', rootpage = 0,"
      "sql = 'CREATE VIRTUAL TABLE v USING no_such_module(a)';");
  const auto answer = find("comp", "v");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), errc::store_unreachable) << answer.error().message();
}

TEST_F(SqlitePresence, GeneratedColumnsCount) {
  put("comp", "CREATE TABLE v (a INT, b INT GENERATED ALWAYS AS (a * 2) VIRTUAL, c INT AS (a + 1) STORED);");
  const auto answer = find("comp", "v");
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_NE(*answer, schema_digest(columns{{"a", "INT", false, 0}}));
  put("two", "CREATE TABLE v (a INT, b INT GENERATED ALWAYS AS (a * 2) VIRTUAL);");
  EXPECT_NE(in_words(find("two", "v")), *answer);
}

TEST_F(SqlitePresence, TheDigestIsTheSameInEveryEncoding) {
  const std::string schema = "CREATE TABLE v (id INTEGER PRIMARY KEY, \"naïve\" TEXT NOT NULL);";
  put("utf8", "PRAGMA encoding = 'UTF-8';" + schema);
  put("utf16le", "PRAGMA encoding = 'UTF-16le';" + schema);
  put("utf16be", "PRAGMA encoding = 'UTF-16be';" + schema);
  const columns expected{{"id", "INTEGER", false, 1}, {"naïve", "TEXT", true, 0}};
  expect_digest("utf8", "v", expected);
  expect_digest("utf16le", "v", expected);
  expect_digest("utf16be", "v", expected);
}

TEST_F(SqlitePresence, AdaptersWithNastyNamesHaveDatabasesOfTheirOwn) {
  const std::string adapters[] = {"a/b", "../x", "..",    "%",   "%2F",      "a?mode=rwc",
                                  "#",   "é",    "a\0b"s, "a b", ":memory:", "file:x"};
  for (const std::string& adapter : adapters)
    put(adapter, "CREATE TABLE v (\"" + sqlite_file_name(adapter) + "\");");
  for (const std::string& adapter : adapters)
    expect_digest(adapter, "v", {{sqlite_file_name(adapter), "", false, 0}});
  expect_absent("a", "v");
}

TEST_F(SqlitePresence, ANameThatIsTooLongForTheFileSystemIsAnErrorAndNotAbsent) {
  put("other", "CREATE TABLE v (a);");
  // With "kg_" and ".db" 249 letters are the most that a name of 255 bytes holds.
  expect_absent(std::string(249, 'a'), "v");
  const struct {
    std::string adapter;
    std::string bytes;
  } too_long[] = {
      {std::string(250, 'a'), "256"}, {std::string(84, '/'), "258"}, {std::string(5000, 'a'), "5006"}};
  for (const auto& [adapter, bytes] : too_long) {
    const auto answer = find(adapter, "v");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), errc::name_too_long);
    for (const std::string& told : {"\"" + adapter + "\"", directory.path(), sqlite_file_name(adapter),
                                    bytes + " bytes", std::string("at most 255")}) {
      EXPECT_NE(answer.error().message().find(told), std::string::npos)
          << told << ": " << answer.error().message();
    }
  }
}

TEST_F(SqlitePresence, ADatabaseWhoseNameLeavesNoRoomForAJournalIsRead) {
  const std::string longest(249, 'a');
  sqlite_file(directory / "short", "CREATE TABLE v (a);");
  boost::filesystem::rename(directory / "short", directory / sqlite_file_name(longest));
  expect_digest(longest, "v", {{"a", "", false, 0}});
}

TEST_F(SqlitePresence, APathThatIsTooLongIsAnErrorAndNotAbsent) {
  const std::string deep = directory.make_directory(std::string(200, 'a') + "/" + std::string(200, 'b') +
                                                    "/" + std::string(200, 'c'));
  boost::filesystem::create_directory_symlink(deep, directory / "link");
  sqlite_file(directory / "kg_comp.db", "CREATE TABLE v (a);");
  boost::filesystem::copy_file(directory / "kg_comp.db", directory / "link/kg_other.db");
  sqlite_presence source(deep);
  EXPECT_EQ(in_words(source.find({"comp", "v"})), "absent") << "that can be known";
  boost::filesystem::rename(directory / "kg_comp.db", directory / "link/kg_comp.db");
  for (const std::string& where : {deep, directory / "link"}) {
    const auto answer = sqlite_presence(where).find({"comp", "v"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), errc::store_unreachable) << answer.error().message();
    EXPECT_NE(answer.error().message().find("path may be too long"), std::string::npos)
        << answer.error().message();
    EXPECT_NE(answer.error().message().find("\"comp\""), std::string::npos) << answer.error().message();
  }
  std::string endless = directory.path();
  while (endless.size() < 4090)
    endless += "/.";
  const auto answer = sqlite_presence(endless).find({"comp", "v"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), errc::name_too_long);
  EXPECT_NE(answer.error().message().find("the path"), std::string::npos) << answer.error().message();
}

TEST_F(SqlitePresence, TheDirectoriesNameMayHoldAnything) {
  for (const char* name : {"a b", "50%", "a?mode=memory", "#x", "é", "%2F", "a&immutable=1"}) {
    const std::string odd = directory.make_directory(name);
    sqlite_file(odd + "/kg_comp.db", "CREATE TABLE v (a);");
    const auto before = snapshot_of_directory(odd);
    for (const std::string& spelt : {odd, odd + "/", odd + "//", odd + "/.", "/" + odd, "//" + odd}) {
      sqlite_presence source(spelt);
      const auto answer = source.find({"comp", "v"});
      ASSERT_TRUE(answer) << spelt << ": " << answer.error().message();
      EXPECT_EQ(*answer, schema_digest(columns{{"a", "", false, 0}})) << spelt;
    }
    EXPECT_EQ(snapshot_of_directory(odd), before);
  }
}

TEST_F(SqlitePresence, TheDirectoryMayBeRelative) {
  put("comp", "CREATE TABLE v (a);");
  const auto here = boost::filesystem::current_path();
  boost::filesystem::current_path(directory.path());
  for (const char* relative : {".", "./", "./."}) {
    sqlite_presence source(relative);
    const auto answer = source.find({"comp", "v"});
    EXPECT_TRUE(answer && *answer) << relative;
  }
  boost::filesystem::current_path(here);
}

TEST_F(SqlitePresence, ADirectoryWithoutAnyDatabaseIsAnErrorOfItsOwn) {
  (void)directory.make_file("kg_comp.db-journal", "");
  (void)directory.make_file("comp.db", "");
  (void)directory.make_file("kg_comp.sqlite", "");
  const auto answer = find("comp", "v");
  ASSERT_FALSE(answer) << "it is more likely the wrong directory than an empty store";
  EXPECT_EQ(answer.error().code(), errc::store_empty) << answer.error().message();
  EXPECT_NE(answer.error().message().find(directory.path()), std::string::npos) << answer.error().message();
  EXPECT_NE(answer.error().message().find("\"comp\""), std::string::npos) << answer.error().message();
  put("other", "CREATE TABLE v (a);");
  expect_absent("comp", "v");
}

TEST_F(SqlitePresence, ADirectoryThatMayNotBeListedIsAnErrorWhereADatabaseIsMissing) {
  put("comp", "CREATE TABLE v (a);");
  directory.let_all_in(0711);
  EXPECT_EQ(testing::as_nobody([&]() -> std::string {
              if (testing::may_read(directory.path())) return "it is not denied";
              sqlite_presence source(directory.path());
              if (!source.find({"comp", "v"})) return "what is there can't be read";
              const auto answer = source.find({"missing", "v"});
              if (answer) return *answer ? "there" : "absent";
              return answer.error().code() == errc::store_unreachable ? "" : answer.error().message();
            }),
            "");
}

TEST_F(SqlitePresence, AMissingDirectoryIsAnErrorAndNotAbsent) {
  for (const std::string& path :
       {directory / "no", directory.make_file("file", "x"), ""s, directory.path() + "\0x"s}) {
    sqlite_presence source(path);
    const auto answer = source.find({"comp", "v"});
    ASSERT_FALSE(answer) << path;
    EXPECT_EQ(answer.error().code(), errc::store_unreachable) << answer.error().message();
    EXPECT_NE(answer.error().message().find(path), std::string::npos);
    EXPECT_NE(answer.error().message().find("\"comp\""), std::string::npos);
  }
}

TEST_F(SqlitePresence, OneSourceAnswersForManyAdaptersInAnyOrder) {
  put("a", "CREATE TABLE v (a);");
  put("b", "CREATE TABLE v (b); CREATE TABLE w (c);");
  sqlite_presence first(directory.path());
  sqlite_presence source = std::move(first);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(in_words(source.find({"a", "v"})), schema_digest(columns{{"a", "", false, 0}}));
    EXPECT_EQ(in_words(source.find({"missing", "v"})), "absent");
    EXPECT_EQ(in_words(source.find({"b", "v"})), schema_digest(columns{{"b", "", false, 0}}));
    EXPECT_EQ(in_words(source.find({"b", "w"})), schema_digest(columns{{"c", "", false, 0}}));
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
