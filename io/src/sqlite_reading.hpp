// One look into one SQLite database, which changes nothing on the disk; private to the SQLite source.
//
// - Only SQLite opens the files of a database. A process that closes any descriptor of a file loses all POSIX locks
//   that it has on it, those of its other connections too; SQLite knows that, and closes them later.
// - The connection goes with the object. One that stays open in WAL mode keeps others from removing the log and from
//   changing the journal mode.
// - SQLite gets a file system that makes, writes and removes nothing. Left alone, even a connection that only reads
//   makes a log.
#pragma once

#include <sqlite3.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "agentslock/io/presence.hpp"

namespace agentslock {

/// For every table and view its digest, or why it can't be known.
using digests = std::map<std::string, result<std::string>, std::less<>>;

/// Every byte but letters, digits, ".", "_", "-" and those of `also_plain` becomes %XX.
[[nodiscard]] std::string percent_encode(std::string_view text, std::string_view also_plain = {});

/// One read transaction.
class sqlite_reading {
 public:
  explicit sqlite_reading(std::string path) : path_(std::move(path)) {}

  /// Opens the database and begins. Returns SQLite's number of the schema: each change of the schema gives it another
  /// one. Takes the same time however large the schema is; waits up to 2 s for a writer.
  [[nodiscard]] result<int> begin();
  /// Reads the schema.
  [[nodiscard]] result<digests> all_digests();

  /// Whether no lock kept others from writing: then all that was read holds only if nobody did.
  [[nodiscard]] bool is_unlocked() const noexcept { return is_unlocked_; }
  /// Whether a write-ahead log holds something that must be read with the database.
  [[nodiscard]] bool has_log() const;

 private:
  struct close_connection {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
  };
  struct finalize_statement {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  using statement = std::unique_ptr<sqlite3_stmt, finalize_statement>;

  static const char* unchanging_file_system();
  static std::string text_in(sqlite3_stmt* row, int index);

  [[nodiscard]] int connect(std::string_view parameters);
  [[nodiscard]] result<statement> prepare(const char* sql);
  [[nodiscard]] result<int> number(const char* sql);
  [[nodiscard]] result<std::string> digest_of(sqlite3_stmt* columns_of, const std::string& name,
                                              bool is_view);
  /// What SQLite says about the call that has failed; `part` is what of the database it was about.
  [[nodiscard]] error failure(const std::string& part = {}) const;

  std::string path_;
  std::unique_ptr<sqlite3, close_connection> connection_;
  bool is_unlocked_ = false;
};

}  // namespace agentslock
