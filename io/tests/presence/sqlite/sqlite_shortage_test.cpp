// Memory that SQLite does not get, and bytes that it can't read, at each place of a reading: the answer is an error or
// right, and never "absent" or another.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <boost/filesystem.hpp>
#include <cerrno>
#include <functional>
#include <string>
#include <vector>

#include "agentslock/io/sqlite_listing.hpp"
#include "agentslock/io/sqlite_presence.hpp"
#include "support/printers.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

using testing::digest_of_a;
using testing::sqlite_file;

/// SQLite's memory, of which one piece is not to be had. Only for a process that ends then.
struct failing_memory {
  static inline sqlite3_mem_methods real{};
  static inline int left = -1;
  static inline bool has_failed = false;

  static bool fails() {
    if (left < 0 || left-- > 0) return false;
    has_failed = true;
    return true;
  }
  static void* allocate(int bytes) { return fails() ? nullptr : real.xMalloc(bytes); }
  static void* reallocate(void* old, int bytes) { return fails() ? nullptr : real.xRealloc(old, bytes); }

  /// What is wrong; nothing when SQLite takes its memory from here.
  [[nodiscard]] static std::string set() {
    sqlite3_shutdown();
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real) != SQLITE_OK) return "SQLite's memory is not known";
    static sqlite3_mem_methods ours = real;
    ours.xMalloc = allocate;
    ours.xRealloc = reallocate;
    // Each piece by itself: none from what a connection or the cache has put by.
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) != SQLITE_OK || sqlite3_initialize() != SQLITE_OK) {
      return "SQLite's memory can't be another one";
    }
    return {};
  }
};

/// One of the reads of SQLite's file system fails. Only for a process that ends then.
struct failing_read {
  static inline int left = -1;
  static inline bool has_failed = false;
  static inline int number = 0;

  static ssize_t read(int file, void* into, size_t bytes, off_t at) {
    if (left < 0 || left-- > 0) return ::pread(file, into, bytes, at);
    has_failed = true;
    errno = number;
    return -1;
  }
  [[nodiscard]] static std::string set() {
    sqlite3_vfs* const system = sqlite3_vfs_find("unix");
    bool is_set = false;
    // It uses the one or the other, as it was built.
    for (const char* call : {"pread", "pread64"}) {
      is_set =
          system->xSetSystemCall(system, call, reinterpret_cast<sqlite3_syscall_ptr>(read)) == SQLITE_OK ||
          is_set;
    }
    return is_set ? "" : "SQLite's reads can't be others";
  }
};

class SqliteShortage : public testing::sqlite_fixture {
 protected:
  /// Makes the first, second ... of the things fail, until none does any more. What is wrong, or nothing.
  template <class Failing>
  [[nodiscard]] static std::string fail_each(const std::function<std::string()>& asks) {
    if (std::string no = Failing::set(); !no.empty()) return no;
    int failures = 0;
    for (int place = 0;; ++place) {
      Failing::left = place;
      Failing::has_failed = false;
      std::string wrong = asks();
      Failing::left = -1;
      if (!wrong.empty()) return "at place " + std::to_string(place) + ": " + wrong;
      if (!Failing::has_failed) break;
      ++failures;
    }
    return failures > 0 ? "" : "nothing failed";
  }
  /// What could not be read is not damaged: nobody is told to restore anything.
  [[nodiscard]] static bool is_allowed(const error& why) { return why.code() == errc::store_unreachable; }
  [[nodiscard]] std::string fail_each_read() const {
    std::string wrong;
    for (const int number : {ESTALE, EIO, ENXIO, ERANGE}) {
      wrong += testing::in_child([&] {
        failing_read::number = number;
        return fail_each<failing_read>([&] { return ask(); });
      });
    }
    return wrong;
  }
  /// Asks for a table, a view over it, one over a table that is gone, and what is not there.
  [[nodiscard]] std::string ask() const {
    const std::vector<std::string_view> asked{"v", "over", "gone", "missing"};
    const auto found = sqlite_presence(directory.path()).find_views("comp", asked);
    if (!found) return is_allowed(found.error()) ? "" : found.error().message();
    return *found == std::vector<stored_view>{digest_of_a, digest_of_a, "", std::nullopt} ? ""
                                                                                          : "another answer";
  }
  [[nodiscard]] std::string list() const {
    const auto found = sqlite_listing(directory.path()).views("comp");
    if (!found) return is_allowed(found.error()) ? "" : found.error().message();
    return *found == std::vector<std::string>{"gone", "over", "v"} ? "" : "another list";
  }
  void make_log_without_index() const {
    make_log(schema);
    boost::filesystem::remove(path + "-shm");
  }

  static constexpr const char* schema =
      "CREATE TABLE v (a); CREATE VIEW over AS SELECT a FROM v; CREATE TABLE g (a);"
      "CREATE VIEW gone AS SELECT a FROM g; DROP TABLE g;";
};

TEST_F(SqliteShortage, MemoryForADatabase) {
  for (const char* encoding : {"UTF-8", "UTF-16le"}) {
    boost::filesystem::remove(path);
    sqlite_file(path, "PRAGMA encoding = '" + std::string(encoding) + "';" + schema);
    EXPECT_EQ(testing::in_child([&] { return fail_each<failing_memory>([&] { return ask(); }); }), "")
        << encoding;
    EXPECT_EQ(testing::in_child([&] { return fail_each<failing_memory>([&] { return list(); }); }), "")
        << encoding;
  }
}

TEST_F(SqliteShortage, MemoryForALogWithoutItsIndex) {
  make_log_without_index();
  EXPECT_EQ(testing::in_child([&] { return fail_each<failing_memory>([&] { return ask(); }); }), "");
}

TEST_F(SqliteShortage, BytesOfADatabase) {
  sqlite_file(path, schema);
  EXPECT_EQ(fail_each_read(), "");
}

TEST_F(SqliteShortage, BytesOfALogWithoutItsIndex) {
  make_log_without_index();
  EXPECT_EQ(fail_each_read(), "");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
