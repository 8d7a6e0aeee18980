#include "postgres_server.hpp"

#include <libpq-fe.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "server_process.hpp"

namespace agentslock::testing {
namespace {

using namespace std::chrono_literals;

/// The path of a program of the server's package.
std::string program(std::string_view name) {
  return std::string(AGENTSLOCK_POSTGRES_PROGRAMS "/") + std::string(name);
}

/// The children of a process.
std::vector<pid_t> children_of(pid_t process) {
  const std::string number = std::to_string(process);
  std::ifstream file("/proc/" + number + "/task/" + number + "/children");
  return {std::istream_iterator<pid_t>(file), {}};
}

struct finish {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
struct clear {
  void operator()(PGresult* answer) const noexcept { PQclear(answer); }
};

std::unique_ptr<PGresult, clear> answer_to(const std::string& sql, const std::string& connection_string) {
  const std::unique_ptr<PGconn, finish> connection(PQconnectdb(connection_string.c_str()));
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  std::unique_ptr<PGresult, clear> answer(PQexec(connection.get(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(sql.substr(0, 500) + ": " + PQerrorMessage(connection.get()));
  return answer;
}

}  // namespace

postgres_server::postgres_server() {
  if (socket_path().size() >= sizeof(sockaddr_un::sun_path))
    throw std::runtime_error("too long for the path of a socket: " + socket_path());
  if (::geteuid() == 0 && ::chown(directory_.path().c_str(), nobody, nobody) != 0)
    throw std::runtime_error("no other owner for " + directory_.path());
  const std::string data = directory_ / "data";
  const pid_t made =
      begin_server({program("initdb"), "--no-sync", "--no-instructions", "--pgdata=" + data,
                    "--username=" + std::string(owner), "--auth=trust", "--encoding=UTF8", "--no-locale"},
                   directory_ / "log", SIGKILL);
  if (wait_for_server(made) != 0) throw std::runtime_error("initdb: " + log());
  std::ofstream(data + "/pg_hba.conf") << "local all " << with_password << " scram-sha-256\n"
                                       << "local all " << rejected << " reject\n"
                                       << "local all all trust\n";
  start();
}

postgres_server::~postgres_server() {
  if (process_ > 0) end(SIGQUIT);
}

std::string postgres_server::connection(std::string_view user, std::string_view database) const {
  return "host=" + socket_directory() + " port=5432 user=" + std::string(user) +
         " dbname=" + std::string(database);
}

void postgres_server::start() {
  // SIGQUIT ends it without waiting for sessions.
  process_ = begin_server(
      {program("postgres"), "-D", directory_ / "data", "-k", socket_directory(), "-F", "-c",
       "listen_addresses=", "-c", "port=5432", "-c", "shared_buffers=16MB", "-c", "max_connections=50"},
      directory_ / "log", SIGQUIT);
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (PQping(connection().c_str()) != PQPING_OK) {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) {
      process_ = -1;
      throw std::runtime_error("the server has ended: " + log());
    }
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("no answer in 60 s: " + log());
    std::this_thread::sleep_for(20ms);
  }
}

void postgres_server::stop() {
  end(SIGINT);
}

void postgres_server::kill() {
  // Stopped first, so that none is born meanwhile and none is told.
  ::kill(process_, SIGSTOP);
  for (const pid_t child : children_of(process_))
    ::kill(child, SIGKILL);
  end(SIGKILL);
}

void postgres_server::end(int signal) {
  ::kill(process_, signal);
  (void)wait_for_server(process_);
  process_ = -1;
}

void postgres_server::run(const std::string& sql, std::string_view database) const {
  (void)answer_to(sql, connection(owner, database));
}

std::string postgres_server::ask(const std::string& sql, std::string_view database) const {
  const auto answer = answer_to(sql, connection(owner, database));
  return PQntuples(answer.get()) == 0 ? "" : PQgetvalue(answer.get(), 0, 0);
}

std::string postgres_server::log() const {
  return bytes_of(directory_ / "log").value_or("");
}

postgres_server& shared_postgres_server() {
  static postgres_server server;
  return server;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
