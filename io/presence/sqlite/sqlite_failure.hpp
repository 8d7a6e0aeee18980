// What SQLite's failures are called; private to the SQLite source.
#pragma once

#include <sqlite3.h>

#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"

namespace agentslock {

/// A failed call of SQLite as an error.
///
/// Three things are kept apart: what is damaged, what this SQLite does not understand, though it may be whole, and what
/// keeps it from reading. Only of the first it is said that it must be restored.
class sqlite_failure {
 public:
  /// `where` names the store and the adapter; `part` is what of the database it was about: "v in ".
  sqlite_failure(sqlite3* connection, const std::string& where, std::string_view part = {});

  /// `bound` is the one that was met, if any.
  [[nodiscard]] error as_error(std::string_view bound) const;
  /// Whether a writer that comes or goes may have been in the way for a moment.
  [[nodiscard]] bool may_pass() const noexcept;

 private:
  [[nodiscard]] error unreachable(const std::string& why, int number = 0) const;
  [[nodiscard]] error not_understood(const std::string& why) const;
  [[nodiscard]] error damaged() const;
  [[nodiscard]] error no_database() const;
  [[nodiscard]] error could_not_open() const;
  [[nodiscard]] error bound_met(std::string_view bound) const;

  sqlite3* connection_;
  std::string where_;
  /// Without a connection there was no memory for one.
  int code_ = SQLITE_NOMEM;
  std::string why_ = "out of memory";
};

/// What lies beside a database in the place of a journal or a log, and is none: an error that names it.
/// `database` is the file itself, without symlinks.
[[nodiscard]] result<> check_beside(const std::string& database, const std::string& where);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
