// The main job as a whole, in a process of its own: the command holds a document against a store of SQLite databases, all
// as it should be. Against one query a database, by a program that does nothing else.
#include <sqlite3.h>

#include <boost/filesystem.hpp>
#include <cstdlib>
#include <map>
#include <string>

#include "agentslock/io/presence.hpp"
#include "agentslock/io/sqlite_presence.hpp"
#include "document_generator.hpp"
#include "support.hpp"

namespace agentslock::bench {
namespace {

/// Of every view: a key, and seven columns more.
const std::vector<column> columns{{"id", "INTEGER", false, 1},     {"owner", "TEXT", true, 0},
                                  {"path", "TEXT", true, 0},       {"kind", "TEXT", false, 0},
                                  {"weight", "REAL", false, 0},    {"first_seen", "TEXT", false, 0},
                                  {"last_seen", "TEXT", false, 0}, {"uses", "INTEGER", true, 0}};

std::string statement(const std::string& name) {
  std::string sql = "CREATE TABLE " + name + " (";
  for (const column& one : columns) {
    sql += (&one == columns.data() ? "" : ", ") + one.name + " " + one.declared_type;
    sql += one.primary_key_position != 0 ? " PRIMARY KEY" : one.not_null ? " NOT NULL" : "";
  }
  return sql + ");";
}

void make_database(const std::string& path, std::size_t first_view, std::size_t views) {
  sqlite3* connection = nullptr;
  if (sqlite3_open(path.c_str(), &connection) != SQLITE_OK) std::abort();
  std::string sql = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;";
  for (std::size_t i = 0; i < views; ++i)
    sql += statement(view_name(first_view + i));
  if (sqlite3_exec(connection, (sql + "COMMIT;").c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    std::abort();
  sqlite3_close(connection);
}

/// A document and its store. Made once: the document, which depends on all that the store does, comes last, and tells the
/// next run that all is there.
struct project {
  std::string document;
  std::string store;
};

const project& made_project(std::size_t views, std::size_t databases) {
  static std::map<std::size_t, project> all;
  project& one = all[views];
  if (!one.store.empty()) return one;
  const std::string directory = work_directory() + "/store-" + std::to_string(views);
  const std::size_t each = views / databases;
  const std::string text = make_ready_document(views, each, schema_digest(columns));
  one = {directory + "/lock", directory + "/views"};
  if (boost::filesystem::exists(one.document)) {
    const bytes there = read_file(one.document);
    if (std::string_view(there.data.get(), there.size) == text) return one;
  }
  boost::filesystem::remove_all(directory);
  boost::filesystem::create_directories(one.store);
  for (std::size_t i = 0; i < databases; ++i)
    make_database(one.store + "/" + sqlite_file_name(adapter_name(i)), i * each, each);
  put_file(one.document, text);
  return one;
}

void check_with_store(benchmark::State& state, int databases, int rounds) {
  const project& of =
      made_project(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(databases));
  std::vector<double> clock_of_floor;
  std::vector<double> clock_of_ours;
  const std::string floor = installed(AGENTSLOCK_BARE_QUERIES_PATH);
  const std::string ours = installed(AGENTSLOCK_COMMAND_PATH);
  const auto run = [](std::vector<std::string> command, std::vector<double>& clock) {
    const process_cost cost = run_process(std::move(command));
    clock.push_back(cost.clock_ns);
    return cost.processor_ns;
  };
  compare_measured(
      state, rounds,
      [&] {
        return run({floor, of.store}, clock_of_floor);
      },
      [&] {
        return run({ours, "reconcile", "--check", "--document", of.document, "--store", "sqlite:" + of.store},
                   clock_of_ours);
      });
  state.counters["clock_floor_ns"] = median(clock_of_floor);
  state.counters["clock_ours_ns"] = median(clock_of_ours);
  state.counters["clock_ratio"] = median(clock_of_ours) / median(clock_of_floor);
}

[[maybe_unused]] const bool added = [] {
  const struct {
    int views;
    int databases;
    int rounds;
  } sizes[] = {{10, 1, 40}, {100, 10, 20}, {1'000, 100, 7}, {10'000, 10, 3}, {100'000, 1'000, 1}};
  for (const auto& [views, databases, rounds] : sizes)
    benchmark::RegisterBenchmark("store", check_with_store, databases, rounds)->Arg(views)->Iterations(1);
  return true;
}();

}  // namespace
}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
