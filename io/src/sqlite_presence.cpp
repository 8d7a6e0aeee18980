#include "agentslock/io/sqlite_presence.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "agentslock/kernel/utf8.hpp"

namespace agentslock {
namespace {

constexpr int busy_timeout_ms = 2000;

bool is_plain(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

std::string percent_encode(std::string_view text, bool (*stays)(unsigned char)) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (char character : text) {
    const auto c = static_cast<unsigned char>(character);
    if (stays(c)) {
      encoded += character;
    } else {
      encoded += '%';
      encoded += digits[c >> 4];
      encoded += digits[c & 15];
    }
  }
  return encoded;
}

struct file_facts {
  bool exists = false;
  off_t size_bytes = 0;
  struct timespec modified {};
  ino_t inode = 0;
  bool is_wal = false;

  friend bool operator==(const file_facts& a, const file_facts& b) {
    return a.exists == b.exists && a.size_bytes == b.size_bytes && a.inode == b.inode &&
           a.modified.tv_sec == b.modified.tv_sec && a.modified.tv_nsec == b.modified.tv_nsec;
  }
};

/// Whether a log beside a database holds something that must be read with it.
bool has_content(const std::string& path) {
  struct stat raw;
  return ::stat(path.c_str(), &raw) == 0 && raw.st_size > 0;
}

error unreachable(const std::string& path, std::string_view why) {
  return {errc::store_unreachable, "could not read the store " + path + ": " + std::string(why)};
}

error failed_call(const std::string& path) {
  return unreachable(path, std::strerror(errno));
}

/// Looks at a database's file before SQLite does: SQLite takes an empty file for an empty database.
result<file_facts> look_at_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) {
    if (errno == ENOENT) return file_facts{};
    if (errno == ENAMETOOLONG) {
      return error(errc::name_too_long, "the file system takes no name as long as " + path);
    }
    return failed_call(path);
  }
  struct stat raw;
  std::array<char, 20> header{};
  const bool looked = ::fstat(file, &raw) == 0;
  const ssize_t got = looked && S_ISREG(raw.st_mode) ? ::pread(file, header.data(), header.size(), 0) : 0;
  const int failure = errno;
  ::close(file);
  errno = failure;
  if (!looked || got < 0) return failed_call(path);
  if (!S_ISREG(raw.st_mode))
    return error(errc::store_corrupt, path + " is no file, and should be a database");
  if (raw.st_size == 0) {
    return error(
        errc::store_corrupt,
        path + " is empty: no database, or one that was cut off. Remove it if the adapter holds nothing");
  }
  // Bytes 18 and 19 of the header are 2 in WAL mode.
  const bool is_wal = got == static_cast<ssize_t>(header.size()) && header[18] == 2 && header[19] == 2;
  return file_facts{true, raw.st_size, raw.st_mtim, raw.st_ino, is_wal};
}

/// The general one of SQLite's extended result codes.
constexpr int primary(int code) {
  return code & 0xFF;
}

struct close_database {
  void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
struct finalize_statement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using statement = std::unique_ptr<sqlite3_stmt, finalize_statement>;

}  // namespace

std::string sqlite_file_name(std::string_view adapter) {
  return "kg_" + percent_encode(adapter, is_plain) + ".db";
}

/// One adapter's database; may be missing.
class sqlite_presence::database {
 public:
  [[nodiscard]] static result<std::unique_ptr<database>> open(std::string path);
  [[nodiscard]] result<stored_view> find(std::string_view view);

 private:
  explicit database(std::string path) : path_(std::move(path)) {}
  [[nodiscard]] result<> connect();
  [[nodiscard]] result<stored_view> ask(std::string_view view);
  [[nodiscard]] result<std::vector<column>> columns_of(std::string_view view, bool is_table);
  [[nodiscard]] result<statement> prepare(const char* sql, std::string_view argument);
  [[nodiscard]] error failure();
  /// Whether the file was read past SQLite's own care, and has changed since.
  [[nodiscard]] result<bool> changed_under_us();

  std::string path_;
  file_facts facts_;
  bool immutable_ = false;
  std::unique_ptr<sqlite3, close_database> connection_;
};

result<std::unique_ptr<sqlite_presence::database>> sqlite_presence::database::open(std::string path) {
  std::unique_ptr<database> opened(new database(std::move(path)));
  if (const auto connected = opened->connect(); !connected) return connected.error();
  return opened;
}

result<> sqlite_presence::database::connect() {
  connection_.reset();
  auto facts = look_at_file(path_);
  if (!facts) return facts.error();
  facts_ = *facts;
  if (!facts_.exists) return {};
  // Even read-only, SQLite makes files beside a WAL database, and fails where it can't. When no log holds anything that
  // would have to be read, the database file alone is all there is, and SQLite is told so; whether a writer came in
  // the meantime is checked after each answer. When there is a log, its index is only read, never made.
  immutable_ = facts_.is_wal && !has_content(path_ + "-wal") && !has_content(path_ + "-journal");
  const auto stays_in_uri = [](unsigned char c) { return is_plain(c) || c == '/'; };
  const std::string anchored = path_.starts_with('/') ? path_ : "./" + path_;
  const std::string uri = "file:" + percent_encode(anchored, stays_in_uri) +
                          (immutable_ ? "?mode=ro&immutable=1" : "?mode=ro&readonly_shm=1");
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(uri.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
  connection_.reset(raw);
  if (opened != SQLITE_OK) return failure();
  sqlite3_busy_timeout(connection_.get(), busy_timeout_ms);
  return {};
}

result<bool> sqlite_presence::database::changed_under_us() {
  if (!immutable_) return result<bool>(false);
  const auto now = look_at_file(path_);
  if (!now) return now.error();
  return result<bool>(!(*now == facts_) || has_content(path_ + "-wal"));
}

result<stored_view> sqlite_presence::database::find(std::string_view view) {
  constexpr int tries_max = 3;
  for (int i = 0; i < tries_max; ++i) {
    if (!facts_.exists) return stored_view();
    auto answer = ask(view);
    const auto changed = changed_under_us();
    if (!changed) return changed.error();
    if (!*changed) return answer;
    if (const auto connected = connect(); !connected) return connected.error();
  }
  return error(errc::store_busy, "the store " + path_ + " keeps changing while it is read");
}

result<stored_view> sqlite_presence::database::ask(std::string_view view) {
  auto schema = prepare("SELECT type FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ?1", view);
  if (!schema) return schema.error();
  const int row = sqlite3_step(schema->get());
  if (row == SQLITE_DONE) return stored_view();
  if (row != SQLITE_ROW) return failure();
  const auto* type = reinterpret_cast<const char*>(sqlite3_column_text(schema->get(), 0));
  const auto columns = columns_of(view, type != nullptr && std::string_view(type) == "table");
  if (!columns) return columns.error();
  // A view over tables that are gone is there, and has no schema: it matches no digest.
  return columns->empty() ? stored_view("") : stored_view(schema_digest(*columns));
}

result<std::vector<column>> sqlite_presence::database::columns_of(std::string_view view, bool is_table) {
  auto info = prepare(
      "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid", view);
  if (!info) return info.error();
  std::vector<column> columns;
  const auto text = [&](int index) {
    const void* bytes = sqlite3_column_blob(info->get(), index);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(info->get(), index));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
  };
  for (;;) {
    const int row = sqlite3_step(info->get());
    if (row == SQLITE_DONE) return columns;
    if (primary(row) == SQLITE_ERROR && !is_table) return std::vector<column>();
    if (row != SQLITE_ROW) return failure();
    columns.push_back(
        {text(0), text(1), sqlite3_column_int(info->get(), 2) != 0, sqlite3_column_int(info->get(), 3)});
    if (!is_utf8(columns.back().name) || !is_utf8(columns.back().declared_type)) {
      return error(errc::store_corrupt, "a column in the store " + path_ + " has a name that is not UTF-8");
    }
  }
}

result<statement> sqlite_presence::database::prepare(const char* sql, std::string_view argument) {
  sqlite3_stmt* raw = nullptr;
  const int prepared = sqlite3_prepare_v2(connection_.get(), sql, -1, &raw, nullptr);
  statement made(raw);
  if (prepared != SQLITE_OK) return failure();
  if (sqlite3_bind_text64(made.get(), 1, argument.data(), argument.size(), SQLITE_TRANSIENT, SQLITE_UTF8) !=
      SQLITE_OK) {
    return failure();
  }
  return made;
}

error sqlite_presence::database::failure() {
  const int code =
      connection_ == nullptr ? SQLITE_NOMEM : primary(sqlite3_extended_errcode(connection_.get()));
  const std::string why =
      connection_ == nullptr ? "out of memory" : std::string(sqlite3_errmsg(connection_.get()));
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {errc::store_busy, "the store " + path_ + " is locked by another process; try again"};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return {errc::store_corrupt, "the store " + path_ + " is damaged or no database: " + why};
    default:
      return unreachable(path_, why);
  }
}

sqlite_presence::sqlite_presence(std::string folder) : folder_(std::move(folder)) {}
sqlite_presence::sqlite_presence(sqlite_presence&&) noexcept = default;
sqlite_presence& sqlite_presence::operator=(sqlite_presence&&) noexcept = default;
sqlite_presence::~sqlite_presence() = default;

result<sqlite_presence::database*> sqlite_presence::database_of(std::string_view adapter) {
  if (open_ == nullptr || open_adapter_ != adapter) {
    open_.reset();
    struct stat raw;
    if (::stat(folder_.c_str(), &raw) != 0) return failed_call(folder_);
    if (!S_ISDIR(raw.st_mode)) return unreachable(folder_, "it is no folder");
    auto opened = database::open(folder_ + "/" + sqlite_file_name(adapter));
    if (!opened) return opened.error();
    open_ = std::move(*opened);
    open_adapter_ = adapter;
  }
  return open_.get();
}

result<stored_view> sqlite_presence::find(view_key key) {
  const auto opened = database_of(key.adapter);
  if (!opened) return opened.error();
  return (*opened)->find(key.view);
}

}  // namespace agentslock
