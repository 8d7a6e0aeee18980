// The server that other tests use: it is a real one, and it ends.
#include "support/postgres_server.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <stdexcept>
#include <string>

#include "support/child_process.hpp"

namespace agentslock::testing {
namespace {

TEST(PostgresServer, AnswersAsAUserWhoIsNotRoot) {
  const postgres_server& server = shared_postgres_server();
  EXPECT_EQ(server.ask("SELECT current_user"), postgres_server::owner);
  EXPECT_EQ(server.ask("SHOW listen_addresses"), "");
  struct stat process {};
  ASSERT_EQ(::stat(("/proc/" + std::to_string(server.process_id())).c_str(), &process), 0);
  EXPECT_NE(process.st_uid, 0U);
}

TEST(PostgresServer, WhatWasCommittedIsThereAfterAStopAndAfterAKill) {
  postgres_server& server = shared_postgres_server();
  server.run("CREATE TABLE kept (a int)");
  for (int round = 1; round <= 2; ++round) {
    server.run("INSERT INTO kept VALUES (1)");
    round == 1 ? server.stop() : server.kill();
    EXPECT_THROW(server.run("SELECT 1"), std::runtime_error);
    server.start();
    EXPECT_EQ(server.ask("SELECT count(*) FROM kept"), std::to_string(round));
  }
  server.run("DROP TABLE kept");
}

TEST(PostgresServer, EndsWithAProcessThatIsKilled) {
  pid_t started = 0;
  std::string left_behind;
  {
    const temporary_directory directory;
    child_process user([&](const child_process::parent& parent) -> std::string {
      const postgres_server server;
      (void)directory.make_file("server", std::to_string(server.process_id()));
      (void)directory.make_file("directory", server.socket_directory());
      parent.tell();
      parent.wait();
      return {};
    });
    ASSERT_TRUE(user.wait());
    started = static_cast<pid_t>(std::stol(bytes_of(directory / "server").value()));
    left_behind = bytes_of(directory / "directory").value();
    ASSERT_EQ(::kill(started, 0), 0);
    user.kill();
  }
  // However long it takes: a test that waits for ever is ended from outside, and so fails.
  while (::kill(started, 0) == 0)
    ::usleep(10'000);
  EXPECT_EQ(errno, ESRCH);
  boost::filesystem::remove_all(left_behind);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
