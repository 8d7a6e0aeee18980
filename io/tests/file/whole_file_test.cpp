#include "whole_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem.hpp>
#include <fstream>
#include <functional>
#include <string>

#include "agentslock/io/lock_document.hpp"
#include "document_size.hpp"
#include "support/any_size.hpp"
#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/temporary_directory.hpp"
#include "written_file.hpp"

namespace agentslock {
namespace {

using namespace std::string_literals;
using testing::any_size;
using testing::as_nobody;
using testing::real;
using testing::temporary_directory;

TEST(ReadWholeFile, GivesTheBytesAndWhatTheSystemSays) {
  const temporary_directory directory;
  const std::string bytes = "{\"a\":\0\xFF}\n"s;
  const std::string path = directory.make_file("lock", bytes, 0640);
  const auto file = read_whole_file(real, path, any_size);
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->text.view(), bytes);
  ASSERT_TRUE(file->status);
  EXPECT_EQ(file->status->size_bytes, bytes.size());
  EXPECT_EQ(file->status->mode, 0640U);
  EXPECT_EQ(file->status->kind, file_kind::regular);
  EXPECT_TRUE(*is_unchanged(real, path, *file));
}

TEST(ReadWholeFile, AnEmptyFileIsThereAndEmpty) {
  const temporary_directory directory;
  const auto file = read_whole_file(real, directory.make_file("lock", ""), any_size);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->text.view(), "");
  EXPECT_TRUE(file->status);
}

TEST(ReadWholeFile, ALargeFileIsWhole) {
  const temporary_directory directory;
  std::string bytes(5'000'000, 'x');
  for (std::size_t i = 0; i < bytes.size(); i += 1000)
    bytes[i] = static_cast<char>('a' + i / 1000 % 26);
  const auto file = read_whole_file(real, directory.make_file("lock", bytes), any_size);
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->text.view() == bytes);
}

TEST(ReadWholeFile, AMissingFileIsNoError) {
  temporary_directory directory;
  for (const std::string& path : {directory / "lock", directory / "no/such/directory/lock"}) {
    const auto file = read_whole_file(real, path, any_size);
    ASSERT_TRUE(file) << file.error().message();
    EXPECT_FALSE(file->status);
    EXPECT_EQ(file->text.view(), "");
    EXPECT_TRUE(*is_unchanged(real, path, *file));
  }
}

TEST(ReadWholeFile, WhatIsNoFileIsRefusedAtOnce) {
  temporary_directory directory;
  const std::string a_directory = directory.make_directory("directory");
  const std::string pipe = directory / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0644), 0);
  const std::string below_a_file = directory.make_file("file", "{}") + "/lock";
  const std::string loop = directory / "loop";
  boost::filesystem::create_symlink("loop", loop);
  for (const std::string& path : {a_directory, pipe, below_a_file, loop, "/dev/null"s}) {
    const auto file = read_whole_file(real, path, any_size);
    ASSERT_FALSE(file) << path;
    EXPECT_EQ(file.error().code(), errc::not_a_file) << file.error().message();
    EXPECT_NE(file.error().message().find(path), std::string::npos) << file.error().message();
  }
}

TEST(ReadWholeFile, AFileOfMoreThanTheLimitIsRefusedUnread) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "");
  // A file with a hole takes no room on the disk; reading it would take it in memory.
  boost::filesystem::resize_file(path, document_size_bytes_max + 1);
  const auto limited = testing::in_child([&]() -> std::string {
    // What is mapped already, and a quarter of the file.
    std::ifstream pages_mapped("/proc/self/statm");
    rlim_t limit = 0;
    pages_mapped >> limit;
    limit = limit * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + (rlim_t{256} << 20U);
    const rlimit memory{limit, limit};
    if (::setrlimit(RLIMIT_AS, &memory) != 0) return "no limit";
    const auto file =
        read_whole_file(real, path, [&](std::uint64_t bytes) { return check_size_of_read(bytes, path); });
    if (file) return "it was read";
    if (file.error().code() != errc::too_large) return file.error().message();
    return {};
  });
  EXPECT_EQ(limited, "");
}

TEST(ReadWholeFile, LinksAreFollowed) {
  temporary_directory directory;
  directory.make_directory("sub");
  (void)directory.make_file("sub/real", "{}");
  boost::filesystem::create_symlink("sub/real", directory / "one");
  boost::filesystem::create_symlink(directory / "one", directory / "two");
  const auto file = read_whole_file(real, directory / "two", any_size);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->text.view(), "{}");
  EXPECT_EQ(file->status->kind, file_kind::regular);
}

TEST(ReadWholeFile, ALinkToNothingIsAMissingFile) {
  const temporary_directory directory;
  boost::filesystem::create_symlink("nowhere", directory / "lock");
  const auto file = read_whole_file(real, directory / "lock", any_size);
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->status);
}

TEST(ReadWholeFile, AFileThatMayNotBeReadIsAnErrorAndNotMissing) {
  temporary_directory directory;
  directory.let_all_in();
  const std::string path = directory.make_file("lock", "{}", 0000);
  const std::string shut = directory.make_directory("shut");
  (void)directory.make_file("shut/lock", "{}");
  ASSERT_EQ(::chmod(shut.c_str(), 0000), 0);
  EXPECT_EQ(as_nobody([&]() -> std::string {
              if (testing::may_read(path) || testing::may_read(shut)) return "the access is not denied";
              for (const std::string& denied : {path, shut + "/lock", shut + "/missing"}) {
                const auto file = read_whole_file(real, denied, any_size);
                if (file) return denied + " was read";
                if (file.error().code() != errc::access_denied) return file.error().message();
                if (file.error().cause().value() != EACCES) return "another cause";
              }
              return {};
            }),
            "");
}

TEST(ReadWholeFile, KeepsNoFileOpen) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "{}");
  const int free_before = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(free_before);
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(read_whole_file(real, path, any_size));
  EXPECT_FALSE(read_whole_file(real, directory.path(), any_size));
  const int free_after = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(free_after);
  EXPECT_EQ(free_after, free_before);
}

TEST(IsUnchanged, SeesEveryWayInWhichAFileBecomesAnother) {
  const temporary_directory directory;
  const std::string path = directory / "lock";
  struct way {
    const char* what;
    std::function<void()> change;
  };
  const way ways[] = {
      {"other bytes", [&] { (void)directory.make_file("lock", "{ }\n"); }},
      {"other bytes of the same length", [&] { (void)directory.make_file("lock", "[]\n"); }},
      {"replaced by an equal file",
       [&] {
         (void)directory.make_file("new", "{}\n");
         boost::filesystem::rename(directory / "new", path);
       }},
      {"removed", [&] { boost::filesystem::remove(path); }},
      {"cut off", [&] { boost::filesystem::resize_file(path, 0); }},
  };
  for (const way& one : ways) {
    (void)directory.make_file("lock", "{}\n");
    const auto read = read_whole_file(real, path, any_size);
    ASSERT_TRUE(read);
    ASSERT_TRUE(*is_unchanged(real, path, *read)) << one.what;
    one.change();
    const auto unchanged = is_unchanged(real, path, *read);
    ASSERT_TRUE(unchanged) << one.what;
    EXPECT_FALSE(*unchanged) << one.what;
  }
}

TEST(IsUnchanged, SeesAWriteThatLeavesSizeAndTimeOfModification) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "{}\n");
  const auto read = read_whole_file(real, path, any_size);
  ASSERT_TRUE(read);
  const timespec as_before[2] = {{0, UTIME_OMIT}, testing::snapshot_of(path).modified};
  (void)directory.make_file("lock", "[]\n");
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), as_before, 0), 0);
  EXPECT_FALSE(*is_unchanged(real, path, *read));
}

TEST(IsUnchanged, AFileThatAppearedIsAChange) {
  const temporary_directory directory;
  const auto read = read_whole_file(real, directory / "lock", any_size);
  ASSERT_TRUE(read);
  EXPECT_TRUE(*is_unchanged(real, directory / "lock", *read));
  (void)directory.make_file("lock", "");
  EXPECT_FALSE(*is_unchanged(real, directory / "lock", *read));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
