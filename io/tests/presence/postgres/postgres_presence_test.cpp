// What only PostgreSQL has: kinds of relations, privileges, names that it cuts, and catalogs that others shadow.
#include "agentslock/io/postgres_presence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "agentslock/io/postgres_listing.hpp"
#include "postgres_catalog.hpp"
#include "support/postgres_database.hpp"
#include "support/postgres_views.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using namespace std::string_literals;
using testing::in_words;
using testing::postgres_database;
using testing::postgres_server;
using testing::sql_name;
using columns = std::vector<column>;

class PostgresPresence : public testing::postgres_views {};

TEST_F(PostgresPresence, TablesAndViewsOfEveryKindAreThere) {
  database.put(
      "comp",
      "CREATE TABLE r (a text); CREATE TABLE p (a text) PARTITION BY LIST (a); CREATE VIEW v AS SELECT a "
      "FROM r;"
      "CREATE TABLE part PARTITION OF p FOR VALUES IN ('x'); CREATE MATERIALIZED VIEW m AS SELECT a FROM r;"
      "CREATE UNLOGGED TABLE u (a text); CREATE TABLE child () INHERITS (r); CREATE FOREIGN DATA WRAPPER w;"
      "CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a text) SERVER s; CREATE TABLE none "
      "()");
  const std::string digest = schema_digest(columns{{"a", "text", false, 0}});
  for (const char* view : {"r", "p", "v", "part", "m", "u", "child", "f"})
    EXPECT_EQ(in_words(find("comp", view)), digest) << view;
  EXPECT_EQ(in_words(find("comp", "none")), schema_digest({}));
  database.run("REFRESH MATERIALIZED VIEW comp.m WITH NO DATA");
  EXPECT_EQ(in_words(find("comp", "m")), "") << "it can't be queried, and matches nothing";
}

TEST_F(PostgresPresence, TypesAreSpeltInFullWhateverTheSearchPath) {
  database.put("other", "CREATE TYPE mood AS ENUM ('good'); CREATE DOMAIN \"Odd one\" AS numeric(7, 2);");
  database.put(
      "comp",
      "CREATE TABLE v (a other.mood, b other.\"Odd one\"[], c numeric(7, 2), d timestamptz, e varchar(3)[], "
      "f bigserial, g \"char\", h double precision);");
  const std::string digest = schema_digest(columns{{"a", "other.mood", false, 0},
                                                   {"b", "other.\"Odd one\"[]", false, 0},
                                                   {"c", "numeric(7,2)", false, 0},
                                                   {"d", "timestamp with time zone", false, 0},
                                                   {"e", "character varying(3)[]", false, 0},
                                                   {"f", "bigint", true, 0},
                                                   {"g", "\"char\"", false, 0},
                                                   {"h", "double precision", false, 0}});
  EXPECT_EQ(in_words(find("comp", "v")), digest);
  database.run("ALTER ROLE owner IN DATABASE " + database.ask("SELECT current_database()") +
               " SET search_path = other, comp");
  EXPECT_EQ(in_words(find("comp", "v")), digest);
}

TEST_F(PostgresPresence, AKeyHasItsOrderWithoutWhatItOnlyIncludes) {
  database.put("comp",
               "CREATE TABLE v (a int, gone int, b int, c int, d int, PRIMARY KEY (c, a) INCLUDE (d));"
               "ALTER TABLE v DROP COLUMN gone; CREATE UNIQUE INDEX i ON v (b);");
  EXPECT_EQ(in_words(find("comp", "v")), schema_digest(columns{{"a", "integer", true, 2},
                                                               {"b", "integer", false, 0},
                                                               {"c", "integer", true, 1},
                                                               {"d", "integer", false, 0}}));
}

TEST_F(PostgresPresence, AnotherThingInTheViewsPlaceIsNotAbsent) {
  database.put(
      "comp",
      "CREATE TABLE t (a int PRIMARY KEY); CREATE SEQUENCE a_sequence; CREATE INDEX an_index ON t (a);"
      "CREATE TYPE a_composite AS (x int); CREATE TYPE an_enum AS ENUM (); CREATE DOMAIN a_domain AS int;"
      "CREATE TABLE parts (a int) PARTITION BY LIST (a); CREATE INDEX a_parted ON parts (a);"
      "CREATE TYPE a_range AS RANGE (subtype = int); CREATE FUNCTION a_function() RETURNS int RETURN 1;");
  const struct {
    const char* name;
    const char* kind;
  } cases[] = {{"a_sequence", "a sequence"}, {"an_index", "an index"},  {"a_parted", "an index"},
               {"t_pkey", "an index"},       {"a_composite", "a type"}, {"an_enum", "a type"},
               {"a_domain", "a type"},       {"a_range", "a type"}};
  for (const auto& [name, kind] : cases) {
    expect_error(find("comp", name), errc::store_corrupt, 0, {"\""s + name + "\"", kind, "schema \"comp\""});
    EXPECT_EQ(in_words(find("other", name)), "absent");
  }
  EXPECT_EQ(in_words(find("comp", "a_function")), "absent") << "functions have names of their own";
  EXPECT_EQ(in_words(find("comp", "_t")), "absent") << "an array's type gives way to a table";
  database.put("comp", "CREATE TABLE _t (b text)");
  EXPECT_EQ(in_words(find("comp", "_t")), schema_digest(columns{{"b", "text", false, 0}}));
}

TEST_F(PostgresPresence, ARoleWithoutAPrivilegeIsToldSo) {
  postgres_server& server = postgres_database::server();
  server.run("CREATE ROLE plain LOGIN");
  database.put("comp", "CREATE TABLE v (a text, b text);");
  expect_error(find("comp", "v", "plain"), errc::store_unreachable, EACCES, {"USAGE", "schema \"comp\""});
  expect_error(find("comp", "no", "plain"), errc::store_unreachable, EACCES, {"USAGE", "schema \"comp\""});
  EXPECT_EQ(in_words(find("missing", "v", "plain")), "absent");
  database.run("GRANT USAGE ON SCHEMA comp TO plain");
  expect_error(find("comp", "v", "plain"), errc::store_unreachable, EACCES,
               {"SELECT", "\"v\"", "schema \"comp\""});
  EXPECT_EQ(in_words(find("comp", "no", "plain")), "absent");
  const std::string digest = in_words(find("comp", "v"));
  for (const char* what : {"SELECT (b)", "SELECT"}) {
    database.run("GRANT "s + what + " ON comp.v TO plain");
    EXPECT_EQ(in_words(find("comp", "v", "plain")), digest) << what;
    database.run("REVOKE "s + what + " ON comp.v FROM plain");
  }
  database.run("REVOKE USAGE ON SCHEMA comp FROM plain");
  EXPECT_EQ(postgres_listing(database.connection("plain")).views("comp").error().cause().value(), EACCES);
  server.run("DROP ROLE plain");
}

TEST_F(PostgresPresence, ANameThatWouldBeCutIsAnErrorAndNotAnothers) {
  const std::string longest(63, 'a');
  const std::string accents = std::string(61, 'a') + "é";  // 63 bytes
  for (const std::string& name : {longest, accents}) {
    database.put(name, "CREATE TABLE " + sql_name(name) + " (a text);");
    const std::string digest = schema_digest(columns{{"a", "text", false, 0}});
    EXPECT_EQ(in_words(find(name, name)), digest);
    expect_error(find(name, name + "a"), errc::name_too_long, 0, {name + "a", "64 bytes", "63"});
    expect_error(find(name + "a", name), errc::name_too_long, 0, {name + "a", "64 bytes", "63"});
    expect_error(find(name, name + std::string(5000, 'x')), errc::name_too_long, 0, {"5063 bytes"});
  }
}

TEST_F(PostgresPresence, ANulIsRefusedAndCutsNoName) {
  database.put("comp", "CREATE TABLE v (a text);");
  expect_error(find("comp", "v\0"s), errc::store_unreachable, 0, {"NUL"});
  expect_error(find("comp", "v\0x"s), errc::store_unreachable, 0, {"NUL"});
  expect_error(find("comp\0x"s, "v"), errc::store_unreachable, 0, {"NUL"});
  // What is no UTF-8 is no name in any database of ours; the server says so.
  EXPECT_FALSE(find("comp", "v\xFF"));
}

TEST_F(PostgresPresence, ADatabaseWithNothingInItIsAnErrorOfItsOwn) {
  expect_error(find("comp", "v"), errc::store_empty, 0, {"wrong database", "schema \"comp\""});
  database.put("agentslock", "CREATE TABLE document (a text);");
  expect_error(find("comp", "v"), errc::store_empty, 0, {"wrong database"});
  database.put("other", "CREATE TABLE t (a text);");
  EXPECT_EQ(in_words(find("comp", "v")), "absent");
}

TEST_F(PostgresPresence, AThousandViewsAreOneQuery) {
  std::string sql;
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) {
    names.push_back("v" + std::to_string(i));
    if (i % 10 != 9) sql += "CREATE TABLE " + names.back() + " (a text, b int);";
  }
  database.put("comp", sql);
  const std::vector<std::string_view> asked(names.begin(), names.end());
  const std::string name = database.ask("SELECT current_database()");
  database.run("ALTER DATABASE " + name + " SET log_statement = 'all'");
  const std::size_t before = postgres_database::server().log().size();
  const auto found = postgres_presence(database.connection()).find_views("comp", asked);
  const std::string log = postgres_database::server().log().substr(before);
  ASSERT_TRUE(found) << found.error().message();
  for (std::size_t i = 0; i < 1000; ++i)
    EXPECT_EQ((*found)[i].has_value(), i % 10 != 9) << i;
  const auto times = [&](std::string_view word) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = log.find(word, at)) != log.npos; at += word.size())
      ++count;
    return count;
  };
  EXPECT_EQ(times("execute "), 1U) << log;
  EXPECT_EQ(times("statement: "), 2U) << log;
}

TEST_F(PostgresPresence, ATypeThatIsDroppedMeanwhileIsLookedAtAgain) {
  database.put("comp", "CREATE TYPE mood AS ENUM (); CREATE TABLE v (a comp.mood);");
  auto connection = postgres_connection::open(database.connection(), {});
  ASSERT_TRUE(connection && begin_reading(*connection, {}));
  ASSERT_TRUE(connection->run("SELECT pg_catalog.count(*) FROM pg_catalog.pg_class"))
      << "the snapshot is taken";
  database.run("DROP TABLE comp.v; DROP TYPE comp.mood");
  const std::vector<std::string_view> asked{"v"};
  const auto found = find_in_catalog(*connection, "comp", asked);
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_FALSE(*found) << "functions of the catalog do not obey the snapshot";
  EXPECT_EQ(in_words(find("comp", "v")), "absent");
}

TEST_F(PostgresPresence, ATypeThatTheCatalogHasLostIsNotSaidToBeAnother) {
  database.put("comp", "CREATE TYPE mood AS ENUM (); CREATE TABLE v (a comp.mood);");
  database.run(
      "SET allow_system_table_mods = on; DELETE FROM pg_catalog.pg_type WHERE oid = 'comp.mood'::regtype");
  expect_error(find("comp", "v"), errc::store_busy, 0, {"goes on being changed"});
}

TEST_F(PostgresPresence, AKindOfRelationThatIsNotKnownHereIsNotAbsent) {
  database.put("comp", "CREATE TABLE v (a text);");
  // As a later PostgreSQL might have it.
  for (const char* kind : {"z", ""}) {
    database.run("SET allow_system_table_mods = on; UPDATE pg_catalog.pg_class SET relkind = '"s + kind +
                 "' WHERE relname = 'v' AND relnamespace = 'comp'::regnamespace");
    expect_error(find("comp", "v"), errc::store_corrupt, 0, {"something that this program does not know"});
  }
}

TEST_F(PostgresPresence, WhatAnotherSessionHoldsTooLongIsBusy) {
  database.put("comp", "CREATE TABLE v (a text);");
  database.run("ALTER DATABASE " + database.ask("SELECT current_database()") + " SET lock_timeout = '50ms'");
  postgres_presence source(database.connection());
  ASSERT_TRUE(source.find({"comp", "v"})) << "a new session would wait for that table, too";
  auto holder = postgres_connection::open(database.connection(), {});
  ASSERT_TRUE(holder && holder->run("BEGIN; LOCK TABLE pg_catalog.pg_index IN ACCESS EXCLUSIVE MODE"));
  expect_error(source.find({"comp", "v"}), errc::store_busy, EBUSY, {"another session is in the way"});
  ASSERT_TRUE(holder->run("ROLLBACK"));
  EXPECT_TRUE(source.find({"comp", "v"}));
}

TEST_F(PostgresPresence, ALimitThatTheServerDoesNotTakeIsToldEachTime) {
  postgres_limits limits;
  limits.statement = std::chrono::hours(24 * 30);  // more milliseconds than it counts
  postgres_presence source(database.connection(), limits);
  for (int time = 1; time <= 2; ++time)
    expect_error(source.find({"comp", "v"}), errc::store_unreachable, EIO, {"SQLSTATE 22023"});
  const auto listed = postgres_listing(database.connection(), limits).adapters();
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().code(), errc::store_unreachable);
  EXPECT_NE(listed.error().message().find("SQLSTATE 22023"), std::string::npos) << listed.error().message();
}

TEST_F(PostgresPresence, AConnectionStringIsCheckedWithoutAServer) {
  EXPECT_TRUE(check_connection_string("host=/nowhere dbname=x"));
  EXPECT_TRUE(check_connection_string(""));
  const auto none = check_connection_string("just a secret");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), errc::invalid_argument);
  EXPECT_NE(none.error().message().find("connection string is none"), std::string::npos);
  EXPECT_EQ(none.error().message().find("secret"), std::string::npos) << none.error().message();
}

TEST_F(PostgresPresence, WhatChangesWhileItIsReadIsSaidAsItWasAtOneMoment) {
  database.put("comp", "CREATE TABLE v (a text); CREATE TABLE w (a text); CREATE TABLE kept (a text)");
  std::atomic<bool> is_over = false;
  std::thread writer([&] {
    auto connection = postgres_connection::open(database.connection(), {});
    for (int i = 0; !is_over; ++i) {
      const char* const type = i % 2 == 0 ? "int" : "text";
      const std::string one = "CREATE TABLE comp.v (a "s + type + "); CREATE TABLE comp.w (a " + type + ");";
      EXPECT_TRUE(connection->run(("BEGIN; DROP TABLE comp.v, comp.w;" + one + "COMMIT").c_str()));
    }
  });
  postgres_presence source(database.connection());
  const std::string of_text = schema_digest(columns{{"a", "text", false, 0}});
  const std::string of_int = schema_digest(columns{{"a", "integer", false, 0}});
  std::size_t answered = 0;
  for (int i = 0; i < 200; ++i) {
    const std::vector<std::string_view> asked{"v", "w", "kept"};
    const auto found = source.find_views("comp", asked);
    if (!found) {
      EXPECT_EQ(found.error().code(), errc::store_busy) << found.error().message();
      continue;
    }
    ++answered;
    EXPECT_EQ((*found)[0], (*found)[1]);
    EXPECT_TRUE((*found)[0] == of_text || (*found)[0] == of_int) << (*found)[0].value_or("absent");
    EXPECT_EQ((*found)[2], of_text);
  }
  is_over = true;
  writer.join();
  EXPECT_GT(answered, 0U);
}

TEST_F(PostgresPresence, AnAdapterOfTheDatabaseItselfIsReadAsAnyOther) {
  database.put("comp", "CREATE TABLE v (a text);");
  EXPECT_TRUE(find("pg_catalog", "pg_class").value().has_value());
  EXPECT_TRUE(find("information_schema", "tables").value().has_value());
  EXPECT_EQ(in_words(find("pg_temp", "v")), "absent");
}

TEST_F(PostgresPresence, TheListingLeavesOutWhatIsTheEngines) {
  EXPECT_EQ(postgres_listing(database.connection()).adapters().value(), std::vector<std::string>{});
  database.put("agentslock", "CREATE TABLE document (a text);");
  database.put("empty", "");
  database.put(
      "comp",
      "CREATE TABLE p (a text) PARTITION BY LIST (a); CREATE TABLE part PARTITION OF p FOR VALUES IN ('x');"
      "CREATE SEQUENCE s; CREATE TYPE t AS (a int); CREATE EXTENSION pg_stat_statements SCHEMA comp;");
  auto listing = postgres_listing(database.connection());
  EXPECT_EQ(listing.adapters().value(), (std::vector<std::string>{"comp", "empty"}));
  EXPECT_EQ(listing.views("comp").value(), (std::vector<std::string>{"p"}));
  EXPECT_EQ(listing.views("empty").value(), std::vector<std::string>{});
  const auto unreachable = postgres_listing("host=/nowhere").views("comp");
  ASSERT_FALSE(unreachable);
  EXPECT_EQ(unreachable.error().code(), errc::store_unreachable) << unreachable.error().message();
  database.run("CREATE TABLE public.t (a text)");
  EXPECT_EQ(listing.adapters().value(), (std::vector<std::string>{"comp", "empty", "public"}));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
