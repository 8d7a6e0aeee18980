#include "agentslock/io/atomic_write.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/filesystem.hpp>
#include <cerrno>
#include <csignal>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/temporary_directory.hpp"
#include "written_file.hpp"

namespace agentslock {
namespace {

using testing::as_nobody;
using testing::bytes_of;
using testing::in_child;
using testing::names_in;
using testing::pieces;
using testing::real;
using testing::replace;
using testing::snapshot_of;
using testing::temporary_directory;

using names = std::vector<std::string>;

TEST(AtomicWrite, ReplacesAFileByThePiecesInOrder) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "old");
  for (const durability wanted : {durability::synced, durability::unsynced}) {
    EXPECT_EQ(replace(path, {"a", "", "bc", "\n"}, wanted), "");
    EXPECT_EQ(bytes_of(path), "abc\n");
    EXPECT_EQ(replace(path, {}, wanted), "");
    EXPECT_EQ(bytes_of(path), "");
    EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
  }
}

TEST(AtomicWrite, WritesMorePiecesThanOneCallTakes) {
  const temporary_directory directory;
  std::string expected;
  for (int i = 0; i < 5000; ++i)
    expected += std::to_string(i) + ",";
  pieces many;
  for (std::size_t at = 0; at < expected.size(); at += 3)
    many.push_back(std::string_view(expected).substr(at, 3));
  EXPECT_EQ(replace(directory / "lock", many), "");
  EXPECT_EQ(bytes_of(directory / "lock"), expected);
}

TEST(AtomicWrite, TheOldFileStandsUntilItIsPublished) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "old");
  const auto before = snapshot_of(path);
  {
    auto write = atomic_write::stage(real, path, pieces{"new"});
    ASSERT_TRUE(write) << write.error().message();
    EXPECT_EQ(snapshot_of(path), before);
    const names during = names_in(directory.path());
    ASSERT_EQ(during.size(), 2U);
    EXPECT_TRUE(during[1].starts_with("lock" + std::string(atomic_write::temporary_infix))) << during[1];
    // Gone without having been published.
  }
  EXPECT_EQ(snapshot_of(path), before);
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST(AtomicWrite, IsTheFileThatItSaysItIs) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "old");
  const ino_t old = snapshot_of(path).inode;
  auto write = atomic_write::stage(real, path, pieces{"new"});
  ASSERT_TRUE(write);
  const file_id id = write->id();
  atomic_write moved = std::move(*write);
  EXPECT_EQ(moved.id(), id);
  ASSERT_TRUE(moved.publish());
  EXPECT_EQ(snapshot_of(path).inode, id.inode);
  EXPECT_NE(id.inode, old);
  EXPECT_EQ(bytes_of(path), "new");
}

TEST(AtomicWrite, CutsHardLinks) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "old");
  boost::filesystem::create_hard_link(path, directory / "other");
  EXPECT_EQ(replace(path, {"new"}), "");
  EXPECT_EQ(bytes_of(path), "new");
  EXPECT_EQ(bytes_of(directory / "other"), "old");
  EXPECT_EQ(snapshot_of(path).hard_links, 1U);
  EXPECT_EQ(snapshot_of(directory / "other").hard_links, 1U);
}

TEST(AtomicWrite, ALinkIsItsCallersMatter) {
  // The path must not be a symlink; whoever hands one in has the symlink replaced and its target left alone.
  const temporary_directory directory;
  const std::string target = directory.make_file("target", "old");
  boost::filesystem::create_symlink("target", directory / "lock");
  EXPECT_EQ(replace(directory / "lock", {"new"}), "");
  EXPECT_FALSE(boost::filesystem::is_symlink(directory / "lock"));
  EXPECT_EQ(bytes_of(directory / "lock"), "new");
  EXPECT_EQ(bytes_of(target), "old");
}

TEST(AtomicWrite, AFailureLeavesTheOldFileAndNothingElse) {
  temporary_directory directory;
  directory.let_all_in();
  const std::string denied = directory.make_directory("denied");
  const std::string old = directory.make_file("denied/lock", "old");
  ASSERT_EQ(::chmod(denied.c_str(), 0555), 0);
  const auto before = snapshot_of(old);
  EXPECT_EQ(as_nobody([&]() -> std::string {
              if (testing::may_write_in(denied)) return "it is not denied";
              for (const std::string& path : {old, denied + "/new"}) {
                const auto write = atomic_write::stage(real, path, pieces{"new"});
                if (write) return "it was staged";
                if (write.error().code() != errc::access_denied) return write.error().message();
                if (write.error().message().find(path) == std::string::npos) return write.error().message();
              }
              return {};
            }),
            "");
  EXPECT_EQ(snapshot_of(old), before);
  EXPECT_EQ(names_in(denied), (names{"lock"}));
}

TEST(AtomicWrite, ADirectoryThatIsMissingIsAnError) {
  const temporary_directory directory;
  const auto write = atomic_write::stage(real, directory / "no/lock", pieces{"new"});
  ASSERT_FALSE(write);
  EXPECT_EQ(write.error().code(), errc::io_failed);
  EXPECT_TRUE(names_in(directory.path()).empty());
}

TEST(AtomicWrite, ANameThatIsTooLongIsAnError) {
  const temporary_directory directory;
  // The file's own name is taken by the file system; its temporary file's is not.
  for (const std::size_t length : {std::size_t{250}, std::size_t{300}}) {
    const auto write = atomic_write::stage(real, directory / std::string(length, 'n'), pieces{"new"});
    ASSERT_FALSE(write);
    EXPECT_EQ(write.error().code(), errc::name_too_long) << write.error().message();
  }
  EXPECT_TRUE(names_in(directory.path()).empty());
}

TEST(AtomicWrite, ADirectoryInTheFilesPlaceIsNotReplaced) {
  temporary_directory directory;
  const std::string path = directory.make_directory("lock");
  {
    auto write = atomic_write::stage(real, path, pieces{"new"});
    ASSERT_TRUE(write) << "only the rename finds out";
    const auto published = write->publish();
    ASSERT_FALSE(published);
    EXPECT_EQ(published.error().code(), errc::not_a_file) << published.error().message();
  }
  EXPECT_TRUE(boost::filesystem::is_directory(path));
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST(AtomicWrite, AFileThatMayNotGrowLeavesTheOldOne) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "old");
  const auto before = snapshot_of(path);
  EXPECT_EQ(in_child([&]() -> std::string {
              ::signal(SIGXFSZ, SIG_IGN);
              const rlimit small{16, 16};
              if (::setrlimit(RLIMIT_FSIZE, &small) != 0) return "no limit";
              const auto write =
                  atomic_write::stage(real, path, pieces{std::string_view("0123456789"), "0123456789"});
              if (write) return "it was written";
              return write.error().cause().value() == EFBIG ? "" : write.error().message();
            }),
            "");
  EXPECT_EQ(snapshot_of(path), before);
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
