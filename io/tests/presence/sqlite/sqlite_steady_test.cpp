// Databases that are changed while they are read: what is answered is from one moment, or there was none, and that is
// said.
#include "sqlite_steady.hpp"

#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/printers.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

using testing::child_process;
using testing::sqlite_file;

class SqliteSteady : public testing::sqlite_fixture {
 protected:
  using names = std::vector<std::string>;

  /// A database that has no log, which SQLite reads without locks, after its last change has become old.
  void make_closed() const {
    sqlite_file(path, "PRAGMA journal_mode = WAL; CREATE TABLE v (a);");
    std::this_thread::sleep_for(2 * stamp_step_max);
  }
  /// The names of the tables, by which one can tell the moments; after each reading something happens.
  [[nodiscard]] result<names> read(const std::function<void(int)>& happens) {
    return read_steadily(place, names{"missing"}, [&](sqlite_reading& database) -> result<names> {
      const auto schema = database.schema();
      happens(++readings);
      if (!schema) return schema.error();
      names all;
      for (const auto& [name, what] : *schema)
        all.push_back(name);
      return all;
    });
  }

  const sqlite_place place{directory.path(), "comp"};
  int readings = 0;
};

TEST_F(SqliteSteady, AFileThatWasChangedIsReadAgain) {
  make_closed();
  const auto found = read([&](int number) {
    if (number == 1) sqlite_file(path, "CREATE TABLE w (a);");
  });
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(*found, (names{"v", "w"}));
  EXPECT_GT(readings, 1);
}

TEST_F(SqliteSteady, ALogThatAppearedIsReadToo) {
  make_closed();
  std::unique_ptr<sqlite_file> writer;
  const auto found = read([&](int number) {
    // It leaves the file as it is: what it has committed stands in the log alone.
    if (number == 1) writer = std::make_unique<sqlite_file>(path, "CREATE TABLE w (a);");
  });
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(*found, (names{"v", "w"}));
  EXPECT_EQ(readings, 2);
}

TEST_F(SqliteSteady, AFileThatWasRemovedIsMissing) {
  make_closed();
  sqlite_file(directory / "kg_other.db", "CREATE TABLE v (a);");
  const auto found = read([&](int) { boost::filesystem::remove(path); });
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(*found, names{"missing"});
  EXPECT_EQ(readings, 1);
}

TEST_F(SqliteSteady, AFileThatWasReplacedByADirectoryIsAnError) {
  make_closed();
  const auto found = read([&](int) {
    boost::filesystem::remove(path);
    boost::filesystem::create_directory(path);
  });
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), errc::store_corrupt) << found.error().message();
  EXPECT_NE(found.error().message().find("a directory"), std::string::npos) << found.error().message();
}

TEST_F(SqliteSteady, AFileThatNeverComesToRestIsBusy) {
  make_closed();
  const auto found = read([&](int number) {
    // Each time another size, and the same database.
    const std::string bytes = *testing::bytes_of(path);
    (void)directory.make_file("kg_comp.db", bytes + std::string(static_cast<std::size_t>(number), '\0'));
  });
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), errc::store_busy) << found.error().message();
  EXPECT_NE(found.error().message().find("keeps changing"), std::string::npos) << found.error().message();
  EXPECT_NE(found.error().message().find(path), std::string::npos) << found.error().message();
  EXPECT_EQ(readings, 10);
}

TEST_F(SqliteSteady, ALogThatIsReadWithoutItsIndexIsReadAgainAfterACommit) {
  child_process writer([&](const child_process::parent& parent) -> std::string {
    sqlite_file file(path, "PRAGMA journal_mode = WAL; CREATE TABLE v (a);");
    parent.tell();
    parent.wait();
    file.run("CREATE TABLE w (a);");
    parent.tell();
    parent.wait();
    return {};
  });
  ASSERT_TRUE(writer.wait());
  boost::filesystem::remove(path + "-shm");
  const auto found = read([&](int number) {
    if (number > 1) return;
    writer.tell();
    EXPECT_TRUE(writer.wait());
  });
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(*found, (names{"v", "w"}));
  EXPECT_EQ(readings, 2);
  writer.tell();
  EXPECT_EQ(writer.result(), "");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
