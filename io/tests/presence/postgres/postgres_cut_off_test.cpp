// A way to the server that ends or falls silent, anywhere: an error in bounded time, and never "absent".
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "agentslock/io/postgres_listing.hpp"
#include "agentslock/io/postgres_presence.hpp"
#include "postgres_connection.hpp"
#include "support/postgres_database.hpp"
#include "support/postgres_relay.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::in_words;
using testing::postgres_database;
using testing::postgres_server;
using testing::temporary_directory;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

/// A socket in the place of a server's, and one connection through it to the real one: of what the server says it lets so
/// many bytes through. Then it closes both ends, or falls silent.
class cut_way {
 public:
  static constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

  cut_way(const std::string& server, std::size_t bytes_through, bool falls_silent)
      : through_(bytes_through), falls_silent_(falls_silent) {
    const sockaddr_un address = address_of(directory_ / ".s.PGSQL.5432");
    listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listening_, 1) != 0) {
      throw std::runtime_error("no socket");
    }
    work_ = std::thread([this, server] { work(server); });
  }
  cut_way(const cut_way&) = delete;
  cut_way& operator=(const cut_way&) = delete;
  ~cut_way() {
    ::shutdown(listening_, SHUT_RDWR);
    is_over_ = true;
    work_.join();
    ::close(listening_);
  }

  [[nodiscard]] const std::string& directory() const { return directory_.path(); }
  /// What the server has said, as far as it got through.
  [[nodiscard]] std::size_t passed() const { return passed_; }

 private:
  void work(const std::string& server) {
    const int ours = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (ours < 0) return;
    const int theirs = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = address_of(server);
    if (::connect(theirs, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
      copy(ours, theirs);
    // Nobody else is let through: a second connection is refused.
    ::shutdown(listening_, SHUT_RDWR);
    if (falls_silent_) {
      while (!is_over_)
        ::usleep(1000);
    }
    ::close(ours), ::close(theirs);
  }

  void copy(int ours, int theirs) {
    for (;;) {
      pollfd ends[2] = {{ours, POLLIN, 0}, {theirs, POLLIN, 0}};
      if (is_over_ || passed_ >= through_) return;
      if (::poll(ends, 2, 10) < 0) return;
      char some[512];
      if (ends[0].revents != 0) {
        const ssize_t got = ::read(ours, some, sizeof some);
        if (got <= 0 || ::send(theirs, some, static_cast<std::size_t>(got), MSG_NOSIGNAL) != got) return;
      }
      if (ends[1].revents != 0) {
        const ssize_t got = ::read(theirs, some, std::min(sizeof some, through_ - passed_));
        if (got <= 0) return;
        // Counted first: who has been answered sees the whole answer counted.
        passed_ += static_cast<std::size_t>(got);
        if (::send(ours, some, static_cast<std::size_t>(got), MSG_NOSIGNAL) != got) return;
      }
    }
  }

  temporary_directory directory_;
  std::size_t through_;
  bool falls_silent_;
  int listening_ = -1;
  std::atomic<std::size_t> passed_ = 0;
  std::atomic<bool> is_over_ = false;
  std::thread work_;
};

class PostgresCutOff : public ::testing::Test {
 protected:
  PostgresCutOff() {
    database.put("comp", "CREATE TABLE v (a text, b int PRIMARY KEY);");
    right = in_words(postgres_presence(database.connection()).find_views("comp", asked));
  }

  [[nodiscard]] std::string through(const cut_way& way) const {
    std::string connection = database.connection();
    const std::string real = postgres_database::server().socket_directory();
    return connection.replace(connection.find(real), real.size(), way.directory());
  }

  postgres_database database;
  const std::vector<std::string_view> asked{"v", "no"};
  std::vector<std::string> right;
};

TEST_F(PostgresCutOff, AnywhereIsAnErrorUnlessAllHasBeenSaid) {
  std::size_t whole = 0;
  {
    const cut_way way(postgres_database::server().socket_path(), cut_way::everything, false);
    ASSERT_EQ(in_words(postgres_presence(through(way)).find_views("comp", asked)), right);
    whole = way.passed();
  }
  ASSERT_GT(whole, 500U);
  std::size_t errors = 0;
  std::size_t answers = 0;
  for (std::size_t next = 0; next < whole + 7; next += 7) {
    const std::size_t bytes = std::min(next, whole);
    const cut_way way(postgres_database::server().socket_path(), bytes, false);
    const auto found = postgres_presence(through(way)).find_views("comp", asked);
    if (found) {
      EXPECT_EQ(in_words(found), right) << "after " << bytes << " of " << whole;
      ++answers;
    } else {
      EXPECT_EQ(found.error().code(), errc::store_unreachable) << found.error().message();
      EXPECT_NE(found.error().cause().value(), 0) << found.error().message();
      ++errors;
    }
  }
  EXPECT_GT(errors, 60U);
  EXPECT_GT(answers, 0U) << "the last answer is about the end of the transaction";
}

TEST_F(PostgresCutOff, WhetherThereIsAnythingAtAllIsNotGuessed) {
  testing::postgres_relay relay(postgres_database::server());
  relay.cut_off(testing::cut_at::after_commit, "SELECT EXISTS");
  const auto found = postgres_presence(relay.connection()).find({"no such schema", "v"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), errc::store_unreachable) << found.error().message();
  EXPECT_EQ(relay.cuts(), 1);
}

TEST_F(PostgresCutOff, SilenceAnywhereIsAnErrorInBoundedTime) {
  postgres_limits limits;
  limits.connecting = std::chrono::seconds(1);
  limits.statement = std::chrono::milliseconds(100);
  limits.silence = std::chrono::milliseconds(100);
  // In the greeting; then in the answers.
  std::size_t errors = 0;
  for (const std::size_t bytes : {0U, 20U, 700U, 1000U}) {
    const cut_way way(postgres_database::server().socket_path(), bytes, true);
    const auto found = postgres_presence(through(way), limits).find_views("comp", asked);
    if (found) {
      EXPECT_EQ(in_words(found), right) << bytes;
      continue;
    }
    EXPECT_EQ(found.error().code(), errc::store_unreachable);
    EXPECT_EQ(found.error().cause().value(), ETIMEDOUT) << bytes << ": " << found.error().message();
    ++errors;
  }
  EXPECT_GE(errors, 3U);
}

TEST_F(PostgresCutOff, AServerThatIsStoppedLikeAProcessIsGivenUp) {
  postgres_limits limits;
  limits.statement = std::chrono::milliseconds(100);
  limits.silence = std::chrono::milliseconds(100);
  auto session = postgres_connection::open(database.connection(), limits);
  ASSERT_TRUE(session);
  const pid_t backend =
      std::stoi(std::string(session->run("SELECT pg_catalog.pg_backend_pid()")->text(0, 0)));
  ASSERT_EQ(::kill(backend, SIGSTOP), 0);
  const auto silent = session->run("SELECT 1");
  ::kill(backend, SIGCONT);
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().what, postgres_trouble::silent);
}

TEST_F(PostgresCutOff, AServerThatDiesInTheMiddleOfAQueryIsAnError) {
  postgres_server& server = postgres_database::server();
  for (const bool is_killed : {false, true}) {
    postgres_presence source(database.connection());
    ASSERT_TRUE(source.find({"comp", "v"}));
    auto holder = postgres_connection::open(database.connection(), {});
    ASSERT_TRUE(holder && holder->run("BEGIN; LOCK TABLE pg_catalog.pg_index IN ACCESS EXCLUSIVE MODE"));
    std::string answer;
    std::thread asking([&] { answer = in_words(source.find({"comp", "v"})); });
    while (holder->run("SELECT 1 FROM pg_catalog.pg_locks WHERE NOT granted")->size() == 0)
      ::usleep(1000);
    if (is_killed) {
      server.kill();
      asking.join();
    } else {  // the session alone: a server that is stopped may end the one that holds the lock first, and answer
      ASSERT_TRUE(holder->run(
          "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_locks WHERE NOT granted"));
      asking.join();
      server.stop();
    }
    EXPECT_TRUE(answer.starts_with("error: could not")) << answer;
    server.start();
    EXPECT_EQ(in_words(source.find({"comp", "v"})), right.front()) << "the same source connects anew";
  }
}

TEST_F(PostgresCutOff, AStatementThatTakesTooLongIsAnErrorAndThenGoesOn) {
  postgres_limits limits;
  limits.statement = std::chrono::milliseconds(200);
  postgres_presence source(database.connection(), limits);
  ASSERT_TRUE(source.find({"comp", "v"}));
  auto holder = postgres_connection::open(database.connection(), {});
  ASSERT_TRUE(holder && holder->run("BEGIN; LOCK TABLE pg_catalog.pg_index IN ACCESS EXCLUSIVE MODE"));
  const auto slow = source.find({"comp", "v"});
  ASSERT_FALSE(slow);
  EXPECT_EQ(slow.error().code(), errc::store_unreachable);
  EXPECT_EQ(slow.error().cause().value(), ETIMEDOUT) << slow.error().message();
  ASSERT_TRUE(holder->run("ROLLBACK"));
  EXPECT_EQ(in_words(source.find({"comp", "v"})), right.front());
}

TEST_F(PostgresCutOff, ASessionThatWasEndedBetweenTwoQuestionsIsMadeAnew) {
  postgres_presence source(database.connection());
  ASSERT_TRUE(source.find({"comp", "v"}));
  database.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'agentslock' AND "
      "datname = "
      "current_database()");
  EXPECT_EQ(in_words(source.find({"comp", "v"})), right.front());
}

TEST_F(PostgresCutOff, NoMessageHoldsWhatTheConnectionStringHolds) {
  const std::string here = postgres_database::server().socket_directory();
  const std::string strings[] = {
      "host=" + here + " user=with_password dbname=dbsecret password=pwsecret",
      "postgresql://usersecret:pw@secret/x@hostsecret.invalid:99999/dbsecret",
      "postgresql://usersecret:pwsecret@127.0.0.1:1/dbsecret",
      "host=" + here + " user=usersecret dbname=dbsecret",
      "host=" + here + " port=portsecret",
      "host=" + here + " password=two secret",
      "host=hostsecret.invalid password=pwsecret connect_timeout=2",
      "service=servicesecret",
      "sslmode=modesecret host=" + here,
      "optionsecret=1",
      "host=" + here + " user=owner dbname=postgres options='-c search_path=secret -c nosuch.setting'",
      "host=/secret/secret user=usersecret",
      "just a secret",
  };
  for (const std::string& one : strings) {
    const std::size_t before = postgres_database::server().log().size();
    for (const std::string& message : {postgres_presence(one).find({"comp", "v"}).error().message(),
                                       postgres_listing(one).adapters().error().message()}) {
      EXPECT_FALSE(message.empty()) << one;
      for (const std::string& part : {std::string("secret"), here, std::string("127.0.0.1")})
        EXPECT_EQ(message.find(part), std::string::npos) << one << ": " << message;
    }
    EXPECT_EQ(postgres_database::server().log().substr(before).find("pwsecret"), std::string::npos);
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
