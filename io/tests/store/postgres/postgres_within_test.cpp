// Documents as a transaction of a caller's sees them.
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <string>

#include "agentslock/io/lockfile_store.hpp"
#include "support/postgres_documents_fixture.hpp"
#include "support/postgres_relay.hpp"
#include "support/store_fixture.hpp"

namespace agentslock::testing {
namespace {

class within_a_transaction : public postgres_documents_test {
 protected:
  void must(const char* sql) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> done(PQexec(connection.get(), sql), PQclear);
    const ExecStatusType status = PQresultStatus(done.get());
    EXPECT_TRUE(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) << PQresultErrorMessage(done.get());
  }
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection{PQconnectdb(database.connection().c_str()),
                                                                PQfinish};
};
using WithinATransaction = within_a_transaction;

constexpr auto activate_a = [](lockfile& file) -> result<> { return activate(file, "a"); };

TEST_F(WithinATransaction, OutsideOfOneIsRefused) {
  EXPECT_EQ(postgres_documents::within(connection.get()).error().code(), errc::invalid_argument);
  must("BEGIN");
  const auto ours = postgres_documents::within(connection.get());
  ASSERT_TRUE(ours);
  const auto store = ours->document("a");
  const auto read = store->read();
  ASSERT_TRUE(read);
  must("COMMIT");
  const std::string_view pieces[] = {"x"};
  EXPECT_EQ(store->store_if(*read->revision, pieces).error().code(), errc::invalid_argument);
  EXPECT_EQ(ours->init().error().code(), errc::invalid_argument);
  EXPECT_EQ(ours->put("a", "x").error().code(), errc::invalid_argument);
  EXPECT_EQ(ours->document("a")->read().error().code(), errc::invalid_argument);
  must("BEGIN");
  PQclear(PQexec(connection.get(), "SELECT nothing"));
  EXPECT_EQ(postgres_documents::within(connection.get()).error().code(), errc::invalid_argument);
  EXPECT_EQ(ours->list().error().code(), errc::invalid_argument);
  must("ROLLBACK");
  EXPECT_EQ(PQisnonblocking(connection.get()), 0);
}

// The server would take the two bytes of the one name for two characters of another.
TEST_F(WithinATransaction, InAnotherEncodingAKeyIsNotTakenForAnother) {
  const std::string asked_for = "\u00E4";
  const std::string as_latin1 = "\u00C3\u00A4";
  ASSERT_TRUE(documents.put(as_latin1, "another's"));
  must("BEGIN");
  const auto ours = postgres_documents::within(connection.get());
  ASSERT_TRUE(ours);
  ASSERT_EQ(PQsetClientEncoding(connection.get(), "LATIN1"), 0);
  const auto later = postgres_documents::within(connection.get());
  EXPECT_EQ(later.error().code(), errc::invalid_argument) << later.error().message();
  EXPECT_EQ(ours->document(asked_for)->read().error().code(), errc::invalid_argument);
  EXPECT_EQ(ours->put(asked_for, "ours").error().code(), errc::invalid_argument);
  EXPECT_EQ(ours->list().error().code(), errc::invalid_argument);
  ASSERT_EQ(PQsetClientEncoding(connection.get(), "UTF8"), 0);
  EXPECT_TRUE(ours->put(asked_for, "ours"));
  must("COMMIT");
  EXPECT_EQ(bytes_in(documents, asked_for), "ours");
  EXPECT_EQ(bytes_in(documents, as_latin1), "another's");
}

TEST_F(WithinATransaction, WithoutAnEncodingBytesAreTakenAsTheyAreWhereTheServerKeepsThemSo) {
  for (const char* server : {"UTF8", "SQL_ASCII", "LATIN1"}) {
    const postgres_database there(server);
    const postgres_documents direct(there.connection());
    ASSERT_TRUE(direct.init() && direct.put("\u00E4", "x")) << server;
    const std::unique_ptr<PGconn, decltype(&PQfinish)> caller(PQconnectdb(there.connection().c_str()),
                                                              PQfinish);
    ASSERT_EQ(PQsetClientEncoding(caller.get(), "SQL_ASCII"), 0);
    PQclear(PQexec(caller.get(), "BEGIN"));
    const auto ours = postgres_documents::within(caller.get());
    EXPECT_EQ(ours.has_value(), std::string_view(server) != "LATIN1") << server;
    if (!ours) continue;
    EXPECT_EQ(bytes_in(*ours, "\u00E4"), "x") << server;
  }
}

TEST_F(WithinATransaction, WhatIsRecordedIsThereWithTheCommitAndNotBefore) {
  must("BEGIN; CREATE TABLE built (a int)");
  const auto ours = postgres_documents::within(connection.get());
  const lockfile_store store(ours->document("a"));
  const auto recorded = store.update(activate_a);
  ASSERT_TRUE(recorded) << recorded.error().message();
  EXPECT_EQ(bytes_in(*ours, "a"), document_with_a);
  EXPECT_EQ(bytes_in(documents, "a"), "(none)");
  must("ROLLBACK");
  EXPECT_EQ(bytes_in(documents, "a"), "(none)");
  must("BEGIN; CREATE TABLE built (a int)");
  ASSERT_TRUE(store.update(activate_a));
  must("COMMIT");
  EXPECT_EQ(bytes_in(documents, "a"), document_with_a);
  EXPECT_EQ(database.ask("SELECT count(*) FROM built"), "0");
}

TEST_F(WithinATransaction, AConflictIsFinal) {
  ASSERT_TRUE(documents.put("a", "{}"));
  for (const char* begin : {"BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ"}) {
    must(begin);
    const auto ours = postgres_documents::within(connection.get());
    int calls = 0;
    const auto done = lockfile_store(ours->document("a")).update([&](lockfile& file) -> result<> {
      ++calls;
      const auto theirs = documents.put("a", "{ }");
      EXPECT_TRUE(theirs) << theirs.error().message();
      return activate_a(file);
    });
    ASSERT_FALSE(done) << begin;
    EXPECT_EQ(done.error().code(), errc::conflict) << done.error().message();
    EXPECT_EQ(calls, 1);
    must("ROLLBACK");
    EXPECT_EQ(bytes_in(documents, "a"), "{ }");
  }
}

TEST_F(WithinATransaction, AWriteOverWhateverIsThereIsMadeOnceToo) {
  const auto& server = shared_postgres_server();
  postgres_relay between(server);
  const postgres_documents direct(server.connection());
  ASSERT_TRUE(direct.init() && direct.put("within/a", "old"));
  const std::unique_ptr<PGconn, decltype(&PQfinish)> ours(PQconnectdb(between.connection().c_str()),
                                                          PQfinish);
  PQclear(PQexec(ours.get(), "BEGIN"));
  const auto within = postgres_documents::within(ours.get());
  ASSERT_TRUE(within) << within.error().message();
  int others = 0;
  const std::function<void()> be_first = [&] {
    EXPECT_TRUE(direct.put("within/a", "theirs" + std::to_string(++others)));
    if (others < 3) between.call_before("UPDATE agentslock.document", be_first);
  };
  between.call_before("UPDATE agentslock.document", be_first);
  const auto done = within->put("within/a", "ours");
  PQclear(PQexec(ours.get(), "ROLLBACK"));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::conflict) << done.error().message();
  EXPECT_EQ(others, 1);
  EXPECT_EQ(bytes_in(direct, "within/a"), "theirs1");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
