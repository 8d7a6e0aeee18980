// Saving what was loaded after another program has been there.
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <string>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "support/printers.hpp"
#include "support/store_fixture.hpp"

namespace agentslock {
namespace {

using testing::activate;
using testing::activated_entry;
using testing::bytes_of;
using testing::names_in;
using testing::snapshot_of;
using testing::temporary_directory;

using names = std::vector<std::string>;

const std::string a_in_lines = "{\n  \"adapters\": {\n    \"a\": {}\n  },\n  \"lock_version\": 1\n}\n";

TEST(SaveAfterAnotherProgram, ThatOnlyLaidItOutAnewKeepsTheNewLayout) {
  const temporary_directory directory;
  const lockfile_store store(directory.make_file("lock", a_in_lines));
  auto loaded = store.load();
  ASSERT_TRUE(activate(loaded->file(), "b"));
  (void)directory.make_file("lock", "{\"adapters\":{\"a\":{\"x\":1.0}},\"new\":[ ],\"lock_version\":1}");
  const auto saved = store.save(*loaded);
  ASSERT_TRUE(saved) << saved.error().message();
  EXPECT_EQ(bytes_of(store.path()), "{\"adapters\":{\"a\":{\"x\":1.0},\"b\":" + activated_entry +
                                        "},\"new\":[ ],\"lock_version\":1}");
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST(SaveAfterAnotherProgram, ThatChangedItsMeaningIsAConflictAndLeavesTheFile) {
  for (std::string_view other :
       {R"({"adapters":{"a":{},"c":{}}})", R"({"adapters":{}})", R"({"adapters":null})", R"({})",
        R"({"adapters":{"a":{"source_digest":"x"}}})",
        R"({"adapters":{"a":{"materialized_views":{"v":{}}}}})"}) {
    const temporary_directory directory;
    const lockfile_store store(directory.make_file("lock", a_in_lines));
    auto loaded = store.load();
    ASSERT_TRUE(activate(loaded->file(), "b"));
    (void)directory.make_file("lock", other);
    const auto before = snapshot_of(store.path());
    const auto saved = store.save(*loaded);
    ASSERT_FALSE(saved) << other;
    EXPECT_EQ(saved.error().code(), errc::conflict);
    EXPECT_NE(saved.error().message().find(store.path()), std::string::npos);
    EXPECT_EQ(snapshot_of(store.path()), before);
    // Also when it is tried again, and even when nothing of ours has changed.
    EXPECT_EQ(store.save(*loaded).error().code(), errc::conflict);
    EXPECT_EQ(snapshot_of(store.path()), before);
    // Loaded anew, the change can be made.
    loaded = store.load();
    ASSERT_TRUE(activate(loaded->file(), "b"));
    EXPECT_TRUE(store.save(*loaded));
    EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
  }
}

TEST(SaveAfterAnotherProgram, ThatRemovedOrMadeTheDocument) {
  const temporary_directory directory;
  const lockfile_store store(directory / "lock");
  auto with_a = [&] {
    (void)directory.make_file("lock", a_in_lines);
    return store.load();
  }();
  boost::filesystem::remove(store.path());
  EXPECT_EQ(store.save(*with_a).error().code(), errc::conflict) << "a was removed";
  EXPECT_TRUE(names_in(directory.path()).empty());

  auto missing = store.load();
  (void)directory.make_file("lock", a_in_lines);
  EXPECT_EQ(store.save(*missing).error().code(), errc::conflict) << "a was added";
  EXPECT_EQ(bytes_of(store.path()), a_in_lines);

  (void)directory.make_file("lock", "{\"x\": 1}");
  EXPECT_TRUE(store.save(*missing)) << "no adapters then, none now";
  EXPECT_EQ(bytes_of(store.path()), "{\"adapters\": {}, \"lock_version\": 1, \"x\": 1}");

  (void)directory.make_file("lock", "{}");
  auto empty = store.load();
  boost::filesystem::remove(store.path());
  EXPECT_TRUE(store.save(*empty));
  EXPECT_EQ(bytes_of(store.path()), "{\n  \"adapters\": {},\n  \"lock_version\": 1\n}\n");
}

TEST(SaveAfterAnotherProgram, ThatRemovedTheDocumentWithItsDirectory) {
  temporary_directory around;
  const std::string directory = around.make_directory("project");
  const lockfile_store store(directory + "/lock");
  const auto loaded_anew = [&] {
    boost::filesystem::create_directory(directory);
    (void)around.make_file("project/lock", a_in_lines);
    auto loaded = store.load();
    boost::filesystem::remove_all(directory);
    return loaded;
  };
  auto as_it_was = loaded_anew();
  EXPECT_EQ(store.save(*as_it_was).error().code(), errc::conflict) << "a was removed";
  auto with_b = loaded_anew();
  ASSERT_TRUE(activate(with_b->file(), "b"));
  EXPECT_EQ(store.save(*with_b).error().code(), errc::conflict);
  EXPECT_TRUE(names_in(around.path()).empty()) << "nothing is made for what is not written";
}

TEST(SaveAfterAnotherProgram, AndASaveOfOurs) {
  const temporary_directory directory;
  const lockfile_store store(directory.make_file("lock", a_in_lines));
  auto loaded = store.load();
  ASSERT_TRUE(activate(loaded->file(), "b"));
  ASSERT_TRUE(store.save(*loaded));
  // The same meaning in other bytes.
  std::string text = *bytes_of(store.path());
  (void)directory.make_file("lock", text + "\n\n");
  ASSERT_TRUE(activate(loaded->file(), "c"));
  ASSERT_TRUE(store.save(*loaded));
  EXPECT_TRUE(bytes_of(store.path())->ends_with("}\n\n\n"));
  // Another meaning.
  ASSERT_TRUE(store.update([](lockfile& file) { return activate(file, "d"); }));
  ASSERT_TRUE(activate(loaded->file(), "e"));
  EXPECT_EQ(store.save(*loaded).error().code(), errc::conflict);
  EXPECT_EQ(store.load()->file().adapters().size(), 4U);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
