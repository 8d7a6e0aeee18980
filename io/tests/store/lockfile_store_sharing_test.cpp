// One document and several writers: nobody's change is lost, and nobody's bytes.
#include <gtest/gtest.h>

#include <atomic>
#include <boost/filesystem.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "support/adapters_world.hpp"
#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/store_fixture.hpp"

namespace agentslock {
namespace {

using testing::activate;
using testing::activated_entry;
using testing::bytes_of;
using testing::child_process;
using testing::names_in;
using testing::snapshot_of;
using testing::temporary_directory;

using names = std::vector<std::string>;

/// Shows one text while it reads, and then finds that another one stands there.
class replaced_while_it_is_read final : public document_store {
 public:
  const std::string& name() const noexcept override { return name_; }
  bool takes_turns() const noexcept override { return true; }
  result<stored_document> read() const override {
    return stored_document{text_buffer(R"({"adapters":{"new":{}},"lock_version":1})"), true,
                           std::make_shared<document_revision>()};
  }
  result<stored_document> read_and_show(early_reader early) const override {
    const text_buffer old(R"({"adapters":{"old":{}},"lock_version":1})");
    struct whole final : text_arrival {
      explicit whole(std::size_t size) { ended(size); }
      void bring_beyond(std::size_t) override {}
    } arrival(old.view().size());
    early(old, arrival);
    return read();
  }
  result<bool> is_current(document_revision&) const override { return result<bool>(true); }
  result<std::unique_ptr<document_turn>> take_turn() const override {
    return error(errc::access_denied, "only to be read");
  }

 private:
  std::string name_ = "memory:replaced";
};

TEST(Read, WhatWasShownAndDoesNotStandThereIsForgotten) {
  const lockfile_store store(std::make_shared<replaced_while_it_is_read>());
  const auto read = store.read();
  ASSERT_TRUE(read) << read.error().message();
  ASSERT_EQ(read->adapters.adapters().size(), 1U);
  EXPECT_EQ(read->adapters.adapters().begin()->first, "new");
  const auto loaded = store.load();
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ(loaded->text().view(), R"({"adapters":{"new":{}},"lock_version":1})");
}

TEST(Update, IsCalledAgainWhenTheDocumentChangesWithoutItsLock) {
  const temporary_directory directory;
  const lockfile_store store(directory.make_file("lock", "{}\n"));
  int calls = 0;
  const auto done = store.update([&](lockfile& file) {
    // A program that does not ask for the lock.
    if (++calls == 1) (void)directory.make_file("lock", "{\"adapters\":{\"theirs\":{}},\"lock_version\":1}");
    EXPECT_EQ(file.adapters().size(), calls == 1 ? 0U : 1U);
    return activate(file, "ours");
  });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(bytes_of(store.path()),
            "{\"adapters\":{\"ours\":" + activated_entry + ",\"theirs\":{}},\"lock_version\":1}");
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST(Update, GivesUpWhenTheDocumentKeepsChangingWithoutItsLock) {
  const temporary_directory directory;
  const lockfile_store store(directory.make_file("lock", "{}\n"));
  int calls = 0;
  std::string theirs;
  const auto done = store.update([&](lockfile& file) {
    theirs = "{\"n\":" + std::to_string(++calls) + "}\n";
    (void)directory.make_file("lock", theirs);
    return activate(file, "ours");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::lock_lost) << done.error().message();
  EXPECT_EQ(calls, 4) << "once, and at most three times again";
  EXPECT_EQ(bytes_of(store.path()), theirs);
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST(Update, IsCalledAgainWhenItsSidecarWasTakenAway) {
  const temporary_directory directory;
  const lockfile_store store(directory.make_file("lock", "{}\n"));
  int calls = 0;
  const auto done = store.update([&](lockfile& file) {
    if (++calls == 1) boost::filesystem::remove(directory / "lock.lock");
    return activate(file, "ours");
  });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST(Update, ThroughALinkKeepsTheLinkAndReplacesItsTarget) {
  for (const bool dangling : {false, true}) {
    temporary_directory directory;
    directory.make_directory("real");
    directory.make_directory("links");
    if (!dangling) (void)directory.make_file("real/document", "{\"x\":1.0}", 0640);
    boost::filesystem::create_symlink("../real/document", directory / "links/one");
    boost::filesystem::create_symlink("one", directory / "links/lock");
    const lockfile_store store(directory / "links/lock");
    ASSERT_TRUE(store.update([](lockfile& file) { return activate(file, "a"); }));
    auto loaded = store.load();
    ASSERT_TRUE(activate(loaded->file(), "b"));
    const auto saved = store.save(*loaded);
    ASSERT_TRUE(saved) << saved.error().message();
    staged_changes changes;
    ASSERT_TRUE(changes.set_section("s", "1"));
    ASSERT_TRUE(store.flush(changes));

    EXPECT_EQ(boost::filesystem::read_symlink(directory / "links/lock"), "one");
    EXPECT_EQ(boost::filesystem::read_symlink(directory / "links/one"), "../real/document");
    EXPECT_FALSE(boost::filesystem::is_symlink(directory / "real/document"));
    EXPECT_EQ(lockfile_store(directory / "real/document").load()->file().adapters().size(), 2U);
    EXPECT_EQ(names_in(directory / "links"), (names{"lock", "one"}));
    EXPECT_EQ(names_in(directory / "real"), (names{"document"}));
    if (!dangling) {
      EXPECT_EQ(snapshot_of(directory / "real/document").mode & 07777U, 0640U);
      EXPECT_NE(bytes_of(directory / "real/document")->find("\"x\":1.0"), std::string::npos);
    }
  }
}

TEST(Update, OfADocumentWithSeveralNamesCutsThem) {
  const temporary_directory directory;
  const lockfile_store store(directory.make_file("lock", "{}\n"));
  boost::filesystem::create_hard_link(store.path(), directory / "other");
  ASSERT_TRUE(store.update([](lockfile& file) { return activate(file, "a"); }));
  EXPECT_EQ(bytes_of(directory / "other"), "{}\n");
  EXPECT_NE(bytes_of(store.path()), "{}\n");
}

/// Adds many adapters, each by an update of its own. What went wrong, if anything.
std::string update_often(const lockfile_store& store, const std::string& who, int times) {
  for (int i = 0; i < times; ++i) {
    const auto done =
        store.update([&](lockfile& file) { return activate(file, who + "-" + std::to_string(i)); });
    if (!done) return done.error().message();
  }
  return {};
}

TEST(Update, ByManyThreadsLosesNothing) {
  for (const int threads : {2, 4}) {
    const temporary_directory directory;
    const lockfile_store store(directory / "lock");
    std::vector<std::string> wrong(static_cast<std::size_t>(threads));
    std::vector<std::thread> running;
    for (std::size_t t = 0; t < wrong.size(); ++t) {
      running.emplace_back([&, t] { wrong[t] = update_often(store, "t" + std::to_string(t), 50); });
    }
    for (std::thread& one : running)
      one.join();
    for (const std::string& one : wrong)
      EXPECT_EQ(one, "");
    EXPECT_EQ(store.load()->file().adapters().size(), static_cast<std::size_t>(threads) * 50);
    EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
  }
}

TEST(Update, ByManyProcessesLosesNothing) {
  const temporary_directory directory;
  const lockfile_store store(directory / "lock");
  std::vector<std::unique_ptr<child_process>> children;
  for (int c = 0; c < 4; ++c) {
    children.push_back(std::make_unique<child_process>(
        [&, c](const child_process::parent&) { return update_often(store, "c" + std::to_string(c), 25); }));
  }
  EXPECT_EQ(update_often(store, "parent", 25), "");
  for (const auto& one : children)
    EXPECT_EQ(one->result(), "");
  EXPECT_EQ(store.load()->file().adapters().size(), 125U);
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST(Update, SaveAndFlushTogetherLoseNothing) {
  const temporary_directory directory;
  const lockfile_store store(directory / "lock");
  constexpr int times = 30;
  std::string updated;
  std::string saved;
  std::string flushed;
  std::thread updater([&] { updated = update_often(store, "updated", times); });
  std::thread saver([&] {
    for (int i = 0; i < times;) {
      auto loaded = store.load();
      if (!loaded) return saved.assign(loaded.error().message()), void();
      if (!activate(loaded->file(), "saved-" + std::to_string(i)))
        return saved.assign("not activated"), void();
      const auto done = store.save(*loaded);
      if (done) {
        ++i;
      } else if (done.error().code() != errc::conflict) {
        return saved.assign(done.error().message()), void();
      }
    }
  });
  std::thread flusher([&] {
    for (int i = 0; i < times; ++i) {
      staged_changes changes;
      if (!changes.set_section("s" + std::to_string(i), "1")) flushed = "not staged";
      if (const auto done = store.flush(changes); !done) flushed = done.error().message();
    }
  });
  updater.join();
  saver.join();
  flusher.join();
  EXPECT_EQ(updated, "");
  EXPECT_EQ(saved, "");
  EXPECT_EQ(flushed, "");
  const auto read = store.read();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->adapters.adapters().size(), std::size_t{2 * times});
  EXPECT_EQ(read->document.section_names().size(), std::size_t{times + 1});
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST(Update, OfSeveralDocumentsInOneDirectoryAndInOthers) {
  temporary_directory directory;
  directory.make_directory("sub");
  const names documents{"one", "two", "sub/three"};
  std::vector<std::string> wrong(documents.size());
  std::vector<std::thread> running;
  for (std::size_t d = 0; d < documents.size(); ++d) {
    running.emplace_back(
        [&, d] { wrong[d] = update_often(lockfile_store(directory / documents[d]), documents[d], 30); });
  }
  for (std::thread& one : running)
    one.join();
  for (const std::string& one : wrong)
    EXPECT_EQ(one, "");
  for (const std::string& one : documents) {
    const auto loaded = lockfile_store(directory / one).load();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->file().adapters().size(), 30U);
    EXPECT_NE(loaded->file().find_adapter(one + "-29"), nullptr);
  }
  EXPECT_EQ(names_in(directory.path()), (names{"one", "sub", "two"}));
  EXPECT_EQ(names_in(directory / "sub"), (names{"three"}));
}

TEST(Load, NeverSeesAHalfWrittenDocument) {
  const temporary_directory directory;
  const lockfile_store store(directory / "lock");
  ASSERT_TRUE(store.save_over(testing::adapters_world()));
  std::atomic<bool> done{false};
  std::string wrong;
  std::thread writer([&] {
    wrong = update_often(store, "w", 60);
    done = true;
  });
  std::size_t most = 0;
  while (!done) {
    const auto loaded = store.load();
    ASSERT_TRUE(loaded) << loaded.error().message();
    EXPECT_GE(loaded->file().adapters().size(), most) << "an older document came back";
    most = loaded->file().adapters().size();
  }
  writer.join();
  EXPECT_EQ(wrong, "");
  EXPECT_EQ(store.load()->file().adapters().size(), 65U);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
