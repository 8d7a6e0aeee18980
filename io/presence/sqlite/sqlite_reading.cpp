#include "sqlite_reading.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "agentslock/kernel/detail/utf8.hpp"
#include "sqlite_failure.hpp"
#include "sqlite_file_system.hpp"

namespace agentslock {
namespace {

/// Names, and what tells what they are; then, for those who need it, the statements.
constexpr const char* names_query =
    "SELECT name, type = 'view', rootpage = 0 OR sql LIKE 'create virtual%' FROM sqlite_schema "
    "WHERE type IN ('table', 'view')";
constexpr const char* texts_query =
    "SELECT name, type = 'view', rootpage = 0 OR sql LIKE 'create virtual%', sql FROM sqlite_schema "
    "WHERE type IN ('table', 'view')";

/// What a row is, by whether it is a view, and whether it can be no ordinary table.
sqlite_expansion::kind kind_in(sqlite3_stmt* row, int index) {
  if (sqlite3_column_int(row, index) != 0) return sqlite_expansion::kind::view;
  return sqlite3_column_int(row, index + 1) != 0 ? sqlite_expansion::kind::virtual_table
                                                 : sqlite_expansion::kind::table;
}

/// Whether SQLite says of a view that a table or column is gone. A view over a table that is computed, by a function
/// that is not known here, may be whole, and that can't be known.
bool is_gone(std::string_view why, sqlite_expansion& texts) {
  constexpr std::string_view no_table = "no such table: ";
  if (!why.starts_with(no_table)) return why.starts_with("no such column: ");
  std::string_view table = why.substr(no_table.size());
  if (table.starts_with("main.")) table.remove_prefix(5);
  constexpr std::array<std::string_view, 3> of_sqlite{"pragma_", "sqlite_", "dbstat"};
  return std::ranges::none_of(of_sqlite, [&](std::string_view begin) { return table.starts_with(begin); }) &&
         !texts.calls(table);
}

}  // namespace

std::string percent_encode(std::string_view text, std::string_view also_plain) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  std::string encoded;
  for (const char c : text) {
    if (plain.find(c) != plain.npos || also_plain.find(c) != also_plain.npos) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded.append({'%', percent_digits[byte >> 4], percent_digits[byte & 15]});
    }
  }
  return encoded;
}

int sqlite_reading::connect(access how) {
  access_ = how;
  // After "file://" no path is taken for the name of a host.
  std::string uri = path_.starts_with('/') ? "file://" : "file:./";
  uri.append(percent_encode(path_, "/")).append("?mode=ro");
  if (how == access::by_index) uri.append("&readonly_shm=1");
  if (how == access::file_alone) uri.append("&immutable=1");
  // A program may have all connections to a file share one cache; ours must see for itself.
  // One thread uses a connection.
  constexpr int flags =
      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX;
  constexpr int busy_timeout_ms = 2000;
  forget_failed_open();
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(uri.c_str(), &raw, flags, unchanging_file_system());
  connection_.reset(raw);
  if (opened != SQLITE_OK) return opened;
  bounds_.set_for(raw);
  sqlite3_busy_timeout(raw, busy_timeout_ms);
  // Not by a map of the file's memory: that ends the process when somebody cuts the file off.
  return sqlite3_exec(raw, "PRAGMA mmap_size = 0", nullptr, nullptr, nullptr);
}

/// The name of a file beside the database. Symlinks were followed: a log lies beside the file itself.
std::string sqlite_reading::beside(std::string_view suffix) const {
  const char* const path = connection_ ? sqlite3_db_filename(connection_.get(), "main") : nullptr;
  return std::string(path == nullptr ? path_ : path).append(suffix);
}

bool sqlite_reading::has_log() const {
  return look_into_log(beside("-wal")) != log_content::nothing;
}

result<> sqlite_reading::begin() {
  const auto begin_by = [&](access how) -> result<int> {
    int code = connect(how);
    if (code != SQLITE_OK) return code;
    if (const auto all_files = check_beside(beside({}), where_); !all_files) return all_files.error();
    return sqlite3_exec(connection_.get(), "BEGIN; PRAGMA schema_version", nullptr, nullptr, nullptr);
  };
  const auto is_kind = [](const result<int>& code, int kind) { return code && (*code & 0xFF) == kind; };
  auto code = begin_by(must_leave_index_alone() ? access::without_index : access::by_index);
  if (is_kind(code, SQLITE_CANTOPEN) && !has_log()) {
    // In WAL mode SQLite wants a log. Where none holds anything, the database file is all there is; SQLite believes it
    // when it is told that nobody writes to it. Where one does, it may have come just now.
    code = begin_by(access::file_alone);
  } else if (access_ == access::by_index &&
             (is_kind(code, SQLITE_CANTOPEN) || is_kind(code, SQLITE_READONLY))) {
    // The index is missing, shut, or left behind by a writer that was interrupted.
    code = begin_by(access::without_index);
  }
  if (!code) return code.error();
  if (*code != SQLITE_OK) return failure();
  if (access_ == access::without_index && has_log()) {
    const auto commits = number("PRAGMA data_version");
    if (!commits) return commits.error();
    commits_ = *commits;
  }
  return {};
}

bool sqlite_reading::is_from_one_moment() {
  if (!commits_) return true;
  if (sqlite3_exec(connection_.get(), "COMMIT; BEGIN", nullptr, nullptr, nullptr) != SQLITE_OK) return false;
  const auto commits = number("PRAGMA data_version");
  return commits && *commits == *commits_;
}

result<> sqlite_reading::check_not_empty() {
  const auto pages = number("PRAGMA page_count");
  if (!pages) return pages.error();
  if (*pages != 0) return {};
  return error(errc::store_corrupt, where_ +
                                        " is empty: no database, or one that was cut off. Restore it, or "
                                        "remove it if the adapter holds nothing");
}

/// Shows each row of a query on the schema.
template <class Visit>
result<> sqlite_reading::visit_schema(const char* query, Visit visit) {
  const auto rows = prepare(query);
  if (!rows) return rows.error();
  for (;;) {
    const int row = sqlite3_step(rows->get());
    if (row == SQLITE_DONE) return {};
    if (row != SQLITE_ROW) return failure();
    visit(rows->get());
  }
}

result<stored_schema> sqlite_reading::schema() {
  if (const auto some = check_not_empty(); !some) return some.error();
  stored_schema found;
  const auto read =
      visit_schema(names_query, [&](sqlite3_stmt* row) { found.emplace(text_in(row, 0), kind_in(row, 1)); });
  if (!read) return read.error();
  return found;
}

result<std::vector<stored_view>> sqlite_reading::find(std::span<const std::string_view> names) {
  if (const auto some = check_not_empty(); !some) return some.error();
  std::map<std::string_view, std::optional<sqlite_expansion::kind>> kinds;
  for (const std::string_view name : names)
    kinds.emplace(name, std::nullopt);
  const auto read = visit_schema(names_query, [&](sqlite3_stmt* row) {
    const auto asked = kinds.find(text_in(row, 0));
    if (asked != kinds.end() && !asked->second) asked->second = kind_in(row, 1);
  });
  if (!read) return read.error();
  std::vector<stored_view> answers;
  answers.reserve(names.size());
  for (const std::string_view name : names) {
    const auto kind = kinds.find(name)->second;
    if (!kind) {
      answers.emplace_back();
      continue;
    }
    auto digest = digest_of(name, *kind);
    if (!digest) return digest.error();
    answers.emplace_back(std::move(*digest));
  }
  return answers;
}

result<std::string> sqlite_reading::digest_of(std::string_view name, sqlite_expansion::kind what) {
  const std::string named(name);
  if (bounds_.is_met()) return failure(named + " in ");
  if (what == sqlite_expansion::kind::table) return digest_of_columns(named);
  if (const auto read = read_texts(); !read) return read.error();
  if (!texts_->is_bounded(name)) {
    return error(errc::store_unreachable,
                 "could not read " + named + " in " + where_ +
                     ": it reads from other views more often, or deeper, than what is put together here");
  }
  auto digest = digest_of_columns(named);
  if (!digest && what == sqlite_expansion::kind::view &&
      is_gone(sqlite3_errmsg(connection_.get()), *texts_)) {
    return std::string();
  }
  return digest;
}

result<> sqlite_reading::read_texts() {
  if (texts_) return {};
  sqlite_expansion all;
  const auto read = visit_schema(
      texts_query, [&](sqlite3_stmt* row) { all.add(text_in(row, 0), text_in(row, 3), kind_in(row, 1)); });
  if (!read) return read.error();
  texts_ = std::move(all);
  return {};
}

result<std::string> sqlite_reading::digest_of_columns(const std::string& name) {
  const std::string part = name + " in ";
  // The pragma itself: by a table of its name SQLite would do the same, and copy each value once more.
  const std::unique_ptr<char, void (*)(void*)> pragma(
      sqlite3_mprintf("PRAGMA main.table_xinfo(%Q)", name.c_str()), sqlite3_free);
  if (!pragma) return error(errc::store_unreachable, "could not read " + part + where_ + ": out of memory");
  const auto row_of = prepare(pragma.get(), part);
  if (!row_of) return row_of.error();
  sqlite3_stmt* const row = row_of->get();
  constexpr int name_of = 1;
  constexpr int type_of = 2;
  constexpr int not_null = 3;
  constexpr int primary_key = 5;
  constexpr int hidden = 6;
  std::vector<column> columns;
  for (;;) {
    const int stepped = sqlite3_step(row);
    if (stepped == SQLITE_DONE) return schema_digest(columns);
    if (stepped != SQLITE_ROW) return failure(part);
    if (sqlite3_column_int(row, hidden) == 1) continue;
    columns.push_back({text_in(row, name_of), text_in(row, type_of), sqlite3_column_int(row, not_null) != 0,
                       sqlite3_column_int(row, primary_key)});
    if (!is_utf8(columns.back().name) || !is_utf8(columns.back().declared_type)) {
      return error(errc::store_corrupt, "a column of " + part + where_ +
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

result<sqlite_reading::statement> sqlite_reading::prepare(const char* sql, std::string_view part) {
  sqlite3_stmt* raw = nullptr;
  const int prepared = sqlite3_prepare_v2(connection_.get(), sql, -1, &raw, nullptr);
  statement made(raw);
  if (prepared != SQLITE_OK) return failure(part);
  return made;
}

result<int> sqlite_reading::number(const char* sql) {
  const auto row = prepare(sql);
  if (!row) return row.error();
  if (sqlite3_step(row->get()) != SQLITE_ROW) return failure();
  return sqlite3_column_int(row->get(), 0);
}

error sqlite_reading::failure(std::string_view part) {
  const sqlite_failure why(connection_.get(), where_, part);
  may_pass_ = why.may_pass();
  return why.as_error(bounds_.met());
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
