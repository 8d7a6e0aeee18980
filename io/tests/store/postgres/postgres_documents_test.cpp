// Documents in a PostgreSQL database, on a real server.
#include "agentslock/io/postgres_documents.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <chrono>

#include <memory>
#include <string>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "support/postgres_documents_fixture.hpp"

namespace agentslock::testing {
namespace {

using pieces = std::vector<std::string_view>;
using PostgresDocuments = postgres_documents_test;

TEST_F(PostgresDocuments, InitMakesWhatIsMissingOnce) {
  const postgres_database empty;
  const postgres_documents there(empty.connection());
  const auto missing = there.document("a")->read();
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), errc::document_missing);
  EXPECT_NE(missing.error().message().find("documents init"), std::string::npos);
  EXPECT_EQ(there.put("a", "x").error().code(), errc::document_missing);
  const auto first = there.init();
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_TRUE(first->schema && first->table);
  ASSERT_TRUE(there.put("a", "kept"));
  const auto second = there.init();
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->schema || second->table);
  EXPECT_EQ(bytes_in(there, "a"), "kept");
}

TEST_F(PostgresDocuments, InitInAForeignTableIsRefused) {
  const postgres_database other;
  other.run("CREATE SCHEMA agentslock; CREATE TABLE agentslock.document (key int)");
  const auto done = postgres_documents(other.connection()).init();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::invalid_argument) << done.error().message();
}

TEST_F(PostgresDocuments, EachRoleNeedsWhatIsSaidAndNoMore) {
  const postgres_database fresh;
  postgres_database::server().run(
      "CREATE ROLE doc_reader LOGIN; CREATE ROLE doc_writer LOGIN; CREATE ROLE doc_maker LOGIN");
  const postgres_documents as_reader(database.connection("doc_reader"));
  const postgres_documents as_writer(database.connection("doc_writer"));
  ASSERT_TRUE(documents.put("a", "x"));
  EXPECT_EQ(as_reader.document("a")->read().error().code(), errc::access_denied);
  EXPECT_EQ(as_reader.list().error().code(), errc::access_denied);
  // Where the table is there, nothing is needed to find that out.
  EXPECT_TRUE(as_reader.init());
  database.run(
      "GRANT USAGE ON SCHEMA agentslock TO doc_reader, doc_writer; "
      "GRANT SELECT ON agentslock.document TO doc_reader, doc_writer; "
      "GRANT INSERT, UPDATE ON agentslock.document TO doc_writer");
  EXPECT_EQ(bytes_in(as_reader, "a"), "x");
  EXPECT_EQ(as_reader.list()->size(), 1U);
  EXPECT_EQ(as_reader.put("a", "y").error().code(), errc::access_denied);
  EXPECT_EQ(as_reader.put("b", "y").error().code(), errc::access_denied);
  EXPECT_EQ(as_reader.remove("a").error().code(), errc::access_denied);
  EXPECT_TRUE(as_writer.put("a", "y"));
  EXPECT_TRUE(as_writer.put("b", "y"));
  EXPECT_TRUE(*as_writer.remove("b"));
  // A role that only reads makes nothing; one that may create in the database does.
  const auto denied = postgres_documents(fresh.connection("doc_reader")).init();
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().code(), errc::access_denied);
  EXPECT_NE(denied.error().message().find("CREATE on the database"), std::string::npos);
  fresh.run(
      "DO $$ BEGIN EXECUTE 'GRANT CREATE ON DATABASE ' || quote_ident(current_database()) || ' TO "
      "doc_maker'; "
      "END $$");
  EXPECT_TRUE(postgres_documents(fresh.connection("doc_maker")).init());
  database.run("DROP OWNED BY doc_reader, doc_writer");
  fresh.run("DROP OWNED BY doc_maker CASCADE");
  postgres_database::server().run("DROP ROLE doc_reader; DROP ROLE doc_writer; DROP ROLE doc_maker");
}

TEST_F(PostgresDocuments, ARevisionIsNeverUsedTwice) {
  ASSERT_TRUE(documents.put("a", "one"));
  const auto store = documents.document("a");
  const auto first = store->read();
  EXPECT_EQ(revision_of("a"), "1");
  EXPECT_TRUE(*documents.remove("a"));
  EXPECT_FALSE(*documents.remove("a"));
  EXPECT_TRUE(documents.list()->empty());
  const auto removed = store->read();
  EXPECT_FALSE(removed->exists);
  ASSERT_TRUE(documents.put("a", "one"));
  EXPECT_EQ(revision_of("a"), "3");
  for (const auto* old : {&first, &removed}) {
    EXPECT_FALSE(*store->is_current(*(*old)->revision));
    EXPECT_EQ(store->store_if(*(*old)->revision, pieces{"two"}).error().code(), errc::conflict);
  }
}

TEST_F(PostgresDocuments, ANumberThatARestoreUsesAgainIsAnotherRevision) {
  const auto done = write_over_what_a_restore_undid(database, documents);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::conflict) << done.error().message();
  EXPECT_EQ(bytes_in(documents, "restored"), "after the restore");
  EXPECT_EQ(revision_of("restored"), "2");
}

TEST_F(PostgresDocuments, AreListedByTheBeginningOfTheirKeys) {
  for (const char* key : {"b/2", "b/10", "B/1", "b%", "b", "\xC3\xA4", "a_b/1", "axb/1"})
    ASSERT_TRUE(documents.put(key, "xxx"));
  ASSERT_TRUE(*documents.remove("B/1"));
  const auto keys = [&](std::string_view prefix) {
    std::vector<std::string> all;
    const auto listed = documents.list(prefix);
    EXPECT_TRUE(listed) << listed.error().message();
    if (listed) {
      for (const auto& one : *listed) {
        EXPECT_EQ(one.size_bytes, 3U);
        EXPECT_EQ(one.changed_at.size(), std::string_view("2026-01-01T00:00:00Z").size()) << one.changed_at;
        all.push_back(one.key);
      }
    }
    return all;
  };
  using names = std::vector<std::string>;
  EXPECT_EQ(keys(""), (names{"a_b/1", "axb/1", "b", "b%", "b/10", "b/2", "\xC3\xA4"}));
  EXPECT_EQ(keys("b/"), (names{"b/10", "b/2"}));
  EXPECT_EQ(keys("a_b"), (names{"a_b/1"}));
  EXPECT_EQ(keys("b%"), (names{"b%"}));
  EXPECT_TRUE(keys("no such").empty());
}

TEST_F(PostgresDocuments, AKeyIsAnyTextAndNothingElse) {
  const std::string longest(postgres_key_size_bytes_max, 'k');
  for (const std::string& key :
       {std::string("it's \"quoted\" \\ $1; DROP"), std::string(" "), std::string("\xC3\xA4/\n"), longest}) {
    ASSERT_TRUE(documents.put(key, key)) << key;
    EXPECT_EQ(bytes_in(documents, key), key);
    EXPECT_EQ(documents.document(key)->name(), "postgres:" + key);
  }
  EXPECT_EQ(documents.put("", "x").error().code(), errc::invalid_argument);
  EXPECT_EQ(documents.put(std::string_view("a\0b", 3), "x").error().code(), errc::invalid_argument);
  EXPECT_EQ(documents.put("\xFF", "x").error().code(), errc::invalid_argument);
  EXPECT_EQ(documents.put(longest + "k", "x").error().code(), errc::name_too_long);
  EXPECT_EQ(documents.document("")->read().error().code(), errc::invalid_argument);
  const lockfile_store store(documents.document("\xFF"));
  EXPECT_EQ(store.update([](lockfile&) -> result<> { return {}; }).error().code(), errc::invalid_argument);
}

TEST_F(PostgresDocuments, WhatIsTooLargeIsToldWithItsSize) {
  const std::string some(std::size_t{1} << 20, 'x');
  const pieces too_much(1024, some);
  const auto store = documents.document("a");
  ASSERT_TRUE(documents.put("a", "old"));
  const auto now = store->read();
  const auto done = store->store_if(*now->revision, too_much);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::too_large);
  for (const std::size_t size : {std::size_t{1} << 30, postgres_document_size_bytes_max})
    EXPECT_NE(done.error().message().find(std::to_string(size)), std::string::npos) << done.error().message();
  EXPECT_EQ(bytes_in(documents, "a"), "old");
}

TEST_F(PostgresDocuments, NoSecretOfTheConnectionIsSaid) {
  const std::string connections[] = {"postgresql://some%20one:se@cret/x@nowhere:1/db",
                                     "postgresql://u:p#cret@/x",
                                     "host=/tmp/nowhere password='se cret'",
                                     "host=/tmp/nowhere password=se cret",
                                     "host=/tmp/nowhere password=secret port=secret",
                                     "service=secret-service",
                                     "host=/tmp/nowhere user=secret password=secret",
                                     database.connection("with_password") + " password=secret"};
  for (const std::string& connection : connections) {
    const postgres_documents there(connection);
    for (const error& why : {there.init().error(), there.list().error(), there.put("k", "x").error(),
                             there.remove("k").error(), there.document("k")->read().error()}) {
      EXPECT_FALSE(why.message().empty());
      for (const char* secret : {"cret", "nowhere", "with_password"})
        EXPECT_EQ(why.message().find(secret), std::string::npos) << why.message();
      EXPECT_TRUE(why.code() == errc::store_unreachable || why.code() == errc::invalid_argument)
          << why.message();
    }
  }
}

TEST_F(PostgresDocuments, WhatStandsOnTheSearchPathIsNotAsked) {
  database.run(
      "CREATE SCHEMA hostile; "
      "CREATE FUNCTION hostile.never(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false'; "
      "CREATE OPERATOR hostile.= (LEFTARG = text, RIGHTARG = text, FUNCTION = hostile.never); "
      "CREATE FUNCTION hostile.starts_with(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false'");
  set("search_path = hostile, pg_catalog");
  const postgres_documents there(database.connection());
  ASSERT_TRUE(there.put("a", "one"));
  ASSERT_TRUE(there.put("a", "two"));
  EXPECT_EQ(bytes_in(there, "a"), "two");
  EXPECT_EQ(there.list("a")->size(), 1U);
}

TEST_F(PostgresDocuments, ARowThatAnotherSessionHoldsIsWaitedForAndThenTold) {
  postgres_documents_options options;
  options.wait = std::chrono::milliseconds(100);
  const postgres_documents impatient(database.connection(), options);
  ASSERT_TRUE(documents.put("a", "old"));
  const std::unique_ptr<PGconn, decltype(&PQfinish)> holder(PQconnectdb(database.connection().c_str()),
                                                            PQfinish);
  PQclear(PQexec(holder.get(), "BEGIN; UPDATE agentslock.document SET changed_at = changed_at"));
  const auto done = impatient.put("a", "new");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::lock_timeout) << done.error().message();
  EXPECT_EQ(bytes_in(impatient, "a"), "old");
  PQclear(PQexec(holder.get(), "ROLLBACK"));
  EXPECT_TRUE(impatient.put("a", "new"));
}

TEST_F(PostgresDocuments, ACommitIsOnTheDiskBeforeItIsSaid) {
  // Seen by a trigger: what the setting is while the row is written.
  database.run(
      "CREATE TABLE seen (setting text); "
      "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.seen VALUES "
      "(current_setting('synchronous_commit')); RETURN NEW; END $$; "
      "CREATE TRIGGER see AFTER INSERT OR UPDATE ON agentslock.document FOR EACH ROW EXECUTE FUNCTION see()");
  set("synchronous_commit = off");
  const postgres_documents there(database.connection());
  ASSERT_TRUE(there.put("a", "one"));
  ASSERT_TRUE(there.put("a", "two"));
  EXPECT_EQ(database.ask("SELECT string_agg(setting, ' ') FROM seen"), "on on");
}

TEST_F(PostgresDocuments, AServerThatOnlyReadsSaysSo) {
  set("default_transaction_read_only = on");
  const postgres_documents there(database.connection());
  EXPECT_EQ(bytes_in(there, "a"), "(none)");
  EXPECT_EQ(there.put("a", "x").error().code(), errc::access_denied);
}

TEST_F(PostgresDocuments, AConnectionThatWasKeptMayHaveGone) {
  ASSERT_TRUE(documents.put("a", "one"));
  const std::string end_ours =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
      "application_name = 'agentslock'";
  database.run(end_ours);
  EXPECT_EQ(bytes_in(documents, "a"), "one");
  const auto now = documents.document("a")->read();
  database.run(end_ours);
  const auto done = documents.document("a")->store_if(*now->revision, pieces{"two"});
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(revision_of("a"), "2");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
