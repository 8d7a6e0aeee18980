#include "agentslock/io/sqlite_listing.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "agentslock/io/sqlite_presence.hpp"
#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/refused_calls.hpp"
#include "support/sqlite_file.hpp"

namespace agentslock {
namespace {

using namespace std::string_literals;
using testing::snapshot_of_directory;
using testing::sqlite_file;
using testing::temporary_directory;

TEST(AdapterOfSqliteFile, IsTheInverseOfItsName) {
  for (const std::string& name :
       {""s, "crg"s, "a/b"s, "../../x"s, "%2F"s, "a\0b"s, "é\U0001F600"s, "kg_.db"s})
    EXPECT_EQ(adapter_of_sqlite_file(sqlite_file_name(name)), name);
  for (int byte = 0; byte < 256; ++byte) {
    const std::string name(1, static_cast<char>(byte));
    EXPECT_EQ(adapter_of_sqlite_file(sqlite_file_name(name)), name) << byte;
  }
}

TEST(AdapterOfSqliteFile, ANameThatIsSpeltOtherwiseBelongsToNone) {
  for (std::string_view name : {"", "kg_", ".db", "kg_.d", "kg.db", "KG_a.db", "kg_a.DB", "kg_a.db-wal",
                                "kg_%.db", "kg_%2.db", "kg_%2f.db", "kg_%41.db", "kg_a b.db", "kg_%GG.db"})
    EXPECT_EQ(adapter_of_sqlite_file(name), std::nullopt) << name;
}

TEST(SqliteContents, ListsWhatIsThereAndChangesNothing) {
  const temporary_directory directory;
  sqlite_file(directory / "kg_b.db", "create table t(a); create view s as select a from t;");
  sqlite_file(directory / "kg_a.db", "create table only(a integer primary key autoincrement)");
  const auto before = snapshot_of_directory(directory.path());
  sqlite_listing contents(directory.path());
  EXPECT_EQ(contents.adapters().value(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(contents.views("b").value(), (std::vector<std::string>{"s", "t"}));
  EXPECT_EQ(contents.views("a").value(), std::vector<std::string>{"only"});
  EXPECT_TRUE(contents.views("c").value().empty());
  EXPECT_EQ(snapshot_of_directory(directory.path()), before);
}

TEST(SqliteContents, WhereAVirtualTableKeepsWhatItHoldsIsNobodysView) {
  const temporary_directory directory;
  sqlite_file(directory / "kg_a.db",
              "create virtual table text_of using fts4(a); create table plain(a); create table plain_one(a);"
              "create table unlike_one(a); create table text_other(a);");
  EXPECT_EQ(sqlite_listing(directory.path()).views("a").value(),
            (std::vector<std::string>{"plain", "plain_one", "text_of", "text_other", "unlike_one"}));
}

TEST(SqliteContents, ADatabaseThatIsDamagedIsAnErrorAndNotEmpty) {
  const temporary_directory directory;
  sqlite_file(
      directory / "kg_a.db",
      "create table v(a); pragma writable_schema = on; update sqlite_schema set sql = 'create table';");
  (void)directory.make_file("kg_b.db", std::string(5000, 'x'));
  for (const char* adapter : {"a", "b"}) {
    const auto views = sqlite_listing(directory.path()).views(adapter);
    ASSERT_FALSE(views) << adapter;
    EXPECT_EQ(views.error().code(), errc::store_corrupt) << views.error().message();
  }
}

TEST(SqliteContents, AnEmptyDirectoryHoldsNothingAndAMissingOneIsAnError) {
  const temporary_directory directory;
  EXPECT_TRUE(sqlite_listing(directory.path()).adapters().value().empty());
  EXPECT_TRUE(sqlite_listing(directory.path()).views("a").value().empty());
  for (const std::string& path : {directory / "nothing", "a\0b"s}) {
    sqlite_listing contents(path);
    EXPECT_EQ(contents.adapters().error().code(), errc::store_unreachable);
    EXPECT_EQ(contents.views("a").error().code(), errc::store_unreachable);
  }
}

class SqliteUnlisted : public testing::with_refused_calls {};

TEST_F(SqliteUnlisted, ADirectoryWhoseListingBreaksOffIsAnErrorAndNotEmpty) {
  const temporary_directory directory;
  sqlite_file(directory / "kg_a.db", "create table t(a)");
  EXPECT_EQ(testing::in_child([&]() -> std::string {
              if (auto wrong = testing::refuse({{SYS_getdents64, EIO}}); !wrong.empty()) return wrong;
              sqlite_listing contents(directory.path());
              const auto listed = contents.adapters();
              if (listed || listed.error().code() != errc::store_unreachable) return "adapters";
              if (listed.error().cause().value() != EIO) return listed.error().message();
              // Of an adapter without a database: whether there is any is asked of the directory.
              const auto views = contents.views("b");
              if (views || views.error().code() != errc::store_unreachable) return "views";
              const auto found = sqlite_presence(directory.path()).find({"b", "v"});
              if (found || found.error().code() != errc::store_unreachable) return "presence";
              return found.error().cause().value() == EIO ? "" : found.error().message();
            }),
            "");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
