// Floor: what any program must do that looks into a store of SQLite databases: one query each, and nothing else.
//     bare_queries DIRECTORY
// Written as in C, so that it loads nothing but SQLite and the C library.
#include <dirent.h>
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr const char* query =
    "SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_schema AS m, pragma_table_info(m.name) "
    "AS c "
    "WHERE m.type IN ('table', 'view')";

void must_be(int code, int expected) {
  if (code != expected) std::abort();
}

long columns_in(const char* path) {
  sqlite3* connection = nullptr;
  must_be(sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  sqlite3_stmt* row = nullptr;
  must_be(sqlite3_prepare_v2(connection, query, -1, &row, nullptr), SQLITE_OK);
  long columns = 0;
  int stepped = sqlite3_step(row);
  for (; stepped == SQLITE_ROW; stepped = sqlite3_step(row)) {
    for (int i = 0; i < 5; ++i)
      (void)sqlite3_column_text(row, i);
    ++columns;
  }
  must_be(stepped, SQLITE_DONE);
  sqlite3_finalize(row);
  sqlite3_close(connection);
  return columns;
}

}  // namespace

int main(int, char** argv) {
  DIR* const list = ::opendir(argv[1]);
  if (list == nullptr) return EXIT_FAILURE;
  long columns = 0;
  while (const dirent* const entry = ::readdir(list)) {
    if (std::strncmp(entry->d_name, "kg_", 3) != 0) continue;
    char path[4096];
    std::snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
    columns += columns_in(path);
  }
  ::closedir(list);
  std::printf("%ld\n", columns);
  return columns == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
// SPDX-License-Identifier: Apache-2.0
