// What of the backend is SQL: crg's schemas, how its tables get there, the programs of the views. Nothing here knows agentslock.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

/// Runs SQL on a database, and waits for its lock; gives the rows, a line each. Throws what SQLite says; then nothing of a
/// transaction that was begun stays.
inline std::string run(const std::string& database, const std::string& sql) {
  sqlite3* opened = nullptr;
  std::string rows;
  const auto add = [](void* to, int count, char** values, char**) {
    for (int i = 0; i < count; ++i) {
      auto& text = *static_cast<std::string*>(to);
      text.append(values[i] == nullptr ? "" : values[i]).append(i + 1 < count ? " " : "\n");
    }
    return 0;
  };
  int code = sqlite3_open(database.c_str(), &opened);
  if (code == SQLITE_OK) code = sqlite3_busy_timeout(opened, 10'000);
  if (code == SQLITE_OK) code = sqlite3_exec(opened, sql.c_str(), add, &rows, nullptr);
  const std::string why = sqlite3_errmsg(opened);
  sqlite3_close(opened);
  if (code != SQLITE_OK) throw std::runtime_error(why);
  return rows;
}

/// A project's SQL files and its databases. Throws what SQLite says.
class sql_project {
 public:
  explicit sql_project(std::filesystem::path at) : at_(std::move(at)) {
    std::filesystem::create_directory(at_ / "store");
  }

  [[nodiscard]] std::string text_of(const std::string& name) const {
    std::ifstream file(at_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Empty when there is no such schema.
  [[nodiscard]] std::string schema(int number) const {
    return text_of("schema/" + std::to_string(number) + ".sql");
  }
  /// The number of the first schema that it is; 0 when it is none.
  template <class Condition>
  [[nodiscard]] int find_schema(const Condition& is_it) const {
    for (int number = 1; !schema(number).empty(); ++number) {
      if (is_it(schema(number))) return number;
    }
    return 0;
  }
  /// The views' names.
  [[nodiscard]] std::vector<std::string> views() const {
    std::vector<std::string> all;
    for (const auto& program : std::filesystem::directory_iterator(at_ / "view"))
      all.push_back(program.path().stem().string());
    return all;
  }

  /// Brings crg's own tables to a schema, one after the other. Each is all or nothing; another instance may be faster. Refuses
  /// schema 0: then the document is another release's.
  void migrate_to(int number) const {
    if (number == 0) throw std::runtime_error("the active schema of crg is none of this release's");
    const auto version = [&] { return std::stoi(run(crg_, "PRAGMA user_version")); };
    for (int next = version() + 1; next <= number; ++next) {
      const std::string text = std::to_string(next);
      try {
        run(crg_, "BEGIN IMMEDIATE;" + text_of("migration/" + text + ".sql") + "PRAGMA user_version=" + text +
                      "; COMMIT");
      } catch (const std::runtime_error&) {
        if (version() < next) throw;
      }
    }
  }
  /// Fills a view's table from crg's. In one transaction: whoever reads sees the old table or the new one.
  void fill(const std::string& view) const {
    const std::string table = "\"" + view + "\"";
    run(comp_, "ATTACH '" + crg_ + "' AS crg; BEGIN IMMEDIATE; DROP TABLE IF EXISTS " + table +
                   "; CREATE TABLE " + table + " AS " + text_of("view/" + view + ".sql") + "; COMMIT");
  }
  [[nodiscard]] std::string rows_of(const std::string& view) const {
    return run(comp_, "SELECT * FROM \"" + view + "\"");
  }
  /// Why a view's program can't read tables of a schema; empty when it can.
  [[nodiscard]] std::string why_invalid(const std::string& view, int number) const {
    try {
      run(":memory:", schema(number) + "EXPLAIN " + text_of("view/" + view + ".sql"));
      return {};
    } catch (const std::runtime_error& why) {
      return why.what();
    }
  }

 private:
  const std::filesystem::path at_;
  const std::string crg_ = at_ / "store" / "kg_crg.db";
  const std::string comp_ = at_ / "store" / "kg_comp.db";
};
// SPDX-License-Identifier: Apache-2.0
