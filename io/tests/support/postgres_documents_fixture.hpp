// Documents in a database of a test's own.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "agentslock/io/postgres_documents.hpp"
#include "bytes_in.hpp"
#include "postgres_database.hpp"

namespace agentslock::testing {

/// Reads a document, puts another write's bytes in the place of what was read by going back to an older copy of the table, so that
/// the number of the revision is the same again, and writes over what was read: what that answers.
[[nodiscard]] inline result<> write_over_what_a_restore_undid(const postgres_database& database,
                                                              const postgres_documents& documents) {
  const auto put = [&](std::string_view bytes) { return documents.put("restored", bytes); };
  if (const auto done = put("before the copy"); !done) return done;
  database.run("CREATE TABLE copy AS SELECT * FROM agentslock.document");
  if (const auto done = put("after the copy"); !done) return done;
  const auto store = documents.document("restored");
  const auto lost = store->read();
  if (!lost) return lost.error();
  database.run(
      "TRUNCATE agentslock.document; INSERT INTO agentslock.document SELECT * FROM copy; DROP TABLE copy");
  if (const auto done = put("after the restore"); !done) return done;
  const std::string_view pieces[] = {"over it"};
  return store->store_if(*lost->revision, pieces);
}

class postgres_documents_test : public ::testing::Test {
 protected:
  postgres_documents_test() { EXPECT_TRUE(documents.init()); }

  [[nodiscard]] std::string revision_of(std::string_view key) const {
    return database.ask("SELECT revision FROM agentslock.document WHERE key = '" + std::string(key) + "'");
  }
  /// Changes a setting of new sessions in this database.
  void set(const std::string& setting) const { alter(database, "SET " + setting); }
  static void alter(const postgres_database& which, const std::string& what) {
    which.run("DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) || ' " + what +
              "'; END $$");
  }

  const postgres_database database;
  const postgres_documents documents{database.connection()};
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
