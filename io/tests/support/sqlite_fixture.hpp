// A directory with comp's database, and what the source says about the views in it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/sqlite_presence.hpp"
#include "child_process.hpp"
#include "sqlite_file.hpp"

namespace agentslock::testing {

/// Of a table with the one column a, or b.
inline const std::string digest_of_a = schema_digest(std::vector<column>{{"a", "", false, 0}});
inline const std::string digest_of_b = schema_digest(std::vector<column>{{"b", "", false, 0}});

class sqlite_fixture : public ::testing::Test {
 protected:
  /// What a killed writer leaves in WAL mode: a database that must be read with its log, the log and its index.
  void make_log(const std::string& sql = "CREATE TABLE v (a);") const {
    child_process writer([&](const child_process::parent& parent) -> std::string {
      const sqlite_file file(path, "PRAGMA journal_mode = WAL;" + sql);
      parent.tell();
      parent.wait();
      return {};
    });
    ASSERT_TRUE(writer.wait());
    writer.kill();
    ASSERT_EQ(names_in(directory.path()).size(), 3U);
  }
  /// Asks about a view of comp. Whatever the answer is, a reader leaves everything as it was.
  [[nodiscard]] result<stored_view> find(std::string_view view = "v") const {
    const auto before = snapshot_of_directory(directory.path());
    auto answer = sqlite_presence(directory.path()).find({"comp", view});
    EXPECT_EQ(snapshot_of_directory(directory.path()), before) << "a reader leaves nothing";
    return answer;
  }
  /// Expects that the view can't be told, and that the reason has these words.
  void expect_error(errc code, const std::vector<std::string>& words, std::string_view view = "v") const {
    const auto answer = find(view);
    ASSERT_FALSE(answer) << words.front() << ": " << answer->value_or("absent");
    EXPECT_EQ(answer.error().code(), code) << words.front() << ": " << answer.error().message();
    for (const std::string& word : words)
      EXPECT_NE(answer.error().message().find(word), std::string::npos)
          << word << ": " << answer.error().message();
  }

  temporary_directory directory;
  const std::string path = directory / "kg_comp.db";
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
