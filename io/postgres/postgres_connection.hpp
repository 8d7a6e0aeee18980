// A connection to a PostgreSQL server on which no call waits for ever; private to the PostgreSQL library.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "agentslock/io/postgres_limits.hpp"
#include "postgres_failure.hpp"

namespace agentslock {

/// What a statement answered.
class postgres_rows {
 public:
  explicit postgres_rows(PGresult* answer) : answer_(answer) {}

  /// Whether there is no answer, and whether it says that all went well.
  [[nodiscard]] bool is_none() const noexcept { return answer_ == nullptr; }
  [[nodiscard]] bool is_success() const noexcept {
    const ExecStatusType status = PQresultStatus(answer_.get());
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  }
  [[nodiscard]] int size() const noexcept { return PQntuples(answer_.get()); }
  [[nodiscard]] bool is_null(int row, int column) const noexcept {
    return PQgetisnull(answer_.get(), row, column) != 0;
  }
  /// Empty for null. Lives as long as this.
  [[nodiscard]] std::string_view text(int row, int column) const noexcept {
    return {PQgetvalue(answer_.get(), row, column),
            static_cast<std::size_t>(PQgetlength(answer_.get(), row, column))};
  }
  [[nodiscard]] bool is_true(int row, int column) const noexcept { return text(row, column) == "t"; }
  /// How many rows a statement has changed, as the server says it.
  [[nodiscard]] std::string_view changed() const noexcept { return PQcmdTuples(answer_.get()); }
  [[nodiscard]] PGresult* raw() const noexcept { return answer_.get(); }

 private:
  struct clear {
    void operator()(PGresult* answer) const noexcept { PQclear(answer); }
  };
  std::unique_ptr<PGresult, clear> answer_;
};

/// How the columns of an answer are sent: as texts, or as the server keeps them.
enum class postgres_format { text = 0, binary = 1 };

/// Texts as one parameter of the type text[]. They may hold anything but NUL.
[[nodiscard]] std::string postgres_array(std::span<const std::string_view> texts);

class postgres_connection {
 public:
  /// Whether libpq takes a text for a connection string. Failure: bad_connection_string.
  [[nodiscard]] static postgres_result<> check(const std::string& connection_string);
  /// Connects. An empty string is libpq's environment alone. Notices of the server are printed nowhere.
  [[nodiscard]] static postgres_result<postgres_connection> open(const std::string& connection_string,
                                                                 const postgres_limits& limits);

  /// A connection of somebody else's, which stays open when this goes.
  [[nodiscard]] static postgres_connection borrow(PGconn* connection, const postgres_limits& limits);

  /// Runs statements without parameters, one after another. What is said of the first that fails, or the last answer.
  [[nodiscard]] postgres_result<postgres_rows> run(const char* statements);
  /// Runs one statement. Parameters are in the server's binary form, which for text and bytea is the bytes themselves: the
  /// statement must say the type of each, as `$1::pg_catalog.text`.
  [[nodiscard]] postgres_result<postgres_rows> run(const char* statement,
                                                   std::span<const std::string_view> parameters,
                                                   postgres_format answer = postgres_format::text);

  /// Whether it has failed in a way after which nothing more can be asked.
  [[nodiscard]] bool is_gone() const noexcept { return is_gone_; }
  [[nodiscard]] PGconn* raw() const noexcept { return connection_.get(); }

 private:
  struct finish {
    bool is_borrowed;
    bool was_nonblocking;
    void operator()(PGconn* connection) const noexcept {
      if (!is_borrowed) {
        PQfinish(connection);
      } else if (!was_nonblocking) {
        (void)PQsetnonblocking(connection, 0);
      }
    }
  };

  postgres_connection(PGconn* connection, const postgres_limits& limits)
      : postgres_connection(connection, limits, finish{false, false}) {}
  postgres_connection(PGconn* connection, const postgres_limits& limits, finish at_end)
      : connection_(connection, at_end), limits_(limits) {}

  /// The answer to what was sent.
  [[nodiscard]] postgres_result<postgres_rows> answer(int was_sent);
  /// Sends what is left and takes what has come, until nothing has to be waited for.
  [[nodiscard]] postgres_result<> settle();
  postgres_failure gone(postgres_failure why) noexcept {
    is_gone_ = true;
    return why;
  }

  std::unique_ptr<PGconn, finish> connection_;
  postgres_limits limits_;
  bool is_gone_ = false;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
