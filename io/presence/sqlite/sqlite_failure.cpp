#include "sqlite_failure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "agentslock/io/detail/json_text.hpp"
#include "sqlite_file_system.hpp"

namespace agentslock {
namespace {

constexpr std::string_view mend = ". Open it once with a program that may write to it, such as sqlite3";
constexpr std::string_view restore = ". Restore it, or build it anew";

/// What SQLite says of a schema that it can't take in.
constexpr std::string_view malformed_schema = "malformed database schema (";

/// Whether SQLite's words on a row of the schema are about the row, and not about what stands in its statement: then
/// no version of SQLite has written it.
bool is_damaged_row(std::string_view why) {
  constexpr std::array<std::string_view, 4> of_rows{") - invalid rootpage", ") - orphan index",
                                                    ") - incomplete input", ")"};
  return std::ranges::any_of(of_rows, [&](std::string_view end) { return why.ends_with(end); });
}

using database_header = std::array<unsigned char, 100>;

bool begins_as_database(const database_header& header) {
  constexpr std::string_view magic("SQLite format 3\0", 16);
  return std::equal(magic.begin(), magic.end(), header.begin(),
                    [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
}

/// Whether the numbers of a header are such as every version of SQLite has written: the page's size, and three that are
/// always the same.
bool is_plausible(const database_header& header) {
  const unsigned page = static_cast<unsigned>(header[16]) << 8 | header[17];
  const bool is_size = page == 1 || (page >= 512 && (page & (page - 1)) == 0);
  return is_size && header[21] == 64 && header[22] == 32 && header[23] == 32;
}

error kept_from(const std::string& where, const failed_open& what) {
  if (!what.kind.empty()) {
    std::string message("could not read ");
    message.append(where).append(": ").append(what.path).append(" is ").append(what.kind);
    return {errc::store_unreachable, message + ", and no file; move it away"};
  }
  const boost::system::error_code cause(what.number, boost::system::system_category());
  return {errc::store_unreachable,
          "could not read " + where + ": could not open " + what.path + ": " + cause.message(), cause};
}

}  // namespace

sqlite_failure::sqlite_failure(sqlite3* connection, const std::string& where, std::string_view part)
    : connection_(connection), where_(std::string(part) + where) {
  if (connection == nullptr) return;
  code_ = sqlite3_extended_errcode(connection);
  why_ = sqlite3_errmsg(connection);
}

error sqlite_failure::as_error(std::string_view bound) const {
  if (!bound.empty()) return bound_met(bound);
  switch (code_ & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return {errc::store_busy, where_ + " is locked by another connection; try again"};
    case SQLITE_NOTADB:
      return no_database();
    case SQLITE_CORRUPT:
      return damaged();
    case SQLITE_ERROR:
      return not_understood(why_);
    case SQLITE_TOOBIG:
      return bound_met("a statement or a value in it is longer than 1,000,000 bytes");
    case SQLITE_NOMEM:
      return unreachable(why_, ENOMEM);
    case SQLITE_READONLY:
      if (last_failed_open()) return could_not_open();
      return unreachable(
          std::string("a writer was interrupted, and has left what must be recovered").append(mend));
    case SQLITE_CANTOPEN:
      return could_not_open();
    default:
      return unreachable(why_, sqlite3_system_errno(connection_));
  }
}

bool sqlite_failure::may_pass() const noexcept {
  const int kind = code_ & 0xFF;
  return kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY || kind == SQLITE_IOERR;
}

error sqlite_failure::unreachable(const std::string& why, int number) const {
  const boost::system::error_code cause(number, boost::system::system_category());
  return {errc::store_unreachable,
          "could not read " + where_ + ": " + why + (number != 0 ? ": " + cause.message() : ""), cause};
}

error sqlite_failure::not_understood(const std::string& why) const {
  return {errc::store_unreachable, where_ + " is not understood by SQLite " + sqlite3_libversion() + ": " +
                                       why + ". The program that made it, or a newer SQLite, may read it"};
}

error sqlite_failure::damaged() const {
  const std::string_view why = why_;
  if (why.starts_with(malformed_schema) && !is_damaged_row(why)) {
    if (why.ends_with("statement too long"))
      return bound_met("one of its statements is longer than 1,000,000 bytes");
    return not_understood(why_);
  }
  return {errc::store_corrupt, (where_ + " is damaged or no database: " + why_).append(restore)};
}

/// SQLite says the same of a file that is no database and of one whose format is newer.
error sqlite_failure::no_database() const {
  database_header header{};
  sqlite3_file* file = nullptr;
  sqlite3_file_control(connection_, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
  if (file != nullptr && file->pMethods != nullptr) {
    // What a file that is too short lacks is filled with zeros.
    file->pMethods->xRead(file, header.data(), static_cast<int>(header.size()), 0);
  }
  if (!begins_as_database(header)) {
    return {errc::store_corrupt, where_ + " is damaged, encrypted or no database: " + why_ +
                                     ". Restore it, or move it away if it is something else"};
  }
  constexpr int version_known = 2;
  const int version = header[19];  // of those who may read the file
  if (version <= version_known || !is_plausible(header)) return damaged();
  return not_understood("its file format has the version " + std::to_string(version));
}

error sqlite_failure::could_not_open() const {
  if (const auto& failed = last_failed_open()) return kept_from(where_, *failed);
  const char* const database = sqlite3_db_filename(connection_, "main");
  if (database != nullptr && look_into_log(std::string(database) + "-wal") == log_content::of_newer_version) {
    return not_understood("its write-ahead log has another version");
  }
  // SQLite has not come to open anything: it has a limit for paths of its own, after symlinks were followed.
  return unreachable(why_ + "; its path may be too long");
}

error sqlite_failure::bound_met(std::string_view bound) const {
  return {
      errc::store_unreachable,
      "could not read " + where_ + ": its schema is larger than what is read here: " + std::string(bound)};
}

result<> check_beside(const std::string& database, const std::string& where) {
  for (const std::string_view suffix : {"-journal", "-wal", "-shm"}) {
    failed_open one{database + std::string(suffix), {}, 0};
    one.kind = kind_of_no_file(one.path);
    if (!one.kind.empty()) return kept_from(where, one);
  }
  return {};
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
