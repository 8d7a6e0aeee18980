// Threads of one process share documents, stores and staged changes. Run under ThreadSanitizer too.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

void in_threads(int count, const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back(work, i);
  for (std::thread& thread : threads)
    thread.join();
}

TEST(Threads, UpdatesOfOneStoreLoseNothing) {
  constexpr int threads = 6;
  constexpr int updates = 15;
  const temporary_directory directory;
  store_options options;
  options.durable = durability::unsynced;
  options.lock.wait = std::chrono::minutes(1);
  const lockfile_store store(directory / ".agentsrc.lock", options);
  in_threads(threads, [&](int number) {
    for (int i = 0; i < updates; ++i) {
      const auto done = store.update([&](lockfile& file) -> result<> {
        const std::string name = std::to_string(number) + "-" + std::to_string(i);
        if (auto added = file.activate(name, "s", "d", timestamp()); !added) return error(added.why());
        return {};
      });
      EXPECT_TRUE(done) << done.error().message();
    }
  });
  EXPECT_EQ(store.load()->file().adapters().size(), static_cast<std::size_t>(threads * updates));
  EXPECT_EQ(names_in(directory.path()), std::vector<std::string>{".agentsrc.lock"});
}

TEST(Threads, StageIntoOneSetOfChangesAndFlushItTogether) {
  constexpr int threads = 6;
  constexpr int sections = 25;
  const temporary_directory directory;
  store_options options;
  options.durable = durability::unsynced;
  options.lock.wait = std::chrono::minutes(1);
  const lockfile_store store(directory / ".agentsrc.lock", options);
  staged_changes changes;
  in_threads(threads, [&](int number) {
    for (int i = 0; i < sections; ++i) {
      EXPECT_TRUE(changes.set_section(std::to_string(number) + "-" + std::to_string(i), "[1, 2]"));
      if (i % 10 == 0) {
        const auto flushed = store.flush(changes);
        EXPECT_TRUE(flushed) << flushed.error().message();
      }
    }
  });
  ASSERT_TRUE(store.flush(changes));
  EXPECT_EQ(store.read()->document.section_names().size(), static_cast<std::size_t>(threads * sections));
}

TEST(Threads, ReadAndWriteSideBySide) {
  const temporary_directory directory;
  store_options options;
  options.durable = durability::unsynced;
  options.lock.wait = std::chrono::minutes(1);
  const lockfile_store store(directory / ".agentsrc.lock", options);
  ASSERT_TRUE(store.save_over(lockfile()));
  in_threads(4, [&](int number) {
    for (int i = 0; i < 20; ++i) {
      if (number % 2 == 0) {
        const auto loaded = store.load();
        EXPECT_TRUE(loaded) << loaded.error().message();
        EXPECT_TRUE(look_at_sidecar(platform::system(), store.path()));
      } else {
        EXPECT_TRUE(store.update([&](lockfile& file) -> result<> {
          if (auto added = file.activate("a", std::to_string(number * 100 + i), "d", timestamp()); !added) {
            return error(added.why());
          }
          return {};
        }));
      }
    }
  });
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
