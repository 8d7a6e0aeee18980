// What lies in the place of a file and is none, and what the system does not let be opened: an error that says which
// file, and never a wait.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/filesystem.hpp>
#include <cerrno>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "agentslock/io/sqlite_presence.hpp"
#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/sqlite_file.hpp"
#include "support/sqlite_fixture.hpp"

namespace agentslock {
namespace {

using testing::as_nobody;
using testing::child_process;
using testing::digest_of_a;
using testing::in_words;
using testing::names_in;
using testing::snapshot_of_directory;
using testing::sqlite_file;
using testing::temporary_directory;

class SqliteBeside : public testing::sqlite_fixture {
 protected:
  void make(const std::string& mode) const {
    sqlite_file(path, "PRAGMA journal_mode = " + mode + "; CREATE TABLE v (a);");
  }
};

struct no_file {
  const char* kind;
  std::function<void(const std::string&)> make;
};

void make_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(socket);
}

const std::vector<no_file>& all_kinds() {
  static const std::vector<no_file> kinds{
      {"a pipe", [](const std::string& path) { ASSERT_EQ(::mkfifo(path.c_str(), 0644), 0); }},
      {"a directory", [](const std::string& path) { boost::filesystem::create_directory(path); }},
      {"a socket", make_socket},
      {"a symlink", [](const std::string& path) { boost::filesystem::create_symlink("nowhere", path); }},
      {"a symlink", [](const std::string& path) { boost::filesystem::create_symlink("kg_comp.db", path); }},
      {"a symlink", [](const std::string& path) { boost::filesystem::create_symlink("/dev/zero", path); }},
      {"a symlink",
       [](const std::string& path) {
         boost::filesystem::create_symlink(boost::filesystem::path(path).filename(), path);
       }},
  };
  return kinds;
}

TEST_F(SqliteBeside, WhatIsNoFileInThePlaceOfAJournalOrLogIsNamedAndNotWaitedFor) {
  for (const char* mode : {"DELETE", "WAL", "log"}) {
    boost::filesystem::remove(path);
    mode == std::string("log") ? make_log() : make(mode);
    for (const std::string suffix : {"-journal", "-wal", "-shm"}) {
      for (const no_file& one : all_kinds()) {
        const bool was_there = boost::filesystem::exists(path + suffix);
        if (was_there) boost::filesystem::rename(path + suffix, directory / "aside");
        one.make(path + suffix);
        expect_error(errc::store_unreachable, {path + suffix, one.kind, "\"comp\""});
        boost::filesystem::remove(path + suffix);
        if (was_there) boost::filesystem::rename(directory / "aside", path + suffix);
      }
    }
    EXPECT_EQ(in_words(sqlite_presence(directory.path()).find({"comp", "v"})), digest_of_a) << mode;
  }
}

TEST_F(SqliteBeside, WhatIsNoFileBesideTheFileOfASymlinkedDatabaseIsNamed) {
  sqlite_file(directory / "real", "CREATE TABLE v (a);");
  boost::filesystem::create_symlink("real", path);
  ASSERT_EQ(::mkfifo((directory / "real-journal").c_str(), 0644), 0);
  expect_error(errc::store_unreachable, {directory / "real-journal", "a pipe"});
}

TEST_F(SqliteBeside, WhatIsNoFileInThePlaceOfTheDatabaseIsNamedAndNotWaitedFor) {
  for (const no_file& one : all_kinds()) {
    one.make(path);
    const auto answer = sqlite_presence(directory.path()).find({"comp", "v"});
    ASSERT_FALSE(answer) << one.kind;
    EXPECT_NE(answer.error().message().find(path), std::string::npos) << answer.error().message();
    EXPECT_NE(answer.error().message().find("\"comp\""), std::string::npos) << answer.error().message();
    boost::filesystem::remove(path);
  }
}

TEST_F(SqliteBeside, AFileThatMayNotBeReadIsNamedWithTheReason) {
  directory.let_all_in();
  make_log();
  for (const std::string suffix : {"", "-wal"}) {
    ASSERT_EQ(::chmod((path + suffix).c_str(), 0000), 0);
    EXPECT_EQ(as_nobody([&]() -> std::string {
                if (testing::may_read(path + suffix)) return "it is not denied";
                const auto answer = sqlite_presence(directory.path()).find({"comp", "v"});
                if (answer) return *answer ? "there" : "absent";
                const std::string told = answer.error().message();
                const bool is_told =
                    told.find(path + suffix) != told.npos && told.find("Permission denied") != told.npos &&
                    told.find("index") == told.npos && answer.error().cause().value() == EACCES;
                return is_told && answer.error().code() == errc::store_unreachable ? "" : told;
              }),
              "")
        << suffix;
    ASSERT_EQ(::chmod((path + suffix).c_str(), 0644), 0);
  }
  // The index is not needed.
  ASSERT_EQ(::chmod((path + "-shm").c_str(), 0000), 0);
  EXPECT_EQ(as_nobody([&]() -> std::string {
              if (testing::may_read(path + "-shm")) return "it is not denied";
              return in_words(sqlite_presence(directory.path()).find({"comp", "v"}));
            }),
            digest_of_a);
}

TEST_F(SqliteBeside, AJournalThatMayNotBeReadIsNamedWithTheReason) {
  directory.let_all_in();
  make("PERSIST");
  ASSERT_EQ(::chmod((path + "-journal").c_str(), 0000), 0);
  EXPECT_EQ(as_nobody([&]() -> std::string {
              if (testing::may_read(path + "-journal")) return "it is not denied";
              const auto answer = sqlite_presence(directory.path()).find({"comp", "v"});
              if (answer) return *answer ? "there" : "absent";
              const std::string told = answer.error().message();
              return told.find(path + "-journal: Permission denied") != told.npos ? "" : told;
            }),
            "");
}

/// Fails one of the opens of SQLite in this process.
struct failing_open {
  static inline int left = 0;
  static inline int number = 0;
  static inline int (*real)(const char*, int, int) = nullptr;

  static int open(const char* path, int flags, int mode) {
    if (left-- != 0) return real(path, flags, mode);
    errno = number;
    return -1;
  }
};

TEST_F(SqliteBeside, AShortageIsAnErrorWithItsCauseAndNeverAbsent) {
  for (const char* mode : {"DELETE", "PERSIST", "WAL", "log"}) {
    boost::filesystem::remove(path);
    boost::filesystem::remove(path + "-journal");
    mode == std::string("log") ? make_log() : make(mode);
    for (const int number : {EMFILE, ENFILE, ENOMEM, EIO}) {
      for (int opens = 0; opens < 4; ++opens) {
        EXPECT_EQ(testing::in_child([&]() -> std::string {
                    // Only in this process, which ends then: these are the calls of all of its connections.
                    sqlite3_vfs* const system = sqlite3_vfs_find("unix");
                    failing_open::real = reinterpret_cast<int (*)(const char*, int, int)>(
                        system->xGetSystemCall(system, "open"));
                    failing_open::number = number;
                    failing_open::left = opens;
                    system->xSetSystemCall(system, "open",
                                           reinterpret_cast<sqlite3_syscall_ptr>(failing_open::open));
                    const auto answer = sqlite_presence(directory.path()).find({"comp", "v"});
                    // A shortage that has passed when all is done again is none.
                    if (answer) return in_words(answer) == digest_of_a ? "" : in_words(answer);
                    const bool is_told = answer.error().code() == errc::store_unreachable &&
                                         answer.error().cause().value() == number;
                    return is_told ? "" : answer.error().message();
                  }),
                  "")
            << mode << ", errno " << number << " at open " << opens;
      }
    }
  }
}

TEST_F(SqliteBeside, ATableFullOfDescriptorsIsAnErrorWithItsCauseAndNeverAbsent) {
  make_log();
  for (int free = 0; free < 4; ++free) {
    EXPECT_EQ(testing::in_child([&]() -> std::string {
                // UndefinedBehaviorSanitizer opens a pipe for each type that it meets first.
                (void)sqlite_presence(directory.path()).find({"comp", "v"});
                (void)sqlite_presence(directory / "nothing").find({"comp", "v"});
                std::vector<int> taken;
                for (int file; (file = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;)
                  taken.push_back(file);
                if (errno != EMFILE) return "the table is not full";
                for (int i = 0; i < free; ++i)
                  ::close(taken[static_cast<std::size_t>(i)]);
                for (const char* adapter : {"comp", "missing"}) {
                  const auto answer = sqlite_presence(directory.path()).find({adapter, "v"});
                  const bool is_right =
                      answer &&
                      *answer == (adapter == std::string("comp") ? stored_view(digest_of_a) : stored_view());
                  // With one free a directory can be listed; a database and its log take more.
                  if (is_right) continue;
                  if (answer) return in_words(answer);
                  if (answer.error().code() != errc::store_unreachable ||
                      answer.error().cause().value() != EMFILE) {
                    return answer.error().message();
                  }
                }
                return {};
              }),
              "")
        << free;
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
