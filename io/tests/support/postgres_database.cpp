#include "postgres_database.hpp"

#include <memory>

#include "agentslock/io/postgres_listing.hpp"
#include "agentslock/io/postgres_presence.hpp"

namespace agentslock::testing {

postgres_database::postgres_database(std::string_view encoding) {
  static int number = 0;
  name_ = "test_" + std::to_string(++number);
  server().run("CREATE DATABASE " + name_ + " TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING '" +
               std::string(encoding) + "'");
}

postgres_database::~postgres_database() {
  try {
    server().run("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const std::runtime_error&) {
    // A test has ended the server: the database goes with its directory.
  }
}

const engine_words& postgres_database::words() const {
  static const engine_words all{"integer", "text", "character varying(10)", true};
  return all;
}

void postgres_database::put(std::string_view adapter, const std::string& sql) {
  // No schema has an empty name.
  run("CREATE SCHEMA IF NOT EXISTS " + sql_name(adapter) + "; SET search_path = " + sql_name(adapter) + ";" +
      sql);
}

std::unique_ptr<presence_source> postgres_database::source() {
  return std::make_unique<postgres_presence>(connection());
}

std::unique_ptr<store_listing> postgres_database::listing() {
  return std::make_unique<postgres_listing>(connection());
}

std::string sql_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name)
    quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
