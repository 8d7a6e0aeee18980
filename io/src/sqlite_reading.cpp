#include "sqlite_reading.hpp"

#include <sys/stat.h>

#include <vector>

#include "agentslock/kernel/utf8.hpp"

namespace agentslock {

std::string percent_encode(std::string_view text, std::string_view also_plain) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  std::string encoded;
  for (const char c : text) {
    if (plain.find(c) != plain.npos || also_plain.find(c) != also_plain.npos) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
  return encoded;
}

/// SQLite's own file system, by which all connections of the process know of each other's locks; but what is not there
/// is not made, and what is there is opened for reading only and never removed.
const char* sqlite_reading::unchanging_file_system() {
  static sqlite3_vfs unchanging = [] {
    sqlite3_vfs made = *sqlite3_vfs_find("unix");
    made.pNext = nullptr;
    made.zName = "agentslock-unchanging";
    made.xOpen = [](sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* opened_as) {
      sqlite3_vfs* const own = sqlite3_vfs_find("unix");
      flags &= ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
      return own->xOpen(own, path, file, flags | SQLITE_OPEN_READONLY, opened_as);
    };
    made.xDelete = [](sqlite3_vfs*, const char*, int) { return SQLITE_READONLY; };
    return made;
  }();
  static const bool registered = sqlite3_vfs_register(&unchanging, 0) == SQLITE_OK;
  return registered ? unchanging.zName : "";
}

int sqlite_reading::connect(std::string_view parameters) {
  // After "file://" no path is taken for the name of a host.
  std::string uri = path_.starts_with('/') ? "file://" : "file:./";
  uri.append(percent_encode(path_, "/")).append(parameters);
  // A program may have all connections to a file share one cache; ours must see for itself.
  constexpr int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_PRIVATECACHE;
  constexpr int busy_timeout_ms = 2000;
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(uri.c_str(), &raw, flags, unchanging_file_system());
  connection_.reset(raw);
  if (opened != SQLITE_OK) return opened;
  sqlite3_busy_timeout(raw, busy_timeout_ms);
  return sqlite3_exec(raw, "BEGIN; PRAGMA schema_version", nullptr, nullptr, nullptr);
}

bool sqlite_reading::has_log() const {
  // The database's name is without links: the log lies beside the file itself.
  const char* const path = connection_ ? sqlite3_db_filename(connection_.get(), "main") : nullptr;
  struct stat raw;
  return path != nullptr && ::stat(sqlite3_filename_wal(path), &raw) == 0 && raw.st_size > 0;
}

result<int> sqlite_reading::begin() {
  // The log's index is only read, never made.
  constexpr std::string_view with_locks = "?mode=ro&readonly_shm=1";
  int code = connect(with_locks);
  if ((code & 0xFF) == SQLITE_CANTOPEN) {
    // In WAL mode SQLite wants a log. Where none holds anything, the database file is all there is; SQLite believes it
    // when it is told that nobody writes to it. Where one does, it may have come just now.
    is_unlocked_ = !has_log();
    code = connect(is_unlocked_ ? "?mode=ro&immutable=1" : with_locks);
  }
  if (code != SQLITE_OK) return failure();
  return number("PRAGMA schema_version");
}

result<digests> sqlite_reading::all_digests() {
  const auto pages = number("PRAGMA page_count");
  if (!pages) return pages.error();
  if (*pages == 0) {
    return error(
        errc::store_corrupt,
        "the store " + path_ +
            " is empty: no database, or one that was cut off. Restore it, or remove it if the adapter "
            "holds nothing");
  }
  const auto names = prepare("SELECT name, type = 'view' FROM sqlite_schema WHERE type IN ('table', 'view')");
  if (!names) return names.error();
  const auto columns_of =
      prepare("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1) WHERE hidden <> 1");
  if (!columns_of) return columns_of.error();
  digests found;
  for (;;) {
    const int row = sqlite3_step(names->get());
    if (row == SQLITE_DONE) return found;
    if (row != SQLITE_ROW) return failure();
    const std::string name = text_in(names->get(), 0);
    found.emplace(name, digest_of(columns_of->get(), name, sqlite3_column_int(names->get(), 1) != 0));
  }
}

result<std::string> sqlite_reading::digest_of(sqlite3_stmt* columns_of, const std::string& name,
                                              bool is_view) {
  sqlite3_reset(columns_of);
  if (sqlite3_bind_text64(columns_of, 1, name.data(), name.size(), SQLITE_TRANSIENT, SQLITE_UTF8) !=
      SQLITE_OK) {
    return failure();
  }
  std::vector<column> columns;
  for (;;) {
    const int row = sqlite3_step(columns_of);
    if (row == SQLITE_DONE) return schema_digest(columns);
    if (row != SQLITE_ROW) {
      // A view over what is gone is there, and has no schema: it matches no digest. One over a function that only its
      // own program knows may be whole, and that can't be known here.
      const std::string_view why = sqlite3_errmsg(connection_.get());
      const bool is_gone = why.starts_with("no such table") || why.starts_with("no such column");
      return is_view && is_gone ? result<std::string>("") : failure(name + " in ");
    }
    columns.push_back({text_in(columns_of, 0), text_in(columns_of, 1), sqlite3_column_int(columns_of, 2) != 0,
                       sqlite3_column_int(columns_of, 3)});
    if (!is_utf8(columns.back().name) || !is_utf8(columns.back().declared_type)) {
      return error(errc::store_corrupt, "a column of " + name + " in the store " + path_ +
                                            " has a name or a type that is not UTF-8: make the table anew");
    }
  }
}

/// In UTF-8, whatever the database's encoding.
std::string sqlite_reading::text_in(sqlite3_stmt* row, int index) {
  const unsigned char* const text = sqlite3_column_text(row, index);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, index));
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text), size);
}

result<sqlite_reading::statement> sqlite_reading::prepare(const char* sql) {
  sqlite3_stmt* raw = nullptr;
  const int prepared = sqlite3_prepare_v2(connection_.get(), sql, -1, &raw, nullptr);
  statement made(raw);
  if (prepared != SQLITE_OK) return failure();
  return made;
}

result<int> sqlite_reading::number(const char* sql) {
  const auto row = prepare(sql);
  if (!row) return row.error();
  if (sqlite3_step(row->get()) != SQLITE_ROW) return failure();
  return sqlite3_column_int(row->get(), 0);
}

error sqlite_reading::failure(const std::string& part) const {
  const std::string where = part + "the store " + path_;
  const auto unreachable = [&](const std::string& why, boost::system::error_code cause = {}) {
    return error(errc::store_unreachable, "could not read " + where + ": " + why, cause);
  };
  const std::string mend = ". Open it once with a program that may write to it, such as sqlite3";
  if (connection_ == nullptr) return unreachable("out of memory");
  const std::string why = sqlite3_errmsg(connection_.get());
  const boost::system::error_code cause(sqlite3_system_errno(connection_.get()),
                                        boost::system::system_category());
  switch (sqlite3_extended_errcode(connection_.get()) & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return {errc::store_busy, where + " is locked by another connection; try again"};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return {errc::store_corrupt,
              where + " is damaged or no database: " + why + ". Restore it, or build it anew"};
    case SQLITE_READONLY:
      return unreachable("a writer was interrupted, and has left what must be recovered" + mend);
    case SQLITE_CANTOPEN:
      if (has_log()) return unreachable("its write-ahead log can't be read without an index" + mend);
      return unreachable(cause ? why + ": " + cause.message() : why + "; its path may be too long", cause);
    case SQLITE_IOERR:
      return unreachable(cause ? why + ": " + cause.message() : why, cause);
    default:
      return unreachable(why);
  }
}

}  // namespace agentslock
