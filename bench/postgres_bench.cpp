// Presence of many views in one schema of a PostgreSQL database on a server of its own, against a bare query for the same
// columns. Both have their connection already, so that what is measured is by the clock what a look takes, the server's part too.
#include <libpq-fe.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "agentslock/io/postgres_presence.hpp"
#include "document_generator.hpp"
#include "support.hpp"
#include "support/postgres_server.hpp"

namespace agentslock::bench {
namespace {

using testing::postgres_server;
using testing::shared_postgres_server;

std::string schema_of(std::size_t views) {
  return "views_" + std::to_string(views);
}

/// Makes a schema of tables with a key and seven columns more. A transaction may not lock more than some thousands.
const std::string& made_schema(std::size_t views) {
  static std::vector<std::string> all;
  const std::string name = schema_of(views);
  for (const std::string& one : all) {
    if (one == name) return one;
  }
  const postgres_server& server = shared_postgres_server();
  server.run("CREATE SCHEMA " + name);
  constexpr std::size_t tables_at_once = 500;
  for (std::size_t first = 0; first < views; first += tables_at_once) {
    std::string sql;
    for (std::size_t i = first; i < std::min(views, first + tables_at_once); ++i) {
      sql += "CREATE TABLE " + name + "." + view_name(i) +
             " (id bigint PRIMARY KEY, owner text NOT NULL, path text NOT NULL, kind text, weight real, "
             "first_seen "
             "timestamptz, last_seen timestamptz, uses int NOT NULL);";
    }
    server.run(sql);
  }
  server.run("VACUUM ANALYZE");
  all.push_back(name);
  return all.back();
}

/// All that the query must do: the columns of the tables and views of a schema, and their places in the key.
void query_bare(PGconn* connection, const std::string& schema) {
  const std::string query =
      "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, "
      "coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0) "
      "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
      "LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary "
      "WHERE c.relnamespace = '" +
      schema + "'::regnamespace AND c.relkind IN ('r', 'p', 'f', 'v', 'm') ORDER BY c.relname, a.attnum";
  const std::unique_ptr<PGresult, void (*)(PGresult*)> answer(PQexec(connection, query.c_str()), PQclear);
  std::size_t bytes = 0;
  for (int row = 0; row < PQntuples(answer.get()); ++row) {
    for (int column = 0; column < 5; ++column)
      bytes += static_cast<std::size_t>(PQgetlength(answer.get(), row, column));
  }
  if (bytes == 0) std::abort();
}

void look(benchmark::State& state, int rounds) {
  const auto views = static_cast<std::size_t>(state.range(0));
  const std::string& schema = made_schema(views);
  const std::string connection = shared_postgres_server().connection();
  const std::unique_ptr<PGconn, void (*)(PGconn*)> bare(PQconnectdb(connection.c_str()), PQfinish);
  postgres_presence source(connection);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < views; ++i)
    names.push_back(view_name(i));
  const std::vector<std::string_view> asked(names.begin(), names.end());
  compare(
      state, rounds, [] {}, [&] { query_bare(bare.get(), schema); },
      [&] {
        const auto found = source.find_views(schema, asked);
        if (!found || !found->back()) std::abort();
      });
}

[[maybe_unused]] const bool added = [] {
  benchmark::RegisterBenchmark("postgres", look, 15)->Arg(1'000)->Iterations(1);
  benchmark::RegisterBenchmark("postgres", look, 7)->Arg(10'000)->Iterations(1);
  return true;
}();

}  // namespace
}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
