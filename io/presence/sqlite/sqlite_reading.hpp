// One look into one SQLite database, which changes nothing on the disk; private to the SQLite source.
//
// - Only SQLite opens the files of a database. A process that closes any descriptor of a file loses all POSIX locks
//   that it has on it, those of its other connections too; SQLite knows that, and closes them later.
// - The connection goes with the object. One that stays open in WAL mode keeps others from removing the log and from
//   changing the journal mode.
// - SQLite gets a file system that changes nothing: see sqlite_file_system.hpp.
// - Nothing is asked that was not asked for: a view's columns are found by SQLite in time that can grow beyond every
//   bound with the views that it reads from.
#pragma once

#include <sqlite3.h>

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/io/presence.hpp"
#include "sqlite_bounds.hpp"
#include "sqlite_expansion.hpp"

namespace agentslock {

/// What the tables and views of a schema are, by name.
using stored_schema = std::map<std::string, sqlite_expansion::kind, std::less<>>;

/// The digits of %XX.
inline constexpr std::string_view percent_digits = "0123456789ABCDEF";

/// Every byte but letters, digits, ".", "_", "-" and those of `also_plain` becomes %XX.
[[nodiscard]] std::string percent_encode(std::string_view text, std::string_view also_plain = {});

/// One read transaction.
class sqlite_reading {
 public:
  /// `where` is what messages call the store.
  sqlite_reading(std::string path, std::string where) : path_(std::move(path)), where_(std::move(where)) {}
  sqlite_reading(const sqlite_reading&) = delete;
  sqlite_reading& operator=(const sqlite_reading&) = delete;
  ~sqlite_reading() = default;

  /// Opens the database and begins. Takes the same time however large the schema is; waits up to 2 s for a writer.
  [[nodiscard]] result<> begin();
  /// Reads what there is. Linear in the texts of the schema, as SQLite takes in all of it before it answers anything.
  [[nodiscard]] result<stored_schema> schema();
  /// Answers for these names, in their order. Linear in the texts of the schema and the columns of what is asked for.
  [[nodiscard]] result<std::vector<stored_view>> find(std::span<const std::string_view> names);

  /// Whether the last failure may be gone when all is done again.
  [[nodiscard]] bool may_pass() const noexcept { return may_pass_; }
  /// Whether no lock kept others from writing to the file: then all that was read holds only if nobody did.
  [[nodiscard]] bool is_unlocked() const noexcept { return access_ == access::file_alone; }
  /// Whether a write-ahead log holds something that must be read with the database.
  [[nodiscard]] bool has_log() const;
  /// Whether what was read is from one moment. A log that is read without its index may be overwritten by those who
  /// have it; SQLite then sees, when it begins once more, that there was another commit.
  [[nodiscard]] bool is_from_one_moment();

 private:
  struct close_connection {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
  };
  struct finalize_statement {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  using statement = std::unique_ptr<sqlite3_stmt, finalize_statement>;

  /// How the files are read.
  enum class access : unsigned char {
    /// With SQLite's locks; a log by its index.
    by_index,
    /// With SQLite's locks; a log by an index in memory, which is made from the log.
    without_index,
    /// The database's file alone, without locks.
    file_alone,
  };

  static std::string text_in(sqlite3_stmt* row, int index);

  [[nodiscard]] int connect(access how);
  [[nodiscard]] std::string beside(std::string_view suffix) const;
  [[nodiscard]] result<statement> prepare(const char* sql, std::string_view part = {});
  [[nodiscard]] result<int> number(const char* sql);
  [[nodiscard]] result<> check_not_empty();
  template <class Visit>
  [[nodiscard]] result<> visit_schema(const char* query, Visit visit);
  [[nodiscard]] result<std::string> digest_of(std::string_view name, sqlite_expansion::kind what);
  [[nodiscard]] result<std::string> digest_of_columns(const std::string& name);
  [[nodiscard]] result<> read_texts();
  /// What SQLite says about the call that has failed; `part` is what of the database it was about.
  [[nodiscard]] error failure(std::string_view part = {});

  std::string path_;
  std::string where_;
  sqlite_bounds bounds_;
  std::unique_ptr<sqlite3, close_connection> connection_;
  access access_ = access::by_index;
  /// SQLite's number of the commits that the connection has seen, when they must be compared.
  std::optional<int> commits_;
  /// The statements of the schema, once they were needed.
  std::optional<sqlite_expansion> texts_;
  bool may_pass_ = false;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
