// SQLite databases as a test needs them, and what stands in their directory.
#pragma once

#include <sqlite3.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "presence_store.hpp"
#include "temporary_directory.hpp"

namespace agentslock::testing {

/// A connection that makes and changes a database.
class sqlite_file {
 public:
  explicit sqlite_file(const std::string& path) {
    sqlite3* raw = nullptr;
    const int opened =
        sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    connection_.reset(raw);
    if (opened != SQLITE_OK) throw std::runtime_error(path + ": " + sqlite3_errmsg(raw));
  }
  sqlite_file(const std::string& path, const std::string& sql) : sqlite_file(path) { run(sql); }

  void run(const std::string& sql) {
    if (const int done = attempt(sql); done != SQLITE_OK) {
      throw std::runtime_error(sql + ": " + sqlite3_errmsg(connection_.get()));
    }
  }
  /// The result code, where a failure is what the test is about.
  int attempt(const std::string& sql) {
    return sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  }

 private:
  struct close {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close(connection); }
  };
  std::unique_ptr<sqlite3, close> connection_;
};

/// Every file of a directory as it is: its bytes, owner and times too.
[[nodiscard]] inline std::map<std::string, file_snapshot> snapshot_of_directory(
    const std::string& directory) {
  std::map<std::string, file_snapshot> files;
  for (const std::string& name : names_in(directory))
    files[name] = snapshot_of(directory + "/" + name);
  return files;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
