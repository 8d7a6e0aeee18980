// Schemas that are made to be without an end: what was not asked for costs nothing, and what was asked for ends.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

#include "agentslock/io/sqlite_presence.hpp"
#include "sqlite_bounds.hpp"
#include "sqlite_expansion.hpp"
#include "support/printers.hpp"
#include "support/sqlite_file.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

using testing::digest_of_a;
using testing::in_words;
using testing::sqlite_file;
using testing::temporary_directory;

class SqliteHostile : public ::testing::Test {
 protected:
  [[nodiscard]] result<stored_view> find(std::string_view view) const {
    return sqlite_presence(directory.path()).find({"comp", view});
  }
  void expect_refused(std::string_view view) const {
    const auto answer = find(view);
    ASSERT_FALSE(answer) << view << ": " << answer->value_or("absent");
    EXPECT_EQ(answer.error().code(), errc::store_unreachable);
    for (const std::string& word : {directory / "kg_comp.db", std::string("\"comp\""), std::string(view)})
      EXPECT_NE(answer.error().message().find(word), std::string::npos)
          << word << ": " << answer.error().message();
  }
  /// v0 to v60: each reads from the one before as the text says, in which # is that one.
  void make_nest(const std::string& text) {
    std::string sql = "CREATE TABLE v (a); CREATE VIEW v0 AS SELECT a FROM v;";
    for (int i = 1; i <= 60; ++i) {
      std::string from = text;
      for (std::size_t at; (at = from.find('#')) != from.npos;)
        from.replace(at, 1, "v" + std::to_string(i - 1));
      sql += "CREATE VIEW v" + std::to_string(i) + " AS SELECT 1 AS a FROM " + from + ";";
    }
    file.run(sql);
  }

  temporary_directory directory;
  sqlite_file file{directory / "kg_comp.db", "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;"};
};

TEST_F(SqliteHostile, ViewsThatWereNotAskedForAreNotPutTogether) {
  make_nest("# JOIN # AS other");
  EXPECT_EQ(in_words(find("v")), digest_of_a);
  EXPECT_EQ(in_words(find("v0")), digest_of_a);
  EXPECT_EQ(in_words(find("v8")), digest_of_a);
  EXPECT_EQ(in_words(find("missing")), "absent");
}

TEST_F(SqliteHostile, ViewsThatReadFromEachOtherTwiceAreRefused) {
  int number = 0;
  for (const char* from : {"# JOIN # AS other", "#, # AS other", "(SELECT * FROM \"#\") JOIN [#] AS other",
                           "main.# JOIN main.`#` AS other", "# WHERE a IN # OR a IN /* ( */ #",
                           "# WHERE a IN (SELECT a FROM '#') -- '\n UNION SELECT a FROM #"}) {
    if (number++ > 0) {
      for (int i = 60; i >= 0; --i)
        file.run("DROP VIEW v" + std::to_string(i) + ";");
      file.run("DROP TABLE v;");
    }
    make_nest(from);
    expect_refused("v60");
    EXPECT_EQ(in_words(find("v2")), digest_of_a) << from;
  }
}

TEST_F(SqliteHostile, NamedPartsThatReadFromEachOtherTwiceAreRefused) {
  for (const char* as : {" AS (", "(a) AS NOT MATERIALIZED ("}) {
    for (const int parts : {8, 60}) {
      std::string sql = "CREATE VIEW w AS WITH p0 AS (SELECT 1 AS a)";
      for (int i = 1; i <= parts; ++i) {
        const std::string before = "p" + std::to_string(i - 1);
        sql += ", p" + std::to_string(i) + as + "SELECT x.a FROM " + before + " AS x, " + before + " AS y)";
      }
      file.run(sql + " SELECT a FROM p" + std::to_string(parts) + ";");
      if (parts == 8) {
        EXPECT_EQ(in_words(find("w")), digest_of_a);
      } else {
        expect_refused("w");
      }
      file.run("DROP VIEW w;");
    }
  }
}

TEST_F(SqliteHostile, APartThatIsUsedOnceCountsForWhatItReadsFrom) {
  make_nest("# JOIN # AS other");
  for (const char* nest : {"v8", "v60"})
    file.run(std::string("CREATE VIEW over_") + nest + " AS WITH p AS (SELECT a FROM " + nest +
             ") SELECT a FROM p;");
  EXPECT_EQ(in_words(find("over_v8")), digest_of_a);
  expect_refused("over_v60");
  // Before SQLite is asked, which would meet other bounds.
  EXPECT_NE(in_words(find("over_v60")).find("more often, or deeper"), std::string::npos);
}

TEST_F(SqliteHostile, AChainOfNamedPartsHasALength) {
  for (const int parts : {60, 150}) {
    // Each is named before what it reads from.
    const std::string last = "p" + std::to_string(parts);
    std::string sql = "CREATE VIEW w AS WITH ";
    for (int i = parts; i > 0; --i)
      sql += "p" + std::to_string(i) + " AS (SELECT a FROM p" + std::to_string(i - 1) + "), ";
    file.run(sql + "p0 AS (SELECT 1 AS a) SELECT a FROM " + last + ";");
    if (parts == 60) {
      EXPECT_EQ(in_words(find("w")), digest_of_a);
    } else {
      expect_refused("w");
    }
    file.run("DROP VIEW w;");
  }
}

TEST_F(SqliteHostile, APartThatReadsFromItselfIsRead) {
  file.run(
      "CREATE VIEW w AS WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < 3) "
      "SELECT a FROM n;");
  EXPECT_EQ(in_words(find("w")), digest_of_a);
}

TEST_F(SqliteHostile, AChainOfViewsHasALength) {
  std::string sql = "CREATE TABLE v (a); CREATE VIEW v0 AS SELECT a FROM v;";
  for (int i = 1; i <= 3000; ++i)
    sql += "CREATE VIEW v" + std::to_string(i) + " AS SELECT a FROM v" + std::to_string(i - 1) + ";";
  file.run("BEGIN;" + sql + "COMMIT;");
  EXPECT_EQ(in_words(find("v90")), digest_of_a);
  expect_refused("v3000");
}

TEST_F(SqliteHostile, ManyWideTablesThatAreJoinedByTheirColumnsAreRefused) {
  std::string from;
  for (int i = 0; i < 60; ++i) {
    std::string columns;
    for (int j = 0; j < 1900; ++j)
      columns += (j == 0 ? "c" : ", c") + std::to_string(i) + "_" + std::to_string(j);
    file.run("CREATE TABLE t" + std::to_string(i) + " (" + columns + ");");
    from += (i == 0 ? "t" : " NATURAL JOIN t") + std::to_string(i);
  }
  file.run("CREATE VIEW w AS SELECT 1 AS a FROM " + from +
           "; CREATE VIEW two AS SELECT 1 AS a FROM t0 NATURAL JOIN t1;");
  expect_refused("w");
  EXPECT_EQ(in_words(find("two")), digest_of_a);
}

TEST_F(SqliteHostile, AVirtualTableOverSuchViewsIsRefused) {
  make_nest("# JOIN # AS other");
  file.run("CREATE VIRTUAL TABLE text USING fts4(content='v60', a);");
  expect_refused("text");
  EXPECT_EQ(in_words(find("v")), digest_of_a);
}

TEST_F(SqliteHostile, ACircleOfViewsIsAnError) {
  file.run(
      "CREATE TABLE v (a); CREATE VIEW one AS SELECT a FROM v; CREATE VIEW two AS SELECT a FROM one;"
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE VIEW one AS SELECT a FROM two' "
      "WHERE name "
      "= 'one';");
  expect_refused("one");
  EXPECT_EQ(in_words(find("v")), digest_of_a);
}

TEST_F(SqliteHostile, TheWidestTableIsRead) {
  std::vector<column> columns;
  std::string sql;
  for (int i = 0; i < 2000; ++i) {
    columns.push_back({"a_column_with_a_long_name_" + std::to_string(i), "", false, 0});
    sql += (i == 0 ? "" : ", ") + columns.back().name;
  }
  file.run("CREATE TABLE v (" + sql + ");");
  EXPECT_EQ(in_words(find("v")), schema_digest(columns));
}

TEST_F(SqliteHostile, AStatementThatIsTooLongIsRefused) {
  file.run("CREATE TABLE v (a); CREATE VIEW w AS SELECT '" + std::string(1'000'000, 'x') + "';");
  const auto answer = find("v");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), errc::store_unreachable);
  EXPECT_NE(answer.error().message().find("1,000,000 bytes"), std::string::npos) << answer.error().message();
}

TEST_F(SqliteHostile, ASchemaThatTakesTooMuchMemoryIsRefused) {
  std::string numbers = "1";
  for (int i = 0; i < 490'000; ++i)
    numbers += ",1";
  file.run("CREATE TABLE v (a);");
  for (int i = 0; i < 6; ++i)
    file.run("CREATE VIEW w" + std::to_string(i) + " AS SELECT 1 WHERE 1 IN (" + numbers + ");");
  const auto answer = find("v");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), errc::store_unreachable);
  EXPECT_NE(answer.error().message().find("64 MiB"), std::string::npos) << answer.error().message();
}

TEST(SqliteBounds, EndAStatementThatHasNoEnd) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &raw), SQLITE_OK);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection(raw, sqlite3_close);
  sqlite_bounds bounds;
  bounds.set_for(raw);
  EXPECT_EQ(
      sqlite3_exec(raw, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT count(*) FROM n",
                   nullptr, nullptr, nullptr),
      SQLITE_INTERRUPT);
  EXPECT_EQ(bounds.met(), "it takes more than 20,000,000 steps");
  EXPECT_EQ(sqlite3_exec(raw, "ATTACH ':memory:' AS other", nullptr, nullptr, nullptr), SQLITE_ERROR);
}

TEST(SqliteExpansion, TakesAnyTextForAStatement) {
  const char* texts[] = {"",
                         "(",
                         ")",
                         "))",
                         "AS (",
                         "a AS (",
                         "a) AS (",
                         "() AS (",
                         "'",
                         "\"\"\"",
                         "[",
                         "/*",
                         "--",
                         "`x",
                         "w AS w AS (",
                         "WITH w AS (w, w",
                         "(a) AS NOT MATERIALIZED",
                         "a AS",
                         "+ AS (",
                         "w || w",
                         "WITH w AS (SELECT * FROM w, w)"};
  for (const char* text : texts) {
    sqlite_expansion one;
    one.add("w", text, sqlite_expansion::kind::view);
    EXPECT_TRUE(one.is_bounded("w")) << text;
    EXPECT_TRUE(one.is_bounded("missing")) << text;
  }
}

TEST(SqliteExpansion, FindsANameHoweverItIsSpelt) {
  const struct {
    /// What stands before and behind the number, in a statement and in the name itself.
    std::string begin, end, name;
    bool is_name;
  } spelt[] = {{"v$", "", "v$", true},   {"V_", "", "v_", true},   {"\xC3\xA9", "", "\xC3\xA9", true},
               {"'v ", "'", "v ", true}, {"[v ", "]", "v ", true}, {"v|", "", "v|", false},
               {"v~", "", "v~", false}};
  for (const auto& [begin, end, name, is_name] : spelt) {
    sqlite_expansion all;
    std::string before = "t";
    for (int i = 0; i < 60; ++i) {
      const std::string number = std::to_string(i);
      const std::string now = begin + number + end;
      // The statement ends with a name.
      all.add(name + number, "CREATE VIEW " + now + " AS SELECT a FROM " + before + ", " + before,
              sqlite_expansion::kind::view);
      before = now;
    }
    EXPECT_EQ(all.is_bounded(name + "59"), !is_name) << begin;
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
