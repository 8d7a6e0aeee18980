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
#include "support/store_fixture.hpp"

namespace agentslock {
namespace {

using namespace std::string_literals;
using testing::as_nobody;
using testing::names_in;
using testing::snapshot_of;
using testing::temporary_directory;

using names = std::vector<std::string>;

const auto activate_new = [](lockfile& file) { return testing::activate(file, "new"); };

store_options with_wait(std::chrono::nanoseconds wait) {
  store_options options;
  options.lock.wait = wait;
  return options;
}

/// A way of asking for a write, or of reading.
struct attempt {
  const char* name;
  std::function<result<>(const lockfile_store&)> run;
};

std::vector<attempt> every_attempt() {
  return {
      {"read",
       [](const lockfile_store& store) -> result<> {
         auto document = store.read();
         if (!document) return document.error();
         return {};
       }},
      {"load",
       [](const lockfile_store& store) -> result<> {
         auto loaded = store.load();
         if (!loaded) return loaded.error();
         return {};
       }},
      {"update", [](const lockfile_store& store) { return store.update(activate_new); }},
      {"save_over", [](const lockfile_store& store) { return store.save_over(lockfile()); }},
      {"edit",
       [](const lockfile_store& store) {
         return store.edit([](document_edit& edit) { return activate_new(edit.adapters); });
       }},
      {"flush",
       [](const lockfile_store& store) {
         staged_changes changes;
         EXPECT_TRUE(changes.set_section("s", "1"));
         return store.flush(changes);
       }},
  };
}

struct broken_document {
  const char* what;
  std::string text;
  errc code;
  text_position at;
};

const broken_document broken_documents[] = {
    {"empty", "", errc::not_json, {1, 1}},
    {"white space", " \n ", errc::not_json, {2, 2}},
    {"byte order mark", "\xEF\xBB\xBF{}", errc::not_json, {1, 1}},
    {"trailing garbage", "{}\nx", errc::not_json, {2, 1}},
    {"a second document", "{}{}", errc::not_json, {1, 3}},
    {"cut short", "{\"a\": [1,", errc::not_json, {1, 10}},
    {"an array", "[]", errc::not_an_object, {1, 1}},
    {"a text", "\n\"x\"", errc::not_an_object, {2, 1}},
    {"a number", "12", errc::not_an_object, {1, 1}},
    {"null", "null", errc::not_an_object, {1, 1}},
    {"a comment", "{\n// x\n}", errc::not_json, {2, 1}},
    {"single quotes", "{'a':1}", errc::not_json, {1, 2}},
    {"invalid UTF-8", "{\"é\xFF\":1}", errc::not_json, {1, 4}},
    {"a lone surrogate", "{\"a\":\"\\udc00\"}", errc::not_json, {1, 13}},
    {"a NUL", "{\"a\":1}\0"s, errc::not_json, {1, 8}},
    {"nested too deeply",
     "{\"a\":" + std::string(json_depth_max, '[') + std::string(json_depth_max, ']') + "}",
     errc::too_deep,
     {1, 5 + json_depth_max}},
    {"a conflict", "{\n<<<<<<< HEAD\n\"a\":1\n=======\n>>>>>>> x\n}", errc::conflict_marks, {2, 1}},
    {"a repeated section", "{\"a\":1,\n\"\\u0061\":1}", errc::repeated_name, {2, 1}},
    {"a repeated adapter", "{\"adapters\":{\"a\":{},\"a\":{}}}", errc::repeated_name, {1, 21}},
    {"a repeated member of a view",
     "{\"adapters\":{\"a\":{\"materialized_views\":{\"v\":{\n\"x\":1,\"x\":1}}}}}",
     errc::repeated_name,
     {2, 7}},
    {"a name in another case",
     "{\"adapters\":{\"a\":{\"SOURCE_digest\":\"\"}}}",
     errc::name_differs_in_case,
     {1, 19}},
    {"adapters of a wrong type", "{\"adapters\":[]}", errc::wrong_type, {1, 13}},
    {"an adapter that is null", "{\"adapters\":{\"a\":null}}", errc::wrong_type, {1, 18}},
    {"a view that is null",
     "{\"adapters\":{\"a\":{\"materialized_views\":{\"v\":null}}}}",
     errc::wrong_type,
     {1, 45}},
    {"a digest that is a number", "{\"adapters\":{\"a\":{\"source_digest\":7}}}", errc::wrong_type, {1, 35}},
};

TEST(LockfileStoreErrors, ADocumentThatCantBeReadIsReportedByPlaceAndLeftAsItIs) {
  for (const broken_document& one : broken_documents) {
    const temporary_directory directory;
    const std::string path = directory.make_file("lock", one.text, 0640);
    const auto before = snapshot_of(path);
    const std::string place =
        path + ":" + std::to_string(one.at.line) + ":" + std::to_string(one.at.column) + ": ";
    for (const attempt& way : every_attempt()) {
      SCOPED_TRACE(std::string(one.what) + ", " + way.name);
      const auto done = way.run(lockfile_store(path));
      ASSERT_FALSE(done);
      EXPECT_EQ(done.error().code(), one.code) << done.error().message();
      EXPECT_EQ(done.error().position(), one.at) << done.error().message();
      EXPECT_TRUE(done.error().message().starts_with(place)) << done.error().message();
      EXPECT_EQ(snapshot_of(path), before);
      EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
    }
  }
}

TEST(LockfileStoreErrors, ADocumentThatBreaksAfterItWasLoadedIsNotSavedOver) {
  for (const broken_document& one : broken_documents) {
    SCOPED_TRACE(one.what);
    const temporary_directory directory;
    const std::string path = directory.make_file("lock", "{}\n");
    const lockfile_store store(path);
    auto loaded = store.load();
    ASSERT_TRUE(loaded);
    ASSERT_TRUE(activate_new(loaded->file()));
    (void)directory.make_file("lock", one.text);
    const auto before = snapshot_of(path);
    const auto saved = store.save(*loaded);
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code(), one.code) << saved.error().message();
    EXPECT_EQ(snapshot_of(path), before);
    EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
    // Mended, it can be saved after all.
    (void)directory.make_file("lock", "{\"x\":1}\n");
    EXPECT_TRUE(store.save(*loaded));
  }
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
    for (const attempt& way : every_attempt()) {
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
  for (const attempt& way : every_attempt()) {
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
    for (const attempt& way : every_attempt()) {
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
    for (const attempt& way : every_attempt()) {
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
              for (const attempt& way : every_attempt()) {
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
              for (const attempt& way : every_attempt()) {
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
