// Documents in a PostgreSQL database, on a real server.
#include "agentslock/io/postgres_documents.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <sys/mman.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
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

TEST_F(PostgresDocuments, InitIsDoneWhereSomebodyElseMakesTheSameAtThatMoment) {
  constexpr const char* schema = "BEGIN; CREATE SCHEMA agentslock";
  constexpr const char* table =
      "BEGIN; CREATE TABLE agentslock.document (key text COLLATE \"C\" PRIMARY KEY, revision bigint NOT "
      "NULL, "
      "token text NOT NULL, content bytea, changed_at timestamptz NOT NULL)";
  for (const char* other_makes : {schema, table}) {
    const postgres_database fresh;
    const postgres_documents there(fresh.connection());
    if (other_makes == table) fresh.run("CREATE SCHEMA agentslock");
    const std::unique_ptr<PGconn, decltype(&PQfinish)> other(PQconnectdb(fresh.connection().c_str()),
                                                             PQfinish);
    PQclear(PQexec(other.get(), other_makes));
    result<postgres_documents::initialised> done = error(errc::io_failed, "not done");
    std::thread ours([&] { done = there.init(); });
    while (fresh.ask("SELECT 1 FROM pg_locks WHERE NOT granted") != "1")
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    PQclear(PQexec(other.get(), "COMMIT"));
    ours.join();
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_FALSE(done->schema);
    EXPECT_EQ(done->table, other_makes == schema);
    EXPECT_TRUE(there.put("a", "x"));
  }
}

TEST_F(PostgresDocuments, InitTakesTheServersWordThatTheTableIsThereByNow) {
  const postgres_database fresh;
  fresh.run(
      "CREATE FUNCTION is_there() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING "
      "ERRCODE = '42P07'; END $$; CREATE EVENT TRIGGER is_there ON ddl_command_start WHEN TAG IN ('CREATE "
      "TABLE') EXECUTE FUNCTION is_there()");
  const auto done = postgres_documents(fresh.connection()).init();
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_TRUE(done->schema);
  EXPECT_FALSE(done->table);
}

TEST_F(PostgresDocuments, InitMakesTheTableInASchemaThatIsThere) {
  const postgres_database fresh;
  fresh.run("CREATE SCHEMA agentslock");
  postgres_database::server().run("CREATE ROLE no_maker LOGIN");
  const auto denied = postgres_documents(fresh.connection("no_maker")).init();
  postgres_database::server().run("DROP ROLE no_maker");
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().code(), errc::access_denied) << denied.error().message();
  EXPECT_NE(denied.error().message().find("where the schema is there, on the schema"), std::string::npos);
  const auto done = postgres_documents(fresh.connection()).init();
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_FALSE(done->schema);
  EXPECT_TRUE(done->table);
}

TEST_F(PostgresDocuments, InitOnAServerThatOnlyReadsSaysSo) {
  const postgres_database fresh;
  alter(fresh, "SET default_transaction_read_only = on");
  const auto done = postgres_documents(fresh.connection()).init();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::access_denied);
  EXPECT_NE(done.error().message().find("only read"), std::string::npos) << done.error().message();
}

TEST_F(PostgresDocuments, WhatTheTablesOwnerHasAddedMayRefuseAWrite) {
  ASSERT_TRUE(documents.put("a", "old"));
  const auto told = [&](const std::string& adds, const result<>& done, errc code, std::string_view words) {
    ASSERT_FALSE(done) << adds;
    EXPECT_EQ(done.error().code(), code) << adds << ": " << done.error().message();
    EXPECT_NE(done.error().message().find(words), std::string::npos) << done.error().message();
    EXPECT_EQ(bytes_in(documents, "a"), "old");
  };
  // An index takes no value of that size.
  const std::string add_index = "CREATE INDEX too_narrow ON agentslock.document (content)";
  database.run(add_index);
  std::string large;
  for (unsigned number = 1; large.size() < 100'000; number = number * 1664525 + 1013904223)
    large += static_cast<char>(number >> 24);
  told(add_index, documents.put("a", large), errc::too_large, std::to_string(large.size()));
  database.run("DROP INDEX agentslock.too_narrow");
  const std::string add_check =
      "ALTER TABLE agentslock.document ADD CONSTRAINT small CHECK (octet_length(content) < 10)";
  database.run(add_check);
  told(add_check, documents.put("a", "larger than ten"), errc::io_failed, "SQLSTATE 23514");
  // And what a trigger says.
  const auto refuse_with = [&](const std::string& sqlstate) {
    database.run(
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
        "USING ERRCODE = '" +
        sqlstate +
        "'; END $$; CREATE OR REPLACE TRIGGER refuse BEFORE UPDATE ON "
        "agentslock.document FOR EACH ROW EXECUTE FUNCTION refuse()");
  };
  const auto removed = [&] {
    const auto done = documents.remove("a");
    return done ? result<>() : result<>(done.error());
  };
  refuse_with("54000");
  told("54000", removed(), errc::too_large, "larger than the server takes");
  // A deadlock: the other session goes on, and has changed it.
  refuse_with("40P01");
  told("40P01", documents.put("a", "new"), errc::conflict, "changed by another writer");
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
  EXPECT_EQ(documents.list("\xFF").error().code(), errc::invalid_argument);
  const auto known = documents.document(longest)->read();
  ASSERT_TRUE(known);
  EXPECT_EQ(documents.document("")->is_current(*known->revision).error().code(), errc::invalid_argument);
  EXPECT_EQ(documents.document("")->store_if(*known->revision, pieces{"x"}).error().code(),
            errc::invalid_argument);
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
  // In one piece, which nobody looks into.
  constexpr std::size_t size = postgres_document_size_bytes_max + 1;
  void* const one = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(one, MAP_FAILED);
  const auto whole = documents.put("a", {static_cast<const char*>(one), size});
  ::munmap(one, size);
  ASSERT_FALSE(whole);
  EXPECT_EQ(whole.error().code(), errc::too_large);
  EXPECT_NE(whole.error().message().find(std::to_string(size)), std::string::npos) << whole.error().message();
  EXPECT_EQ(bytes_in(documents, "a"), "old");
}

TEST_F(PostgresDocuments, WhatIsAsLargeAsMayBeIsNotTooLarge) {
  constexpr std::size_t size = postgres_document_size_bytes_max;
  void* const one = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(one, MAP_FAILED);
  const std::string_view content(static_cast<const char*>(one), size);
  ASSERT_TRUE(documents.put("a", "old"));
  const auto as_read = documents.document("a")->read();
  // Where nobody listens nothing looks into it.
  const postgres_documents nowhere("host=/tmp/nowhere");
  const auto done = nowhere.document("a")->store_if(*as_read->revision, std::array{content});
  ::munmap(one, size);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::store_unreachable) << done.error().message();
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
