// What others put before PostgreSQL's catalog is not looked at, and reading it can write nothing.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agentslock/io/postgres_listing.hpp"
#include "postgres_catalog.hpp"
#include "support/postgres_views.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::in_words;
using columns = std::vector<column>;

class PostgresCatalog : public testing::postgres_views {};

TEST_F(PostgresCatalog, WhatShadowsTheCatalogIsNotLookedAt) {
  database.put("comp", "CREATE TABLE v (a text PRIMARY KEY); CREATE TABLE w (b int);");
  const std::string of_v = in_words(find("comp", "v"));
  const std::string of_w = in_words(find("comp", "w"));
  database.put("evil",
               "CREATE TABLE pg_class (oid oid, relname name, relkind \"char\", relnamespace oid, "
               "relispopulated bool);"
               "CREATE TABLE pg_namespace (oid oid, nspname name); CREATE TABLE pg_attribute (attname name);"
               "CREATE FUNCTION format_type(oid, int) RETURNS text RETURN 'evil';"
               "CREATE FUNCTION has_schema_privilege(oid, text) RETURNS bool RETURN false;"
               "CREATE FUNCTION has_table_privilege(oid, text) RETURNS bool RETURN false;"
               "CREATE FUNCTION unnest(text[]) RETURNS SETOF text LANGUAGE sql AS 'SELECT ''evil''';"
               "CREATE FUNCTION array_position(int2[], int2) RETURNS int RETURN 7;"
               "CREATE FUNCTION never(name, name) RETURNS bool RETURN false; CREATE FUNCTION never(oid, oid) "
               "RETURNS bool RETURN false;"
               "CREATE OPERATOR = (leftarg = name, rightarg = name, function = never);"
               "CREATE OPERATOR = (leftarg = oid, rightarg = oid, function = never);"
               "CREATE DOMAIN text AS pg_catalog.text CHECK (false); CREATE DOMAIN name AS pg_catalog.name;");
  const std::string name = database.ask("SELECT current_database()");
  database.run("ALTER DATABASE " + name + " SET search_path = evil, pg_catalog");
  EXPECT_EQ(database.ask("SELECT format_type(0::oid, 0)"), "evil") << "it does shadow";
  EXPECT_EQ(in_words(find("comp", "v")), of_v);
  EXPECT_EQ(in_words(find("comp", "w")), of_w);
  EXPECT_EQ(in_words(find("comp", "x")), "absent");
  EXPECT_EQ(postgres_listing(database.connection()).views("comp").value(),
            (std::vector<std::string>{"v", "w"}));
}

TEST_F(PostgresCatalog, ATemporaryTableShadowsNothing) {
  database.put("comp", "CREATE TABLE v (a text);");
  auto connection = postgres_connection::open(database.connection(), {});
  ASSERT_TRUE(connection);
  ASSERT_TRUE(connection->run(
      "CREATE TEMPORARY TABLE pg_class (oid oid); CREATE TEMPORARY TABLE pg_namespace (oid oid);"
      "CREATE TEMPORARY TABLE pg_attribute (oid oid); CREATE TEMPORARY TABLE pg_index (oid oid);"
      "CREATE TEMPORARY TABLE pg_type (oid oid); CREATE TEMPORARY TABLE asked (oid oid); CREATE TEMPORARY "
      "TABLE v (b int)"));
  ASSERT_TRUE(begin_reading(*connection, {}));
  const std::vector<std::string_view> asked{"v", "w"};
  const auto found = find_in_catalog(*connection, "comp", asked);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((**found)[0], schema_digest(columns{{"a", "text", false, 0}}));
  EXPECT_EQ((**found)[1], std::nullopt);
}

TEST_F(PostgresCatalog, NothingCanBeWrittenWhileItIsRead) {
  auto connection = postgres_connection::open(database.connection(), {});
  ASSERT_TRUE(connection && begin_reading(*connection, {}));
  const auto refused = connection->run("CREATE TABLE public.t (a text)");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().sqlstate, "25006");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
