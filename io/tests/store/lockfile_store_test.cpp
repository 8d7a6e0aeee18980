#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/kernel/detail/lockfile_restorer.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <chrono>

#include <boost/filesystem.hpp>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/store_fixture.hpp"

namespace agentslock {
namespace {

using testing::activate;
using testing::bytes_of;
using testing::document_with_a;
using testing::names_in;
using testing::snapshot_of;

using names = std::vector<std::string>;

class LockfileStore : public testing::store_fixture {};

TEST_F(LockfileStore, AMissingDocumentIsEmpty) {
  const auto loaded = store.load();
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_FALSE(loaded->existed());
  EXPECT_TRUE(loaded->file().adapters().empty());
  EXPECT_EQ(loaded->text().view(), lock_document::empty_text);
  const auto read = store.read();
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->document.section_names().empty());
  EXPECT_TRUE(names_in(directory.path()).empty()) << "reading makes nothing";
}

TEST_F(LockfileStore, LoadsWhatIsThereWithoutALock) {
  put(document_with_a);
  const auto held = sidecar_lock::acquire(platform::system(), path);
  ASSERT_TRUE(held);
  const auto loaded = store.load();
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(loaded->existed());
  EXPECT_EQ(loaded->file().find_adapter("a")->source_digest, "s");
  EXPECT_EQ(loaded->text().view(), document_with_a);
  EXPECT_EQ(store.read()->document.section("adapters")->substr(0, 10), "{\n    \"a\":");
}

TEST_F(LockfileStore, SaveAlwaysStatesItsSection) {
  auto loaded = store.load();
  ASSERT_TRUE(loaded);
  ASSERT_TRUE(store.save(*loaded));
  EXPECT_EQ(text(), "{\n  \"adapters\": {},\n  \"lock_version\": 1\n}\n");
  put("{\"x\":1}");
  loaded = store.load();
  ASSERT_TRUE(store.save(*loaded));
  EXPECT_EQ(text(), "{\"adapters\":{},\"lock_version\":1,\"x\":1}");
  expect_only_the_document();
}

TEST_F(LockfileStore, SaveWritesWhatWasChanged) {
  auto loaded = store.load();
  ASSERT_TRUE(activate(loaded->file(), "a"));
  ASSERT_TRUE(store.save(*loaded));
  EXPECT_EQ(text(), document_with_a);
  EXPECT_EQ(loaded->text().view(), document_with_a);
  expect_only_the_document();
}

TEST_F(LockfileStore, SaveOfNothingNewDoesNotTouchTheFile) {
  put(document_with_a);
  const auto before = snapshot_of(path);
  auto loaded = store.load();
  ASSERT_TRUE(store.save(*loaded));
  ASSERT_TRUE(store.save(*loaded));
  EXPECT_EQ(snapshot_of(path), before);
  expect_only_the_document();
}

TEST_F(LockfileStore, SaveMayFollowSave) {
  auto loaded = store.load();
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(activate(loaded->file(), "a" + std::to_string(i)));
    const auto saved = store.save(*loaded);
    ASSERT_TRUE(saved) << saved.error().message();
    const auto again = store.load();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->file(), loaded->file());
    EXPECT_EQ(loaded->text().view(), text());
  }
  ASSERT_TRUE(loaded->file().remove_adapter("a0"));
  ASSERT_TRUE(store.save(*loaded));
  EXPECT_EQ(store.load()->file().adapters().size(), 3U);
}

TEST_F(LockfileStore, SaveKeepsTheModeAndANewFileObeysTheUmask) {
  put("{}", 0600);
  auto loaded = store.load();
  ASSERT_TRUE(store.save(*loaded));
  EXPECT_EQ(snapshot_of(path).mode & 07777U, 0600U);
  boost::filesystem::remove(path);
  const mode_t before = ::umask(0027);
  loaded = store.load();
  ASSERT_TRUE(store.save(*loaded));
  ::umask(before);
  EXPECT_EQ(snapshot_of(path).mode & 07777U, 0640U);
}

TEST_F(LockfileStore, SaveOverReplacesWhateverIsThere) {
  put("{\"adapters\": {\"a\": {\"source_digest\": \"\\u0073\", \"x\": 1.0}, \"b\": {}}, \"units\": [1.0]}");
  lockfile_restorer restore;
  restore.add_adapter("a")->source_digest = "s";
  const lockfile file = std::move(restore).finish();
  ASSERT_TRUE(store.save_over(file));
  EXPECT_EQ(text(),
            "{\"adapters\": {\"a\": {\"source_digest\": \"\\u0073\", \"x\": 1.0}}, \"lock_version\": 1, "
            "\"units\": [1.0]}");
  const auto before = snapshot_of(path);
  ASSERT_TRUE(store.save_over(file));
  EXPECT_EQ(snapshot_of(path), before);
  expect_only_the_document();

  boost::filesystem::remove(path);
  ASSERT_TRUE(store.save_over(lockfile()));
  EXPECT_EQ(text(), "{\n  \"adapters\": {},\n  \"lock_version\": 1\n}\n");
}

TEST_F(LockfileStore, OtherVersionsAreReadAndFlushedButNotTyped) {
  const std::string other = "{\"adapters\":{\"a\":7},\"lock_version\":2,\"s\":1}";
  put(other);
  const auto before = snapshot_of(path);
  auto unchanged = [&](const result<>& done) {
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), errc::unsupported_version) << done.error().message();
    EXPECT_TRUE(done.error().message().starts_with(path + ":1:")) << done.error().message();
    EXPECT_EQ(snapshot_of(path), before);
  };
  EXPECT_EQ(store.load().error().code(), errc::unsupported_version);
  unchanged(store.update([](lockfile& file) { return activate(file, "b"); }));
  unchanged(store.save_over(lockfile()));
  unchanged(store.edit([](document_edit&) -> result<> { return {}; }));
  ASSERT_TRUE(store.read());
  staged_changes changes;
  ASSERT_TRUE(changes.set_section("s", "2"));
  ASSERT_TRUE(store.flush(changes));
  EXPECT_EQ(text(), "{\"adapters\":{\"a\":7},\"lock_version\":2,\"s\":2}");
  expect_only_the_document();
}

TEST_F(LockfileStore, OtherVersionsAreTypedForACallerWhoOptsIn) {
  put("{\"adapters\":{\"b\":{}},\"lock_version\":2}");
  const lockfile_store any(path, {.version = version_rule::any});
  ASSERT_TRUE(any.update([](lockfile& file) { return activate(file, "a"); }));
  auto loaded = any.load();
  ASSERT_TRUE(loaded);
  ASSERT_TRUE(loaded->file().remove_adapter("a"));
  ASSERT_TRUE(any.save(*loaded));
  EXPECT_EQ(text(), "{\"adapters\":{\"b\":{}},\"lock_version\":2}");
}

TEST_F(LockfileStore, AVersionThatChangesBetweenLoadAndSaveIsAnError) {
  put("{\"adapters\":{\"b\":{}},\"lock_version\":1}");
  auto loaded = store.load();
  ASSERT_TRUE(activate(loaded->file(), "a"));
  put("{\"adapters\":{\"b\":{}},\"lock_version\":2}");
  const auto before = snapshot_of(path);
  EXPECT_EQ(store.save(*loaded).error().code(), errc::unsupported_version);
  EXPECT_EQ(snapshot_of(path), before);
}

TEST_F(LockfileStore, MissingDirectoriesAreMade) {
  const std::string deep = directory / "some/deep/directory/lock";
  ASSERT_TRUE(lockfile_store(deep).update([](lockfile& file) { return activate(file, "a"); }));
  EXPECT_EQ(bytes_of(deep), document_with_a);
  EXPECT_EQ(names_in(directory / "some/deep/directory"), (names{"lock"}));
}

TEST_F(LockfileStore, PathsMayBeRelativeAndUnclean) {
  EXPECT_EQ(testing::in_child([&]() -> std::string {
              if (::chdir(directory.path().c_str()) != 0) return "no directory";
              for (const char* relative : {"lock", "./lock", "././/lock", ".//lock"}) {
                const lockfile_store here(relative);
                const auto done = here.update([&](lockfile& file) { return activate(file, relative); });
                if (!done) return done.error().message();
                const auto loaded = here.load();
                if (!loaded) return loaded.error().message();
                if (loaded->file().find_adapter(relative) == nullptr) return "not there";
              }
              return {};
            }),
            "");
  EXPECT_EQ(store.load()->file().adapters().size(), 4U);
}

TEST_F(LockfileStore, APathIsCleanedForReadingAsForWriting) {
  // The lock is that of the cleaned path, so the document must be too: else one is locked and another one read.
  put(document_with_a);
  directory.make_directory("elsewhere/below");
  (void)directory.make_file("elsewhere/lock", "{\"not\":\"this one\"}");
  boost::filesystem::create_directory_symlink("elsewhere/below", directory / "link");
  const auto elsewhere = snapshot_of(directory / "elsewhere/lock");
  int number = 0;
  for (const char* unclean : {"missing/../lock", "link/../lock", "elsewhere/.././lock"}) {
    const lockfile_store here(directory / unclean);
    const std::string added = "b" + std::to_string(number++);
    const auto updated = here.update([&](lockfile& file) { return activate(file, added); });
    EXPECT_TRUE(updated) << unclean << ": " << updated.error().message();
    auto loaded = here.load();
    ASSERT_TRUE(loaded) << unclean;
    EXPECT_TRUE(loaded->existed()) << unclean;
    EXPECT_NE(loaded->file().find_adapter("a"), nullptr) << unclean;
    ASSERT_TRUE(activate(loaded->file(), added + "-saved"));
    const auto saved = here.save(*loaded);
    EXPECT_TRUE(saved) << unclean << ": " << saved.error().message();
    EXPECT_NE(store.load()->file().find_adapter(added), nullptr) << unclean;
    EXPECT_NE(store.load()->file().find_adapter(added + "-saved"), nullptr) << unclean;
  }
  EXPECT_EQ(snapshot_of(directory / "elsewhere/lock"), elsewhere);
}

TEST_F(LockfileStore, ItsTimeIsTheSystems) {
  const auto before = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const timestamp now = store.now();
  const auto after = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  EXPECT_LE(before, now);
  EXPECT_LE(now, after);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
