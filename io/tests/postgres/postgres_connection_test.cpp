// A connection that never waits for ever, and tells what has gone wrong without saying what it was told.
#include "postgres_connection.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/postgres_server.hpp"
#include "support/strange_postgres.hpp"
#include "support/temporary_directory.hpp"

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

TEST(PostgresConnection, WhatEndsASessionOrStandsInTheWayIsTold) {
  const struct {
    const char* sqlstate;
    postgres_trouble what;
    int number;
  } cases[] = {
      {"40001", postgres_trouble::refused, EBUSY},  {"40P01", postgres_trouble::refused, EBUSY},
      {"55P03", postgres_trouble::refused, EBUSY},  {"57014", postgres_trouble::refused, ETIMEDOUT},
      {"42501", postgres_trouble::refused, EACCES}, {"57P01", postgres_trouble::cut_off, ECONNRESET}};
  for (const auto& one : cases) {
    auto connection = postgres_connection::open(shared_postgres_server().connection(), {});
    ASSERT_TRUE(connection);
    const std::string statement =
        std::string("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '") + one.sqlstate + "'; END $$";
    const auto done = connection->run(statement.c_str());
    ASSERT_FALSE(done) << one.sqlstate;
    EXPECT_EQ(done.error().what, one.what) << one.sqlstate;
    EXPECT_EQ(done.error().sqlstate, one.sqlstate);
    EXPECT_EQ(done.error().number, one.number) << one.sqlstate;
    EXPECT_EQ(connection->is_gone(), one.what == postgres_trouble::cut_off) << one.sqlstate;
  }
}

/// What a connection says of one of its options.
std::string option_of(const postgres_connection& connection, std::string_view name) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconninfo(connection.raw()),
                                                                         PQconninfoFree);
  for (const PQconninfoOption* one = all.get(); one->keyword != nullptr; ++one) {
    if (one->keyword == name) return one->val == nullptr ? "" : one->val;
  }
  return "no such option";
}

TEST(PostgresConnection, WhatTheEnvironmentSaysOfConnectingGoesFirst) {
  postgres_limits limits;
  limits.connecting = std::chrono::seconds(7);
  const std::string to = shared_postgres_server().connection();
  const auto timeout_at = [&](const std::string& connection_string) {
    const auto connection = postgres_connection::open(connection_string, limits);
    return connection ? option_of(*connection, "connect_timeout") : connection.error().why;
  };
  EXPECT_EQ(timeout_at(to), "7");
  EXPECT_EQ(timeout_at(to + " connect_timeout=9"), "9");
  ASSERT_EQ(::setenv("PGCONNECT_TIMEOUT", "8", 1), 0);
  EXPECT_EQ(timeout_at(to), "8");
  ASSERT_EQ(::setenv("PGCONNECT_TIMEOUT", "", 1), 0);
  EXPECT_EQ(timeout_at(to), "7") << "nothing is said there";
  ASSERT_EQ(::unsetenv("PGCONNECT_TIMEOUT"), 0);
}

TEST(PostgresConnection, ASignalInterruptsNothing) {
  auto connection = postgres_connection::open(shared_postgres_server().connection(), {});
  ASSERT_TRUE(connection);
  struct sigaction nothing {};
  nothing.sa_handler = [](int) {};
  struct sigaction before {};
  ASSERT_EQ(::sigaction(SIGUSR1, &nothing, &before), 0);
  std::atomic<bool> is_over = false;
  std::string answer;
  std::thread asking([&] {
    const auto got = connection->run("SELECT pg_catalog.pg_sleep(0.2), 'all'");
    answer = got ? std::string(got->text(0, 1)) : got.error().why;
    is_over = true;
    // A signal that is on its way still finds this thread.
    while (is_over)
      std::this_thread::yield();
  });
  while (!is_over) {
    ::pthread_kill(asking.native_handle(), SIGUSR1);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  is_over = false;
  asking.join();
  ::sigaction(SIGUSR1, &before, nullptr);
  EXPECT_EQ(answer, "all");
}

TEST(PostgresConnection, AWaitThatTheSystemRefusesIsNoAnswer) {
  auto connection = postgres_connection::open(shared_postgres_server().connection(), {});
  ASSERT_TRUE(connection);
  // poll waits for no more descriptors than a process may have.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto done = connection->run("SELECT pg_catalog.pg_sleep(1)");
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, postgres_trouble::cut_off) << done.error().why;
  EXPECT_TRUE(connection->is_gone());
}

/// Of the signal's handler.
std::atomic<int> socket_to_end = -1;

TEST(PostgresConnection, AConnectionThatEndsBetweenTwoPiecesOfAStatementIsNoAnswer) {
  auto connection = postgres_connection::open(shared_postgres_server().connection(), {});
  ASSERT_TRUE(connection);
  const pid_t backend =
      std::stoi(std::string(connection->run("SELECT pg_catalog.pg_backend_pid()")->text(0, 0)));
  socket_to_end = PQsocket(connection->raw());
  struct sigaction end_it {};
  end_it.sa_handler = [](int) { ::shutdown(socket_to_end, SHUT_RD); };
  struct sigaction before {};
  ASSERT_EQ(::sigaction(SIGUSR1, &end_it, &before), 0);
  // Nobody reads, so that the rest of the statement waits to be sent.
  ASSERT_EQ(::kill(backend, SIGSTOP), 0);
  postgres_trouble what{};
  std::atomic<pid_t> thread = 0;
  std::thread asking([&] {
    thread = static_cast<pid_t>(::syscall(SYS_gettid));
    const std::string large(8'000'000, 'x');
    const std::vector<std::string_view> sent{large};
    const auto done = connection->run("SELECT $1::pg_catalog.bytea", sent);
    what = done ? postgres_trouble::refused : done.error().what;
  });
  const auto is_asleep = [&] {
    const auto status = testing::bytes_of("/proc/self/task/" + std::to_string(thread) + "/stat").value_or("");
    return status.find(") S ") != status.npos;
  };
  while (thread == 0)
    std::this_thread::yield();
  // Asleep twice with a while between: it waits, and was not only about to.
  for (int times = 0; times < 2; times = is_asleep() ? times + 1 : 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ::pthread_kill(asking.native_handle(), SIGUSR1);
  asking.join();
  ::kill(backend, SIGCONT);
  ::sigaction(SIGUSR1, &before, nullptr);
  EXPECT_EQ(what, postgres_trouble::cut_off);
  EXPECT_TRUE(connection->is_gone());
}

TEST(PostgresConnection, WhatAServerSaysAfterAnErrorIsNoAnswer) {
  using testing::postgres_message;
  constexpr std::string_view division_by_zero("SERROR\0C22012\0Mdivision by zero\0\0", 33);
  constexpr std::string_view done("SELECT 0", 9);
  const testing::strange_postgres server(postgres_message('E', division_by_zero) +
                                         postgres_message('C', done));
  auto connection = postgres_connection::open(server.connection(), {});
  ASSERT_TRUE(connection) << connection.error().why;
  const auto refused = connection->run("SELECT 1/0");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, postgres_trouble::refused) << refused.error().why;
  EXPECT_EQ(refused.error().sqlstate, "22012");
  EXPECT_FALSE(connection->is_gone());
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
