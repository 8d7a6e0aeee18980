#include "agentslock/io/postgres_listing.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include "postgres_catalog.hpp"

namespace agentslock {
namespace {

constexpr const char* adapters_query = R"(
SELECT n.nspname FROM pg_catalog.pg_namespace AS n
WHERE NOT pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_')
  AND n.nspname OPERATOR(pg_catalog.<>) ALL ('{information_schema,agentslock}'::pg_catalog.name[])
  AND (n.nspname OPERATOR(pg_catalog.<>) 'public'::pg_catalog.name OR EXISTS (
         SELECT FROM pg_catalog.pg_class AS c WHERE c.relnamespace OPERATOR(pg_catalog.=) n.oid))
ORDER BY n.nspname COLLATE pg_catalog."C")";

constexpr const char* listed_views_query = R"(
SELECT c.relname, pg_catalog.has_schema_privilege(n.oid, 'USAGE')
FROM pg_catalog.pg_namespace AS n
LEFT JOIN pg_catalog.pg_class AS c
  ON c.relnamespace OPERATOR(pg_catalog.=) n.oid
  AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,f,v,m}'::pg_catalog."char"[])
  AND NOT c.relispartition
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.objid OPERATOR(pg_catalog.=) c.oid AND d.deptype OPERATOR(pg_catalog.=) 'e'::pg_catalog."char")
WHERE n.nspname::pg_catalog.text OPERATOR(pg_catalog.=) $1::pg_catalog.text
ORDER BY c.relname COLLATE pg_catalog."C")";

/// The answer to one query, in a connection of its own.
postgres_result<postgres_rows> ask(const std::string& connection_string, const postgres_limits& limits,
                                   const char* query, std::span<const std::string_view> parameters) {
  auto connection = postgres_connection::open(connection_string, limits);
  if (!connection) return connection.error();
  if (const auto begun = begin_reading(*connection, limits); !begun) return begun.error();
  return connection->run(query, parameters);
}

}  // namespace

postgres_listing::postgres_listing(std::string connection_string, postgres_limits limits)
    : connection_string_(std::move(connection_string)), limits_(limits) {}

result<std::vector<std::string>> postgres_listing::adapters() {
  const auto rows = ask(connection_string_, limits_, adapters_query, {});
  if (!rows) return store_error(rows.error(), "the PostgreSQL store");
  std::vector<std::string> names;
  for (int row = 0; row < rows->size(); ++row)
    names.emplace_back(rows->text(row, 0));
  return names;
}

result<std::vector<std::string>> postgres_listing::views(std::string_view adapter) {
  const std::string where = postgres_schema(adapter);
  const std::array<std::string_view, 1> parameters{adapter};
  const auto rows = ask(connection_string_, limits_, listed_views_query, parameters);
  if (!rows) return store_error(rows.error(), where);
  std::vector<std::string> names;
  for (int row = 0; row < rows->size(); ++row) {
    if (!rows->is_true(row, 1)) {
      return error(errc::store_unreachable, "could not read " + where + ": the role has no USAGE on it",
                   {EACCES, boost::system::system_category()});
    }
    if (!rows->is_null(row, 0)) names.emplace_back(rows->text(row, 0));
  }
  return names;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
