// A connection that never waits for ever, and tells what has gone wrong without saying what it was told.
#include "postgres_connection.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/postgres_server.hpp"

namespace agentslock {
namespace {

using testing::postgres_server;
using testing::shared_postgres_server;

TEST(PostgresConnection, TellsWhatTheServerAnswers) {
  auto connection = postgres_connection::open(shared_postgres_server().connection(), {});
  ASSERT_TRUE(connection) << connection.error().why;
  const auto two = connection->run("SELECT 1; SELECT 'é', NULL, true");
  ASSERT_TRUE(two) << two.error().why;
  ASSERT_EQ(two->size(), 1);
  EXPECT_EQ(two->text(0, 0), "é");
  EXPECT_TRUE(two->is_null(0, 1));
  EXPECT_TRUE(two->is_true(0, 2));
}

TEST(PostgresConnection, SendsAndGetsBytesAsTheyAre) {
  auto connection = postgres_connection::open(shared_postgres_server().connection(), {});
  ASSERT_TRUE(connection);
  std::string bytes(10'000'000, 'x');
  for (std::size_t i = 0; i < 256; ++i)
    bytes[i] = static_cast<char>(i);
  const std::vector<std::string_view> sent{bytes};
  const auto got = connection->run("SELECT $1::pg_catalog.bytea", sent, postgres_format::binary);
  ASSERT_TRUE(got) << got.error().why;
  EXPECT_TRUE(got->text(0, 0) == bytes);
}

TEST(PostgresConnection, AnArrayHoldsItsTextsAsTheyAre) {
  auto connection = postgres_connection::open(shared_postgres_server().connection(), {});
  ASSERT_TRUE(connection);
  const std::vector<std::string_view> texts{"a", "", "NULL", "{\"b\\,", "é"};
  const std::string array = postgres_array(texts);
  const std::vector<std::string_view> sent{array};
  const auto got = connection->run("SELECT pg_catalog.unnest($1::pg_catalog.text[])", sent);
  ASSERT_TRUE(got) << got.error().why;
  ASSERT_EQ(got->size(), static_cast<int>(texts.size()));
  for (int i = 0; i < got->size(); ++i)
    EXPECT_EQ(got->text(i, 0), texts[static_cast<std::size_t>(i)]);
  const std::string none = postgres_array({});
  const std::vector<std::string_view> empty{none};
  EXPECT_EQ(connection->run("SELECT pg_catalog.unnest($1::pg_catalog.text[])", empty)->size(), 0);
}

TEST(PostgresConnection, AStatementThatIsRefusedLeavesTheConnection) {
  auto connection = postgres_connection::open(shared_postgres_server().connection(), {});
  ASSERT_TRUE(connection);
  const auto refused = connection->run("SELECT 1; SELECT nothing; SELECT 2");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, postgres_trouble::refused);
  EXPECT_EQ(refused.error().sqlstate, "42703");
  EXPECT_FALSE(connection->is_gone());
  EXPECT_EQ(connection->run("SELECT 3")->text(0, 0), "3");
}

TEST(PostgresConnection, AServerThatDiesInTheMiddleIsNoAnswer) {
  postgres_server& server = shared_postgres_server();
  for (const bool is_killed : {false, true}) {
    auto connection = postgres_connection::open(server.connection(), {});
    ASSERT_TRUE(connection);
    is_killed ? server.kill() : server.stop();
    server.start();
    const auto cut = connection->run("SELECT 1");
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().what, postgres_trouble::cut_off) << cut.error().why;
    EXPECT_TRUE(connection->is_gone());
  }
}

TEST(PostgresConnection, ASilentServerIsGivenUp) {
  postgres_limits limits;
  limits.statement = std::chrono::milliseconds(50);
  limits.silence = std::chrono::milliseconds(50);
  auto connection = postgres_connection::open(shared_postgres_server().connection(), limits);
  ASSERT_TRUE(connection);
  const auto silent = connection->run("SELECT pg_catalog.pg_sleep(3600)");
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().what, postgres_trouble::silent);
  EXPECT_EQ(silent.error().number, ETIMEDOUT);
  EXPECT_TRUE(connection->is_gone());
}

TEST(PostgresConnection, WhoIsNotLetInIsToldWhy) {
  const postgres_server& server = shared_postgres_server();
  server.run("CREATE ROLE with_password LOGIN PASSWORD 'the-secret'; CREATE ROLE rejected LOGIN");
  const struct {
    std::string connection;
    std::string why;
  } cases[] = {
      {server.connection("with_password"), "asks for a password"},
      {server.connection("with_password") + " password=another-secret", "password or the user is wrong"},
      {server.connection("rejected"), "does not let this user in"},
      {server.connection("no_such_role"), "no such role"},
      {server.connection("owner", "no_such_database"), "no such database"},
      {"host=/no/such/directory", "no socket of that name"},
      {"host=127.0.0.1 port=1", "nobody listens"},
      {"service=no_such_service", "service"},
      {"host=/tmp port=another-secret", "a value in the connection string"},
      {"another-secret", "the connection string is none"},
      {"host=x password=half another-secret", "the connection string is none"},
      {std::string("host=x\0y", 8), "the connection string is none"},
  };
  for (const auto& one : cases) {
    const auto made = postgres_connection::open(one.connection, {});
    ASSERT_FALSE(made) << one.connection;
    EXPECT_NE(made.error().why.find(one.why), std::string::npos)
        << one.connection << ": " << made.error().why;
    EXPECT_NE(made.error().number, 0);
    for (const char* secret : {"secret", "rejected", "no_such", "/no/such", "127.0.0.1"})
      EXPECT_EQ(made.error().why.find(secret), std::string::npos)
          << one.connection << ": " << made.error().why;
  }
  EXPECT_TRUE(postgres_connection::open(server.connection("with_password") + " password=the-secret", {}));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
