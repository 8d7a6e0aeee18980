#include "postgres_catalog.hpp"

#include <array>
#include <cerrno>

#include "agentslock/kernel/detail/utf8.hpp"

namespace agentslock {
namespace {

/// NAMEDATALEN of PostgreSQL, without its NUL.
constexpr std::size_t name_size_max = 63;

/// Where nothing is on the search path, pg_catalog is still, and before it the temporary schema, in which anybody may have
/// shadowed a table. So each name is qualified, also of operators and types.
/// For each name a row a column, or one row when there is none. Names are compared as names, which has an index: longer ones,
/// which that would cut, never come here.
constexpr const char* found_views_query = R"(
WITH place AS MATERIALIZED (
  SELECT n.oid, pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS may_use
  FROM pg_catalog.pg_namespace AS n
  WHERE n.nspname OPERATOR(pg_catalog.=) $1::pg_catalog.text::pg_catalog.name
), asked AS MATERIALIZED (
  SELECT a.name, a.number, c.oid, c.relkind, c.relispopulated, key.indkey, key.indnkeyatts,
         pg_catalog.has_table_privilege(c.oid, 'SELECT')
           OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT') AS may_read
  FROM pg_catalog.unnest($2::pg_catalog.text[]) WITH ORDINALITY AS a (name, number)
  LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname OPERATOR(pg_catalog.=) a.name::pg_catalog.name
    AND c.relnamespace OPERATOR(pg_catalog.=) (SELECT place.oid FROM place)
  LEFT JOIN pg_catalog.pg_index AS key
    ON key.indrelid OPERATOR(pg_catalog.=) c.oid AND key.indisprimary
)
SELECT asked.number, asked.relkind, asked.may_read, asked.relispopulated,
       (SELECT place.oid IS NOT NULL FROM place), (SELECT place.may_use FROM place),
       asked.oid IS NULL AND EXISTS (
         SELECT FROM pg_catalog.pg_type AS t
         WHERE t.typname OPERATOR(pg_catalog.=) asked.name::pg_catalog.name
           AND t.typnamespace OPERATOR(pg_catalog.=) (SELECT place.oid FROM place)
           -- One that PostgreSQL makes beside another gives way by itself.
           AND NOT EXISTS (
             SELECT FROM pg_catalog.pg_type AS item WHERE item.typarray OPERATOR(pg_catalog.=) t.oid)),
       c.attname, pg_catalog.format_type(c.atttypid, c.atttypmod), c.attnotnull,
       -- The places in a key begin at 0, and end in what it only includes.
       CASE WHEN pg_catalog.array_position(asked.indkey::pg_catalog.int2[], c.attnum)
                   OPERATOR(pg_catalog.<) asked.indnkeyatts
            THEN pg_catalog.array_position(asked.indkey::pg_catalog.int2[], c.attnum) OPERATOR(pg_catalog.+) 1
            ELSE 0 END
FROM asked
LEFT JOIN pg_catalog.pg_attribute AS c
  ON c.attrelid OPERATOR(pg_catalog.=) asked.oid AND c.attnum OPERATOR(pg_catalog.>) 0 AND NOT c.attisdropped
ORDER BY asked.number, c.attnum)";
enum views_column {
  number_of,
  kind_of,
  may_read,
  is_populated,
  has_schema,
  may_use,
  is_type,
  name_of,
  type_of,
  not_null,
  key_position,
};

/// Whether the database has a table or view that somebody has made, but for where documents are kept.
constexpr const char* anything_query = R"(
SELECT EXISTS (
  SELECT FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
  WHERE c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,f,v,m}'::pg_catalog."char"[])
    AND n.nspname OPERATOR(pg_catalog.<>) ALL ('{pg_catalog,information_schema,pg_toast,agentslock}'::pg_catalog.name[])
    AND NOT pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_temp_')))";

struct relation_kind {
  char letter;
  std::string_view name;
};
constexpr std::array other_kinds{
    relation_kind{'S', "a sequence"}, relation_kind{'i', "an index"},      relation_kind{'I', "an index"},
    relation_kind{'c', "a type"},     relation_kind{'t', "a TOAST table"},
};

bool is_table_or_view(std::string_view kind) {
  return kind == "r" || kind == "p" || kind == "f" || kind == "v" || kind == "m";
}

std::string_view words_for(std::string_view kind) {
  for (const relation_kind& one : other_kinds) {
    if (kind.size() == 1 && kind.front() == one.letter) return one.name;
  }
  return "something that this program does not know";
}

error no_privilege(const std::string& message) {
  return {errc::store_unreachable, message, {EACCES, boost::system::system_category()}};
}

result<> check_name(std::string_view name, const std::string& what) {
  if (name.size() > name_size_max) {
    return error(errc::name_too_long, what + " is a name of " + std::to_string(name.size()) +
                                          " bytes; PostgreSQL keeps at most 63, and would cut it");
  }
  if (name.find('\0') != name.npos)
    return error(errc::store_unreachable, what + " holds a NUL, which no name in PostgreSQL can");
  return {};
}

/// Answers for one name from its rows, which begin at `row`; moves `row` behind them.
class answers {
 public:
  answers(const postgres_rows& rows, const std::string& where) : rows_(rows), where_(where) {}

  /// Nothing when it must be looked at again.
  result<std::optional<stored_view>> next(std::string_view view) {
    const int first = row_;
    while (row_ < rows_.size() && rows_.text(row_, number_of) == rows_.text(first, number_of))
      ++row_;
    const std::string named = std::string("\"").append(view).append("\" in ").append(where_);
    if (rows_.is_null(first, kind_of)) {
      if (rows_.is_true(first, is_type)) return in_its_place(named, "a type");
      return std::optional<stored_view>(stored_view());
    }
    const std::string_view kind = rows_.text(first, kind_of);
    if (!is_table_or_view(kind)) return in_its_place(named, words_for(kind));
    if (rows_.is_null(first, may_read)) return std::optional<stored_view>();
    if (!rows_.is_true(first, may_read)) {
      return no_privilege("could not read " + named +
                          ": the role has no SELECT on it; its owner must GRANT it");
    }
    if (!rows_.is_true(first, is_populated)) return std::optional<stored_view>(std::string());
    return digest(first, named);
  }

 private:
  static error in_its_place(const std::string& named, std::string_view kind) {
    return {errc::store_corrupt, named + " is " + std::string(kind) +
                                     ", and no table or view; rename it or move it to another schema"};
  }

  result<std::optional<stored_view>> digest(int first, const std::string& named) const {
    std::vector<column> columns;
    for (int row = first; row < row_ && !rows_.is_null(row, name_of); ++row) {
      const std::string_view type = rows_.text(row, type_of);
      if (type == "???") return std::optional<stored_view>();  // that type has been dropped since
      columns.push_back({std::string(rows_.text(row, name_of)), std::string(type),
                         rows_.is_true(row, not_null),
                         std::stoi(std::string(rows_.text(row, key_position)))});
      if (!is_utf8(columns.back().name) || !is_utf8(columns.back().declared_type)) {
        return error(errc::store_corrupt,
                     "a column of " + named + " has a name or a type that is not UTF-8: make the table anew");
      }
    }
    return std::optional<stored_view>(schema_digest(columns));
  }

  const postgres_rows& rows_;
  const std::string& where_;
  int row_ = 0;
};

}  // namespace

std::string postgres_schema(std::string_view adapter) {
  return std::string("schema \"").append(adapter).append("\" of the PostgreSQL store");
}

error store_error(const postgres_failure& why, const std::string& where) {
  if (why.what == postgres_trouble::bad_connection_string) return {errc::invalid_argument, why.why};
  if (why.what == postgres_trouble::not_connected)
    return {errc::store_unreachable, "could not connect for " + where + ": " + why.why, why.cause()};
  const bool is_busy = why.number == EBUSY;
  return {is_busy ? errc::store_busy : errc::store_unreachable, "could not read " + where + ": " + why.why,
          why.cause()};
}

postgres_result<> begin_reading(postgres_connection& connection, const postgres_limits& limits) {
  const std::string begin =
      "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;"
      "SET LOCAL search_path = '';"
      // Compiling takes longer than the query.
      "SET LOCAL jit = off;"
      "SET LOCAL statement_timeout = " +
      std::to_string(limits.statement.count());
  const auto begun = connection.run(begin.c_str());
  if (!begun) return begun.error();
  return {};
}

result<std::optional<std::vector<stored_view>>> find_in_catalog(postgres_connection& connection,
                                                                std::string_view adapter,
                                                                std::span<const std::string_view> views) {
  const std::string where = postgres_schema(adapter);
  if (const auto fit = check_name(adapter, "the adapter's " + where); !fit) return fit.error();
  for (const std::string_view view : views) {
    if (const auto fit = check_name(view, std::string("view \"").append(view).append("\" in ").append(where));
        !fit)
      return fit.error();
  }
  std::vector<stored_view> found;
  if (views.empty()) return found;
  const std::string array = postgres_array(views);
  const std::array<std::string_view, 2> parameters{adapter, array};
  const auto rows = connection.run(found_views_query, parameters);
  if (!rows) return store_error(rows.error(), where);
  if (!rows->is_true(0, has_schema)) {
    const auto anything = connection.run(anything_query);
    if (!anything) return store_error(anything.error(), where);
    if (!anything->is_true(0, 0)) {
      return error(errc::store_empty, "there is no " + where +
                                          ", whose database holds no table or view at all: it is more likely "
                                          "the wrong database than an empty store");
    }
  } else if (rows->is_null(0, may_use)) {
    return std::optional<std::vector<stored_view>>();
  } else if (!rows->is_true(0, may_use)) {
    return no_privilege("could not read " + where + ": the role has no USAGE on it; its owner must GRANT it");
  }
  answers all(*rows, where);
  found.reserve(views.size());
  for (const std::string_view view : views) {
    auto one = all.next(view);
    if (!one) return one.error();
    if (!*one) return std::optional<std::vector<stored_view>>();
    found.push_back(std::move(**one));
  }
  return found;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
