// Many views by one opening, and many databases side by side.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/filesystem.hpp>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "agentslock/io/sqlite_presence.hpp"
#include "sqlite_reading.hpp"
#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/sqlite_file.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

using testing::digest_of_a;
using testing::digest_of_b;
using testing::in_child;
using testing::in_words;
using testing::snapshot_of_directory;
using testing::sqlite_file;
using testing::temporary_directory;

using names = std::vector<std::string>;

/// Sees what SQLite does in this process's connections, from their opening on.
class sqlite_watch {
 public:
  sqlite_watch() {
    current = this;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(opened));
  }
  sqlite_watch(const sqlite_watch&) = delete;
  sqlite_watch& operator=(const sqlite_watch&) = delete;
  ~sqlite_watch() {
    sqlite3_reset_auto_extension();
    current = nullptr;
  }

  int openings = 0;
  /// The statements that are about the columns of something.
  names about_columns;
  /// Memory that others have, and give back when a connection is in use.
  void* held = nullptr;

 private:
  static int opened(sqlite3* connection, const char**, const void*) {
    ++current->openings;
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, stepped, nullptr);
  }
  static int stepped(unsigned, void*, void*, void* text) {
    const std::string sql = static_cast<const char*>(text);
    if (sql.find("table_") != sql.npos || sql.find("FROM \"") != sql.npos)
      current->about_columns.push_back(sql);
    sqlite3_free(std::exchange(current->held, nullptr));
    return 0;
  }

  static inline sqlite_watch* current = nullptr;
};

class SqliteMany : public ::testing::Test {
 protected:
  void put(const std::string& adapter, const std::string& sql) const {
    sqlite_file(directory / sqlite_file_name(adapter),
                "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;" + sql);
  }
  [[nodiscard]] names find(std::string_view adapter, const std::vector<std::string_view>& views) const {
    const auto before = snapshot_of_directory(directory.path());
    auto answers = in_words(sqlite_presence(directory.path()).find_views(adapter, views));
    EXPECT_EQ(snapshot_of_directory(directory.path()), before) << "a reader leaves nothing";
    return answers;
  }
  [[nodiscard]] names find_in_all(const std::vector<view_key>& keys) const {
    sqlite_presence source(directory.path());
    return in_words(find_all(source, keys));
  }

  temporary_directory directory;
};

TEST_F(SqliteMany, AllThatIsAskedForIsAnsweredByOneOpeningInTheOrderOfTheNames) {
  put("comp",
      "CREATE TABLE t (a); CREATE TABLE v (b); CREATE VIEW w AS SELECT a FROM t;"
      "CREATE VIEW broken AS SELECT a FROM gone; CREATE VIRTUAL TABLE text USING fts5(a);"
      "CREATE TABLE \"it's\" (a); CREATE TABLE not_asked_for (x);");
  sqlite_watch watch;
  const std::vector<std::string_view> asked{"w", "missing", "v", "broken", "t", "text", "w", "", "it's", "T"};
  const names answers = find("comp", asked);
  EXPECT_EQ(answers, (names{digest_of_a, "absent", digest_of_b, "", digest_of_a, digest_of_a, digest_of_a,
                            "absent", digest_of_a, "absent"}));
  EXPECT_EQ(watch.openings, 1);
  for (const std::string& sql : watch.about_columns)
    EXPECT_EQ(sql.find("not_asked_for"), sql.npos) << sql;
  for (std::size_t i = 0; i < asked.size(); ++i)
    EXPECT_EQ(in_words(sqlite_presence(directory.path()).find({"comp", asked[i]})), answers[i]) << asked[i];
  EXPECT_EQ(find("comp", {}), names());
  EXPECT_EQ(find("missing", {"v", "w"}), (names{"absent", "absent"}));
}

TEST_F(SqliteMany, AHugeSchemaOfOtherTablesIsNotLookedInto) {
  std::string sql = "BEGIN; CREATE TABLE v (a); CREATE TABLE w (b);";
  for (int i = 0; i < 1000; ++i) {
    sql += "CREATE TABLE other" + std::to_string(i) + " (a, b, c);";
    sql += "CREATE VIEW over" + std::to_string(i) + " AS SELECT a FROM other" + std::to_string(i) + ";";
  }
  put("comp", sql + "COMMIT;");
  sqlite_watch watch;
  EXPECT_EQ(find("comp", {"v", "w", "missing"}), (names{digest_of_a, digest_of_b, "absent"}));
  EXPECT_EQ(watch.about_columns.size(), 2U) << "one look for each table that was asked for and is there";
  watch.about_columns.clear();
  EXPECT_EQ(find("comp", {"over7"}), (names{digest_of_a}));
  EXPECT_EQ(watch.about_columns.size(), 1U);
}

TEST_F(SqliteMany, OneThatCanNotBeReadIsTheAnswerForAll) {
  put("comp", "CREATE TABLE v (a); CREATE VIEW odd AS SELECT only_theirs(a) AS x FROM v;");
  const names answers = find("comp", {"v", "odd", "missing"});
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_NE(answers[0].find("only_theirs"), std::string::npos) << answers[0];
  EXPECT_EQ(find("comp", {"v", "missing"}), (names{digest_of_a, "absent"}));
}

TEST_F(SqliteMany, WhatABatchAnswersIsFromOneMoment) {
  sqlite_file writer(directory / "kg_comp.db",
                     "PRAGMA journal_mode = WAL; CREATE TABLE v (a); CREATE TABLE w (a);");
  sqlite_reading reading(directory / "kg_comp.db", "the store");
  ASSERT_TRUE(reading.begin());
  const std::vector<std::string_view> first{"v"};
  ASSERT_EQ(in_words(reading.find(first)), names{digest_of_a});
  writer.run("DROP TABLE v; CREATE TABLE v (b); DROP TABLE w; CREATE TABLE w (b);");
  const std::vector<std::string_view> both{"v", "w"};
  EXPECT_EQ(in_words(reading.find(both)), (names{digest_of_a, digest_of_a}));
  EXPECT_EQ(find("comp", both), (names{digest_of_b, digest_of_b}));
}

TEST_F(SqliteMany, ADatabaseThatIsReplacedBetweenTwoQuestionsIsSeenWhole) {
  put("comp", "CREATE TABLE v (a); CREATE TABLE w (a);");
  put("new", "CREATE TABLE w (b); CREATE TABLE x (b);");
  sqlite_presence source(directory.path());
  const std::vector<std::string_view> asked{"v", "w", "x"};
  ASSERT_EQ(in_words(source.find_views("comp", asked)), (names{digest_of_a, digest_of_a, "absent"}));
  boost::filesystem::rename(directory / "kg_new.db", directory / "kg_comp.db");
  EXPECT_EQ(in_words(source.find_views("comp", asked)), (names{"absent", digest_of_b, digest_of_b}));
}

TEST_F(SqliteMany, OfDamagedAndSoundDatabasesTheFirstDamagedOneIsTold) {
  std::vector<view_key> sound;
  for (const char* adapter : {"a", "c", "e", "g"}) {
    put(adapter, "CREATE TABLE v (a); CREATE TABLE w (b);");
    sound.insert(sound.end(), {{adapter, "v"}, {adapter, "w"}});
  }
  (void)directory.make_file("kg_d.db", std::string(5000, 'x'));
  (void)directory.make_file("kg_f.db", "");
  std::vector<view_key> all = sound;
  all.insert(all.begin() + 4, {{"d", "v"}, {"missing", "v"}});
  all.insert(all.end() - 2, {"f", "v"});
  for (int i = 0; i < 20; ++i) {
    const names answers = find_in_all(all);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_NE(answers[0].find("kg_d.db"), std::string::npos) << answers[0];
  }
  const names both{digest_of_a, digest_of_b};
  names expected;
  for (int i = 0; i < 4; ++i)
    expected.insert(expected.end(), both.begin(), both.end());
  EXPECT_EQ(find_in_all(sound), expected);
}

TEST_F(SqliteMany, AThousandDatabasesAreReadWithFewDescriptors) {
  put("0", "CREATE TABLE v (a);");
  names adapters{"0"};
  for (int i = 1; i < 1000; ++i) {
    adapters.push_back(std::to_string(i));
    boost::filesystem::copy_file(directory / "kg_0.db", directory / sqlite_file_name(adapters.back()));
  }
  std::vector<view_key> keys;
  for (const std::string& adapter : adapters)
    keys.insert(keys.end(), {{adapter, "v"}, {adapter, "w"}});
  EXPECT_EQ(in_child([&]() -> std::string {
              // UndefinedBehaviorSanitizer opens a pipe for each type that it meets first.
              (void)find_in_all({keys[0], {"0", "w"}, {"no such one", "v"}, keys[2]});
              (void)sqlite_presence(directory / "nothing").find({"0", "v"});
              (void)std::error_code(EMFILE, std::generic_category()).message();
              (void)boost::system::error_code(EMFILE, boost::system::system_category()).message();
              // What one database needs; two at once may need more.
              const int next = ::dup(0);
              ::close(next);
              const rlimit few{static_cast<rlim_t>(next) + 3, static_cast<rlim_t>(next) + 3};
              if (::setrlimit(RLIMIT_NOFILE, &few) != 0) return "no limit";
              const names answers = find_in_all(keys);
              if (answers.size() != keys.size()) return answers.front();
              for (std::size_t i = 0; i < answers.size(); ++i) {
                if (answers[i] != (i % 2 == 0 ? digest_of_a : "absent"))
                  return to_string(keys[i]) + ": " + answers[i];
              }
              const int after = ::dup(0);
              return after == next ? "" : "a file stayed open";
            }),
            "");
}

TEST_F(SqliteMany, WithLittleMemoryTheAnswerIsAnErrorOrRightAndNeverAbsent) {
  std::string sql = "BEGIN;";
  for (int i = 0; i < 200; ++i)
    sql += "CREATE TABLE t" + std::to_string(i) + " (a);";
  put("comp", sql + "COMMIT;");
  EXPECT_EQ(in_child([&]() -> std::string {
              bool has_failed = false;
              for (std::int64_t bytes = 20'000; bytes < 4'000'000; bytes += bytes / 20) {
                sqlite3_hard_heap_limit64(bytes);
                sqlite_presence source(directory.path());
                const std::vector<std::string_view> asked{"t0", "t7", "t199"};
                const auto answers = source.find_views("comp", asked);
                if (answers ? in_words(answers) != names(3, digest_of_a)
                            : answers.error().code() != errc::store_unreachable) {
                  return std::to_string(bytes) + ": " + in_words(answers).front();
                }
                has_failed = has_failed || !answers;
                if (answers && has_failed) return {};
              }
              return has_failed ? "it never had enough" : "it always had enough";
            }),
            "");
}

TEST_F(SqliteMany, MemoryThatOthersGiveBackMakesTheBoundNoWider) {
  std::string numbers = "1";
  for (int i = 0; i < 490'000; ++i)
    numbers += ",1";
  put("comp", "CREATE TABLE v (a);");
  for (int i = 0; i < 6; ++i)
    put("comp", "CREATE VIEW w" + std::to_string(i) + " AS SELECT 1 WHERE 1 IN (" + numbers + ");");
  sqlite_watch watch;
  watch.held = sqlite3_malloc64(std::uint64_t{256} << 20);
  ASSERT_NE(watch.held, nullptr);
  const names answers = find("comp", {"v"});
  EXPECT_EQ(watch.held, nullptr) << "it was not given back while the schema was read";
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_NE(answers[0].find("64 MiB"), std::string::npos) << answers[0];
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
