// Nothing is ever written over a document that could not be read, nor where writing is not possible.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <chrono>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/store_attempts.hpp"
#include "support/store_fixture.hpp"

namespace agentslock {
namespace {

using namespace std::string_literals;
using testing::activate_new;
using testing::as_nobody;
using testing::every_attempt;
using testing::names_in;
using testing::snapshot_of;
using testing::store_attempt;
using testing::temporary_directory;

using names = std::vector<std::string>;

store_options with_wait(std::chrono::nanoseconds wait) {
  store_options options;
  options.lock.wait = wait;
  return options;
}

TEST(LockfileStoreErrors, WhatIsNoFileIsRefusedAtOnceAndLeftAsItIs) {
  temporary_directory directory;
  directory.make_directory("directory");
  (void)directory.make_file("directory/inside", "x");
  ASSERT_EQ(::mkfifo((directory / "pipe").c_str(), 0644), 0);
  boost::filesystem::create_symlink("loop", directory / "loop");
  const names before = names_in(directory.path());
  for (const char* name : {"directory", "pipe", "loop"}) {
    const auto snapshot = snapshot_of(directory / name);
    for (const store_attempt& way : every_attempt()) {
      const auto done = way.run(lockfile_store(directory / name));
      ASSERT_FALSE(done) << name << ", " << way.name;
      EXPECT_EQ(done.error().code(), errc::not_a_file)
          << name << ", " << way.name << ": " << done.error().message();
      EXPECT_EQ(snapshot_of(directory / name), snapshot);
      EXPECT_EQ(names_in(directory.path()), before) << way.name;
    }
  }
}

TEST(LockfileStoreErrors, AFileThatIsTooLargeIsLeftAsItIs) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "");
  boost::filesystem::resize_file(path, document_size_bytes_max + 1);
  struct stat before {};
  ASSERT_EQ(::stat(path.c_str(), &before), 0);
  for (const store_attempt& way : every_attempt()) {
    const auto done = way.run(lockfile_store(path));
    ASSERT_FALSE(done) << way.name;
    EXPECT_EQ(done.error().code(), errc::too_large) << done.error().message();
    EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
  }
  struct stat after {};
  ASSERT_EQ(::stat(path.c_str(), &after), 0);
  EXPECT_EQ(after.st_ino, before.st_ino);
  EXPECT_EQ(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
  EXPECT_EQ(after.st_size, before.st_size);
}

TEST(LockfileStoreErrors, AChangeThatMakesTheDocumentTooLargeIsRefusedBeforeAnythingIsWritten) {
  const temporary_directory directory;
  const std::string path = directory / "lock";
  {
    // White space is what is read fastest.
    std::ofstream file(path, std::ios::binary);
    const std::string spaces(std::size_t{1} << 24, ' ');
    file << "{\"lock_version\":1}\n";
    for (std::size_t left = document_size_bytes_max - static_cast<std::size_t>(file.tellp()); left > 0;) {
      const std::size_t now = std::min(left, spaces.size());
      file.write(spaces.data(), static_cast<std::streamsize>(now));
      left -= now;
    }
  }
  const auto look = [&] {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status;
  };
  const auto before = look();
  const lockfile_store store(path);
  const auto done = store.update(activate_new);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::too_large) << done.error().message();
  EXPECT_NE(done.error().message().find("would be larger"), std::string::npos) << done.error().message();
  EXPECT_EQ(look().st_ino, before.st_ino);
  EXPECT_EQ(look().st_size, before.st_size);
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST(LockfileStoreErrors, APathWithANulIsRefusedAndNotCutOff) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "{\"adapters\":{\"a\":{}},\"lock_version\":1}");
  const auto before = snapshot_of(path);
  // Were the path cut off at its NUL, another file would be meant than the caller said.
  for (const std::string& cut : {path + "\0"s, path + "\0x"s, directory / "missing"s + "\0x"s}) {
    for (const store_attempt& way : every_attempt()) {
      const lockfile_store store(cut, with_wait(std::chrono::nanoseconds(0)));
      const auto done = way.run(store);
      EXPECT_FALSE(done) << way.name;
      EXPECT_EQ(snapshot_of(path), before) << way.name;
      EXPECT_EQ(names_in(directory.path()), (names{"lock"})) << way.name;
    }
  }
}

TEST(LockfileStoreErrors, ANameThatIsTooLongForWhatStandsBesideItSaysSo) {
  const temporary_directory directory;
  // The document can be read; its lock and its temporary file have longer names.
  for (const std::size_t length : {std::size_t{255}, std::size_t{230}}) {
    const std::string path = directory.make_file(std::string(length, 'n'), "{}\n");
    for (const store_attempt& way : every_attempt()) {
      SCOPED_TRACE(way.name);
      const auto done = way.run(lockfile_store(path));
      if (way.name == "read"s || way.name == "load"s) {
        EXPECT_TRUE(done);
        continue;
      }
      ASSERT_FALSE(done);
      EXPECT_EQ(done.error().code(), errc::name_too_long) << done.error().message();
      EXPECT_NE(done.error().message().find(path), std::string::npos) << done.error().message();
      EXPECT_NE(done.error().message().find("at most 201 leave room"), std::string::npos);
    }
    EXPECT_EQ(testing::bytes_of(path), "{}\n");
    boost::filesystem::remove(path);
    EXPECT_TRUE(names_in(directory.path()).empty());
  }
  const auto done = lockfile_store(directory / std::string(5000, 'n')).update(activate_new);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::name_too_long);
  EXPECT_NE(done.error().message().find("the system takes 4095"), std::string::npos)
      << done.error().message();
}

TEST(LockfileStoreErrors, ADirectoryThatMayNotBeWrittenIsSaidAtOnce) {
  temporary_directory directory;
  directory.let_all_in();
  const std::string denied = directory.make_directory("denied");
  const std::string path =
      directory.make_file("denied/lock", "{\"adapters\":{\"a\":{}},\"lock_version\":1}", 0666);
  ASSERT_EQ(::chmod(denied.c_str(), 0555), 0);
  const auto before = snapshot_of(path);
  EXPECT_EQ(as_nobody([&]() -> std::string {
              if (testing::may_write_in(denied)) return "it is not denied";
              // With no time to wait, whatever waits fails as a timeout.
              const lockfile_store store(path, with_wait(std::chrono::nanoseconds(0)));
              for (const store_attempt& way : every_attempt()) {
                const auto done = way.run(store);
                const bool reads = way.name == "read"s || way.name == "load"s;
                if (reads && !done) return way.name + (": " + done.error().message());
                if (reads) continue;
                if (done) return way.name + " succeeded"s;
                if (done.error().code() != errc::access_denied)
                  return way.name + (": " + done.error().message());
                if (done.error().message().find(path) == std::string::npos) return done.error().message();
              }
              auto loaded = store.load();
              if (!activate_new(loaded->file())) return "not activated";
              if (store.save(*loaded).error().code() != errc::access_denied) return "saved";
              const lockfile_store missing(denied + "/new/lock");
              if (missing.update(activate_new).error().code() != errc::access_denied)
                return "made a directory";
              return {};
            }),
            "");
  EXPECT_EQ(snapshot_of(path), before);
  EXPECT_EQ(names_in(denied), (names{"lock"}));
}

TEST(LockfileStoreErrors, ADocumentThatMayNotBeReadIsNotReplaced) {
  temporary_directory directory;
  directory.let_all_in(0777);
  const std::string path = directory.make_file("lock", "{\"adapters\":{\"a\":{}},\"lock_version\":1}", 0000);
  const auto before = snapshot_of(path);
  EXPECT_EQ(as_nobody([&]() -> std::string {
              if (testing::may_read(path)) return "it is not denied";
              if (!testing::may_write_in(directory.path())) return "the directory should be open";
              for (const store_attempt& way : every_attempt()) {
                const auto done = way.run(lockfile_store(path));
                if (done) return way.name + " succeeded"s;
                if (done.error().code() != errc::access_denied)
                  return way.name + (": " + done.error().message());
              }
              return {};
            }),
            "");
  EXPECT_EQ(snapshot_of(path), before);
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST(LockfileStoreErrors, AWriterWhoseLeaseIsOverGivesUpAndWritesNothing) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "{}\n");
  const auto before = snapshot_of(path);
  // A lease of no time is over at once.
  store_options options;
  options.lock.lease = std::chrono::nanoseconds(-1);
  const lockfile_store store(path, options);
  int calls = 0;
  const auto done = store.update([&](lockfile& file) {
    ++calls;
    return activate_new(file);
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::lock_lost) << done.error().message();
  EXPECT_EQ(calls, 4) << "once, and at most three times again";
  EXPECT_EQ(snapshot_of(path), before);
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
