#include "postgres_connection.hpp"

#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <vector>

namespace agentslock {
namespace {

struct free_options {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using connection_options = std::unique_ptr<PQconninfoOption, free_options>;

bool has_connect_timeout(const connection_options& options) {
  for (const PQconninfoOption* one = options.get(); one != nullptr && one->keyword != nullptr; ++one) {
    if (std::string_view(one->keyword) == "connect_timeout") return one->val != nullptr && *one->val != '\0';
  }
  return false;
}

void append_number(std::string& to, std::size_t number) {
  for (int shift = 24; shift >= 0; shift -= 8)
    to += static_cast<char>(number >> shift & 0xFF);
}

}  // namespace

std::string postgres_array(std::span<const std::string_view> texts) {
  constexpr std::size_t text_type = 25;
  std::string array;
  append_number(array, texts.empty() ? 0 : 1);  // dimensions
  append_number(array, 0);                      // no null in it
  append_number(array, text_type);
  if (texts.empty()) return array;
  append_number(array, texts.size());
  append_number(array, 1);  // the number of the first
  for (const std::string_view text : texts) {
    append_number(array, text.size());
    array += text;
  }
  return array;
}

postgres_result<> postgres_connection::check(const std::string& connection_string) {
  const connection_options given(PQconninfoParse(connection_string.c_str(), nullptr));
  if (given && connection_string.find('\0') == std::string::npos) return {};
  return postgres_failure{postgres_trouble::bad_connection_string,
                          {},
                          "the connection string is none: libpq takes pairs like \"service=NAME\" and "
                          "\"host=NAME dbname=NAME\", and postgresql:// URIs",
                          EINVAL};
}

postgres_result<postgres_connection> postgres_connection::open(const std::string& connection_string,
                                                               const postgres_limits& limits) {
  if (const auto taken = check(connection_string); !taken) return taken.error();
  // Later ones go before earlier ones.
  const connection_options of_environment(PQconndefaults());
  const std::string timeout =
      has_connect_timeout(of_environment) ? std::string() : std::to_string(limits.connecting.count());
  const std::array<const char*, 5> names{"connect_timeout", "dbname", "client_encoding",
                                         "fallback_application_name", nullptr};
  const std::array<const char*, 5> values{timeout.c_str(), connection_string.c_str(), "UTF8", "agentslock",
                                          nullptr};
  constexpr int dbname_is_a_connection_string = 1;
  postgres_connection made(PQconnectdbParams(names.data(), values.data(), dbname_is_a_connection_string),
                           limits);
  if (PQstatus(made.raw()) != CONNECTION_OK) return failed_to_connect(PQerrorMessage(made.raw()));
  PQsetNoticeReceiver(
      made.raw(), [](void*, const PGresult*) {}, nullptr);
  if (PQsetnonblocking(made.raw(), 1) != 0) return failed_to_connect("out of memory");
  return made;
}

postgres_connection postgres_connection::borrow(PGconn* connection, const postgres_limits& limits) {
  const bool was_nonblocking = PQisnonblocking(connection) != 0;
  if (!was_nonblocking) (void)PQsetnonblocking(connection, 1);
  return {connection, limits, finish{true, was_nonblocking}};
}

postgres_result<postgres_rows> postgres_connection::run(const char* statements) {
  return answer(PQsendQuery(raw(), statements));
}

postgres_result<postgres_rows> postgres_connection::run(const char* statement,
                                                        std::span<const std::string_view> parameters,
                                                        postgres_format format) {
  std::vector<const char*> values;
  std::vector<int> sizes;
  for (const std::string_view one : parameters) {
    // A null pointer would be a null.
    values.push_back(one.data() == nullptr ? "" : one.data());
    sizes.push_back(static_cast<int>(one.size()));
  }
  const std::vector<int> formats(parameters.size(), 1);
  return answer(PQsendQueryParams(raw(), statement, static_cast<int>(parameters.size()), nullptr,
                                  values.data(), sizes.data(), formats.data(), static_cast<int>(format)));
}

postgres_result<postgres_rows> postgres_connection::answer(int was_sent) {
  if (was_sent == 0) return gone(failed_statement(raw(), nullptr));
  postgres_result<postgres_rows> last = failed_statement(raw(), nullptr);
  bool has_failed = false;
  for (;;) {
    if (const auto settled = settle(); !settled) return settled.error();
    postgres_rows one(PQgetResult(raw()));
    if (one.is_none()) break;
    if (has_failed) continue;
    if (one.is_success()) {
      last = std::move(one);
    } else {
      last = failed_statement(raw(), one.raw());
      has_failed = true;
    }
  }
  if (!last && last.error().what != postgres_trouble::refused) is_gone_ = true;
  return last;
}

postgres_result<> postgres_connection::settle() {
  using clock = std::chrono::steady_clock;
  const auto patience = limits_.statement + limits_.silence;
  auto deadline = clock::now() + patience;
  for (;;) {
    const int left = PQflush(raw());
    if (left < 0) return gone(failed_statement(raw(), nullptr));
    if (left == 0 && PQisBusy(raw()) == 0) return {};
    pollfd socket{PQsocket(raw()), static_cast<short>(left == 1 ? POLLIN | POLLOUT : POLLIN), 0};
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
    const int ready = wait.count() > 0 ? ::poll(&socket, 1, static_cast<int>(wait.count())) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) {
      return gone({postgres_trouble::silent,
                   {},
                   "the server or the network has been silent for too long",
                   ETIMEDOUT});
    }
    deadline = clock::now() + patience;
    if (ready < 0 || ((socket.revents & ~POLLOUT) != 0 && PQconsumeInput(raw()) == 0))
      return gone(failed_statement(raw(), nullptr));
  }
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
