#include "postgres_table.hpp"

#include <charconv>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "agentslock/io/host.hpp"

namespace agentslock {
namespace {

// Every name is qualified, and every operator: what stands on the search path is not ours to trust.

constexpr const char* read_row =
    "SELECT revision::pg_catalog.text, token, content FROM agentslock.document "
    "WHERE key OPERATOR(pg_catalog.=) $1::pg_catalog.text";
constexpr const char* read_revision_of_row =
    "SELECT revision::pg_catalog.text, token, content IS NOT NULL FROM agentslock.document "
    "WHERE key OPERATOR(pg_catalog.=) $1::pg_catalog.text";
/// Waits for a transaction that is about to change the row.
constexpr const char* read_revision_for_update =
    "SELECT revision::pg_catalog.text, token FROM agentslock.document "
    "WHERE key OPERATOR(pg_catalog.=) $1::pg_catalog.text "
    "AND pg_catalog.set_config('lock_timeout', $2::pg_catalog.text, true) IS NOT NULL FOR UPDATE";

// What is set here holds for this transaction: how long to wait for the row, and that a commit is on the disk before it is
// said, where the server was told not to wait for that.
#define AGENTSLOCK_SETTINGS(LOCK_TIMEOUT)                                                        \
  "pg_catalog.set_config('lock_timeout', " LOCK_TIMEOUT                                          \
  "::pg_catalog.text, true) IS NOT NULL "                                                        \
  "AND CASE WHEN pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off' " \
  "THEN pg_catalog.set_config('synchronous_commit', 'on', true) IS NOT NULL ELSE true END"

constexpr const char* swap_content =
    "UPDATE agentslock.document SET revision = revision OPERATOR(pg_catalog.+) 1, "
    "token = $4::pg_catalog.text, content = $6::pg_catalog.bytea, changed_at = pg_catalog.clock_timestamp() "
    "WHERE key OPERATOR(pg_catalog.=) $1::pg_catalog.text "
    "AND revision OPERATOR(pg_catalog.=) $2::pg_catalog.text::pg_catalog.int8 "
    "AND token OPERATOR(pg_catalog.=) $3::pg_catalog.text AND " AGENTSLOCK_SETTINGS("$5");
constexpr const char* swap_away =
    "UPDATE agentslock.document SET revision = revision OPERATOR(pg_catalog.+) 1, "
    "token = $4::pg_catalog.text, content = NULL, changed_at = pg_catalog.clock_timestamp() "
    "WHERE key OPERATOR(pg_catalog.=) $1::pg_catalog.text "
    "AND revision OPERATOR(pg_catalog.=) $2::pg_catalog.text::pg_catalog.int8 "
    "AND token OPERATOR(pg_catalog.=) $3::pg_catalog.text AND " AGENTSLOCK_SETTINGS("$5");
constexpr const char* insert_first =
    "INSERT INTO agentslock.document (key, revision, token, content, changed_at) "
    "SELECT $1::pg_catalog.text, 1, $2::pg_catalog.text, $4::pg_catalog.bytea, pg_catalog.clock_timestamp() "
    "WHERE " AGENTSLOCK_SETTINGS("$3") " ON CONFLICT (key) DO NOTHING";

#undef AGENTSLOCK_SETTINGS

constexpr const char* list_rows =
    "SELECT key, revision::pg_catalog.text, pg_catalog.octet_length(content)::pg_catalog.text, "
    "pg_catalog.to_char(pg_catalog.timezone('UTC', changed_at), 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
    "FROM agentslock.document WHERE key OPERATOR(pg_catalog.>=) $1::pg_catalog.text "
    "AND pg_catalog.starts_with(key, $1::pg_catalog.text) AND content IS NOT NULL "
    "ORDER BY key COLLATE pg_catalog.\"C\" USING OPERATOR(pg_catalog.<)";

/// Whether there is the schema; and the table's columns, nothing where there is none.
constexpr const char* look_for_table =
    "SELECT (SELECT true FROM pg_catalog.pg_namespace n WHERE n.nspname OPERATOR(pg_catalog.=) "
    "'agentslock'), "
    "(SELECT pg_catalog.string_agg(a.attname::pg_catalog.text OPERATOR(pg_catalog.||) ' ' "
    "OPERATOR(pg_catalog.||) pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum "
    "USING OPERATOR(pg_catalog.<)) "
    "FROM pg_catalog.pg_namespace n "
    "JOIN pg_catalog.pg_class c ON c.relnamespace OPERATOR(pg_catalog.=) n.oid "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid "
    "WHERE n.nspname OPERATOR(pg_catalog.=) 'agentslock' AND c.relname OPERATOR(pg_catalog.=) 'document' "
    "AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped)";
constexpr std::string_view columns =
    "key text, revision bigint, token text, content bytea, changed_at timestamp with time zone";
constexpr const char* make_schema = "CREATE SCHEMA IF NOT EXISTS agentslock";
constexpr const char* make_table =
    "CREATE TABLE IF NOT EXISTS agentslock.document ("
    "key pg_catalog.text COLLATE pg_catalog.\"C\" PRIMARY KEY, "
    "revision pg_catalog.int8 NOT NULL, token pg_catalog.text NOT NULL, content pg_catalog.bytea, "
    "changed_at pg_catalog.timestamptz NOT NULL)";

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

row_revision revision_in(const postgres_rows& rows) {
  if (rows.size() == 0) return {};
  return {number_in(rows.text(0, 0)), std::string(rows.text(0, 1))};
}

}  // namespace

/// One swap, as it may be sent more than once.
struct postgres_table::change {
  std::string_view key;
  const row_revision& as_read;
  std::optional<std::string_view> content;
  std::string token;
  std::string lock_timeout;
};

result<document_row> postgres_table::read(std::string_view key) {
  if (const auto fit = sessions_.check_caller(); !fit) return fit.error();
  auto rows = sessions_.run(read_row, {&key, 1}, postgres_format::binary);
  if (!rows) return document_error(rows.error(), key);
  document_row row;
  row.revision = revision_in(*rows);
  if (rows->size() == 0 || rows->is_null(0, 2)) return row;
  row.exists = true;
  const std::string_view content = rows->text(0, 2);
  // The answer itself is kept: a large document is not copied.
  const auto answer = std::make_shared<postgres_rows>(std::move(*rows));
  row.content = text_buffer(std::shared_ptr<const char[]>(answer, content.data()), content.size());
  return row;
}

result<document_row> postgres_table::read_revision(std::string_view key) {
  if (const auto fit = sessions_.check_caller(); !fit) return fit.error();
  const auto rows = sessions_.run(read_revision_of_row, {&key, 1});
  if (!rows) return document_error(rows.error(), key);
  return document_row{revision_in(*rows), {}, rows->size() != 0 && rows->is_true(0, 2)};
}

postgres_result<bool> postgres_table::run(const change& one) {
  const std::string number = std::to_string(one.as_read.number);
  const std::string_view content = one.content.value_or(std::string_view());
  postgres_result<postgres_rows> done = postgres_failure();
  if (one.as_read.number == 0) {
    const std::string_view given[] = {one.key, one.token, one.lock_timeout, content};
    done = sessions_.run_once(insert_first, given);
  } else {
    const std::string_view given[] = {one.key,   number,           one.as_read.token,
                                      one.token, one.lock_timeout, content};
    constexpr std::size_t without_content = 5;
    done = one.content ? sessions_.run_once(swap_content, given)
                       : sessions_.run_once(swap_away, std::span(given).first(without_content));
  }
  if (!done) return done.error();
  return done->changed() == "1";
}

postgres_table::settled postgres_table::settle(const change& one) {
  using clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds pause(50);
  const auto deadline = clock::now() + wait_;
  do {
    sessions_.forget();
    const std::string_view given[] = {one.key, one.lock_timeout};
    const auto rows = sessions_.run_once(read_revision_for_update, given);
    if (rows) {
      const row_revision now = revision_in(*rows);
      if (now.token == one.token) return settled::written;
      if (now.number == one.as_read.number + 1) return settled::not_written;
      if (!(now == one.as_read)) return settled::uncertain;
      // Ours is not there, but may be on its way. Of it and the same once more at most one is done.
      const auto again = run(one);
      if (again && *again) return settled::written;
      if (!again && again.error().what == postgres_trouble::refused && again.error().sqlstate != "55P03")
        return settled::uncertain;
      if (again) continue;
    } else if (rows.error().what == postgres_trouble::refused && rows.error().sqlstate != "55P03") {
      return settled::uncertain;
    }
    std::this_thread::sleep_for(pause);
  } while (clock::now() < deadline);
  return settled::uncertain;
}

result<> postgres_table::swap(std::string_view key, const row_revision& as_read,
                              std::optional<std::string_view> content) {
  if (const auto fit = sessions_.check_caller(); !fit) return fit.error();
  if (content && content->size() > postgres_document_size_bytes_max)
    return too_large_for_a_row(key, content->size());
  const change one{key, as_read, content, system_host().random_token(), std::to_string(wait_.count()) + "ms"};
  const auto done = run(one);
  if (done && *done) return {};
  if (done) return overtaken(key);
  const postgres_failure& why = done.error();
  if (why.sqlstate == "40001" || why.sqlstate == "40P01") return overtaken(key);
  if (why.what != postgres_trouble::cut_off && why.what != postgres_trouble::silent) {
    if (why.sqlstate.starts_with("54") && content) return too_large_for_a_row(key, content->size());
    return document_error(why, key);
  }
  // In a transaction of the caller's nothing is written that was not committed.
  if (sessions_.is_of_a_caller()) return document_error(why, key);
  switch (settle(one)) {
    case settled::written:
      return {};
    case settled::not_written:
      return overtaken(key);
    case settled::uncertain:
      break;
  }
  return error(errc::outcome_uncertain,
               document_name(key) + ": " + why.why +
                   " while it was written, and whether it was can't be found out: read it again",
               why.cause());
}

result<std::vector<postgres_documents::listed>> postgres_table::list(std::string_view prefix) {
  if (const auto fit = sessions_.check_caller(); !fit) return fit.error();
  const auto rows = sessions_.run(list_rows, {&prefix, 1});
  if (!rows) return document_error(rows.error(), prefix);
  std::vector<postgres_documents::listed> all;
  for (int row = 0; row < rows->size(); ++row) {
    all.push_back({std::string(rows->text(row, 0)), number_in(rows->text(row, 1)),
                   static_cast<std::uint64_t>(number_in(rows->text(row, 2))),
                   std::string(rows->text(row, 3))});
  }
  return all;
}

result<> postgres_table::make(const char* statement, bool& was_made) {
  const auto done = sessions_.run(statement, {});
  // Somebody else made it at the same moment.
  const bool is_there = !done && (done.error().sqlstate == "23505" || done.error().sqlstate == "42P07");
  if (!done && !is_there) {
    if (done.error().sqlstate == "42501") {
      return error(errc::access_denied,
                   "the role may not make the schema agentslock and its table: that needs CREATE on the "
                   "database, or, where the schema is there, on the schema",
                   done.error().cause());
    }
    return document_error(done.error(), {});
  }
  was_made = !is_there;
  return {};
}

result<postgres_documents::initialised> postgres_table::init() {
  if (const auto fit = sessions_.check_caller(); !fit) return fit.error();
  const auto found = sessions_.run(look_for_table, {});
  if (!found) return document_error(found.error(), {});
  postgres_documents::initialised made;
  if (!found->is_null(0, 1)) {
    if (found->text(0, 1) == columns) return made;
    return error(errc::invalid_argument,
                 "the database has a table agentslock.document that is none of ours: its columns are " +
                     std::string(found->text(0, 1)));
  }
  if (found->is_null(0, 0)) {
    if (const auto schema = make(make_schema, made.schema); !schema) return schema.error();
  }
  if (const auto table = make(make_table, made.table); !table) return table.error();
  return made;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
