// The functions of SQLite that agentslock::sqlite calls, as calls into the library that load_libsqlite has loaded. They stand
// in the place of SQLite itself when the command is linked; one that is missing here makes SQLite a library that every command
// loads, which a test refuses.
#include "libsqlite.hpp"

#include <sqlite3.h>

#include <cstdarg>
#include <string>

#include "loaded_library.hpp"

namespace agentslock::cli {
namespace {

constexpr const char* file_name = "libsqlite3.so.0";

const loaded_library& library() {
  static const loaded_library loaded(file_name);
  return loaded;
}

}  // namespace

result<> load_libsqlite() {
  if (library().is_there()) return {};
  return error(errc::store_unreachable, std::string("a SQLite store needs ") + file_name +
                                            ", which can't be loaded: install SQLite (Debian: libsqlite3-0)");
}

}  // namespace agentslock::cli

#define AGENTSLOCK_SQLITE3(result, name, parameters, arguments)                              \
  result name parameters {                                                                   \
    static auto* const function = agentslock::cli::library().find<result parameters>(#name); \
    return function arguments;                                                               \
  }

// clang-format off
extern "C" {
AGENTSLOCK_SQLITE3(int,  sqlite3_busy_timeout,     (sqlite3* a, int b), (a, b))
AGENTSLOCK_SQLITE3(int,  sqlite3_close_v2,         (sqlite3* a), (a))
AGENTSLOCK_SQLITE3(int,  sqlite3_column_bytes,     (sqlite3_stmt* a, int b), (a, b))
AGENTSLOCK_SQLITE3(int,  sqlite3_column_int,       (sqlite3_stmt* a, int b), (a, b))
AGENTSLOCK_SQLITE3(const unsigned char*, sqlite3_column_text, (sqlite3_stmt* a, int b), (a, b))
AGENTSLOCK_SQLITE3(const char*, sqlite3_db_filename, (sqlite3* a, const char* b), (a, b))
AGENTSLOCK_SQLITE3(int,  sqlite3_db_status,        (sqlite3* a, int b, int* c, int* d, int e), (a, b, c, d, e))
AGENTSLOCK_SQLITE3(const char*, sqlite3_errmsg,    (sqlite3* a), (a))
AGENTSLOCK_SQLITE3(int,  sqlite3_exec,             (sqlite3* a, const char* b, int (*c)(void*, int, char**, char**), void* d, char** e), (a, b, c, d, e))
AGENTSLOCK_SQLITE3(int,  sqlite3_extended_errcode, (sqlite3* a), (a))
AGENTSLOCK_SQLITE3(int,  sqlite3_file_control,     (sqlite3* a, const char* b, int c, void* d), (a, b, c, d))
AGENTSLOCK_SQLITE3(int,  sqlite3_finalize,         (sqlite3_stmt* a), (a))
AGENTSLOCK_SQLITE3(void, sqlite3_free,             (void* a), (a))
AGENTSLOCK_SQLITE3(const char*, sqlite3_libversion, (), ())
AGENTSLOCK_SQLITE3(int,  sqlite3_limit,            (sqlite3* a, int b, int c), (a, b, c))
AGENTSLOCK_SQLITE3(sqlite3_int64, sqlite3_memory_used, (), ())
AGENTSLOCK_SQLITE3(int,  sqlite3_open_v2,          (const char* a, sqlite3** b, int c, const char* d), (a, b, c, d))
AGENTSLOCK_SQLITE3(int,  sqlite3_prepare_v2,       (sqlite3* a, const char* b, int c, sqlite3_stmt** d, const char** e), (a, b, c, d, e))
AGENTSLOCK_SQLITE3(void, sqlite3_progress_handler, (sqlite3* a, int b, int (*c)(void*), void* d), (a, b, c, d))
AGENTSLOCK_SQLITE3(int,  sqlite3_step,             (sqlite3_stmt* a), (a))
AGENTSLOCK_SQLITE3(int,  sqlite3_system_errno,     (sqlite3* a), (a))
AGENTSLOCK_SQLITE3(int,  sqlite3_uri_boolean,      (const char* a, const char* b, int c), (a, b, c))
AGENTSLOCK_SQLITE3(sqlite3_vfs*, sqlite3_vfs_find, (const char* a), (a))
AGENTSLOCK_SQLITE3(int,  sqlite3_vfs_register,     (sqlite3_vfs* a, int b), (a, b))
// clang-format on

/// The options that agentslock::sqlite sets all take a number, and where to put the one before.
int sqlite3_db_config(sqlite3* connection, int option, ...) {
  static auto* const function = agentslock::cli::library().find<int(sqlite3*, int, ...)>("sqlite3_db_config");
  std::va_list more;
  va_start(more, option);
  const int value = va_arg(more, int);
  int* const before = va_arg(more, int*);
  va_end(more);
  return function(connection, option, value, before);
}

char* sqlite3_mprintf(const char* format, ...) {
  static auto* const function =
      agentslock::cli::library().find<char*(const char*, std::va_list)>("sqlite3_vmprintf");
  std::va_list more;
  va_start(more, format);
  char* const text = function(format, more);
  va_end(more);
  return text;
}
}
// SPDX-License-Identifier: Apache-2.0
