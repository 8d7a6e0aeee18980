// What of the backend is libpq and files. Nothing here knows agentslock.
#pragma once

#include <libpq-fe.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>

/// A connection by libpq's environment. What was not committed is undone when it goes.
class database {
 public:
  database() : connection_(PQconnectdb(""), PQfinish) { run("SET client_min_messages = warning"); }
  [[nodiscard]] PGconn* connection() const noexcept { return connection_.get(); }
  /// Runs statements; gives the rows of the last, a line each. Throws what the server says.
  std::string run(const std::string& sql) const {
    const std::unique_ptr<PGresult, void (*)(PGresult*)> answer(PQexec(connection(), sql.c_str()), PQclear);
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      throw std::runtime_error(PQerrorMessage(connection()));
    std::string rows;
    for (int row = 0; row < PQntuples(answer.get()); ++row) {
      for (int column = 0; column < PQnfields(answer.get()); ++column)
        rows.append(column == 0 ? "" : " ").append(PQgetvalue(answer.get(), row, column));
      rows += "\n";
    }
    return rows;
  }

 private:
  std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

/// A name as SQL takes it.
inline std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name)
    text.append(c == '"' ? 2 : 1, c);
  return text + "\"";
}

inline std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The names of a directory's files, without what follows the dot.
inline std::set<std::string> names_in(const std::string& directory) {
  std::set<std::string> names;
  for (const auto& one : std::filesystem::directory_iterator(directory))
    names.insert(one.path().stem().string());
  return names;
}
// SPDX-License-Identifier: Apache-2.0
