// Real processes on the real file system: held, refused, released, taken; killed, stopped, forked; and many at once.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/mman.h>

#include <array>
#include <atomic>
#include <boost/filesystem.hpp>
#include <charconv>
#include <chrono>
#include <memory>
#include <random>
#include <thread>

#include "agentslock/io/lockfile_store.hpp"
#include "support/child_process.hpp"
#include "support/document_processes.hpp"
#include "support/publication.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

class Processes : public document_processes {};

TEST_F(Processes, HeldRefusedReleasedTaken) {
  const auto child = holder();
  const auto refused = acquire(path, std::chrono::milliseconds(50));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), errc::lock_timeout);
  EXPECT_NE(refused.error().message().find("process " + std::to_string(child->process_id())),
            std::string::npos)
      << refused.error().message();
  child->tell();
  ASSERT_TRUE(child->wait());
  // Not without waiting: the wait that was given up gets the queue first, and lets it go.
  const auto taken = acquire(path);
  ASSERT_TRUE(taken) << taken.error().message();
  EXPECT_TRUE(taken->has_queue());
  child->tell();
  EXPECT_EQ(child->result(), "");
}

TEST_F(Processes, AWaiterGetsTheLockWhenItIsReleased) {
  const auto child = holder();
  std::thread releaser([&] { child->tell(); });
  EXPECT_TRUE(acquire(path));
  releaser.join();
  child->tell();
  EXPECT_EQ(child->result(), "");
}

TEST_F(Processes, AfterKillNineTheNextWriterOfOursGoesOnAtOnce) {
  const auto child = holder();
  child->kill();
  ASSERT_EQ(names_in(directory.path()), std::vector<std::string>{".agentsrc.lock.lock"});
  // Without any waiting: a sidecar that had to grow stale would take half a minute.
  auto taken = acquire(path, std::chrono::milliseconds(0));
  ASSERT_TRUE(taken) << taken.error().message();
  taken->release();
  EXPECT_TRUE(names_in(directory.path()).empty());
}

TEST_F(Processes, AStoppedHolderKeepsOursOutAndIsNamed) {
  const auto child = holder();
  child->stop();
  const auto refused = acquire(path, std::chrono::milliseconds(50));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find(std::to_string(child->process_id())), std::string::npos);
  const auto status = look_at_sidecar(platform::system(), path);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->queue_holder, child->process_id());
  const auto broken = break_sidecar(platform::system(), path, status->identity->token);
  EXPECT_EQ(broken.error().code(), errc::lock_timeout);
  child->go_on();
}

TEST_F(Processes, AWriterThatWasStoppedPastItsLeaseDoesNotWriteWhenItWakes) {
  child_process child([this](const child_process::parent& test) -> std::string {
    store_options options;
    options.lock.lease = std::chrono::milliseconds(500);
    int calls = 0;
    const auto done = lockfile_store(path, options).update([&](lockfile& file) -> result<> {
      if (++calls == 1) {
        test.tell();  // and is stopped here, with the lock
        test.wait();
      }
      const std::string name = "call " + std::to_string(calls);
      if (auto added = file.activate(name, "s", "d", timestamp()); !added) return error(added.why());
      return {};
    });
    if (!done) return done.error().message();
    return calls == 2 ? "" : "its function was called " + std::to_string(calls) + " times";
  });
  ASSERT_TRUE(child.wait());
  child.stop();
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  child.go_on();
  child.tell();
  EXPECT_EQ(child.result(), "");
  const auto loaded = lockfile_store(path).load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->file().adapter_names(), std::vector<std::string_view>{"call 2"});
}

TEST_F(Processes, ASidecarThatIsPutBackIsNoticed) {
  const auto lock = acquire(path);
  ASSERT_TRUE(lock);
  EXPECT_EQ(publication().under(*lock), std::nullopt);
  std::this_thread::sleep_for(
      std::chrono::milliseconds(20));  // out of the claim's tick, where ctimes are coarse
  publication done;
  done.while_putting = [&] {
    const std::string sidecar = path + ".lock";
    const std::string aside = sidecar + ".aside";
    boost::filesystem::rename(sidecar, aside);
    boost::filesystem::create_hard_link(aside, sidecar);
    boost::filesystem::remove(aside);
  };
  EXPECT_EQ(done.under(*lock), errc::outcome_uncertain);
  EXPECT_TRUE(lock->still_held());
}

TEST_F(Processes, InAForkedChildTheGuardIsInert) {
  auto lock = acquire(path);
  ASSERT_TRUE(lock);
  EXPECT_EQ(in_child([&]() -> std::string {
              lock->release();
              // Nor does the child hold it: it would have to wait.
              const auto again = acquire(path, std::chrono::milliseconds(0));
              if (again) return "the child took the lock that its parent holds";
              return again.error().code() == errc::lock_timeout ? "" : again.error().message();
            }),
            "");
  EXPECT_TRUE(lock->still_held());
  const auto refused = in_child([&]() -> std::string {
    return acquire(path, std::chrono::milliseconds(0)) ? "the queue was opened by the child" : "";
  });
  EXPECT_EQ(refused, "");
}

TEST_F(Processes, AProcessThatIsForkedInAnUpdateWritesNothing) {
  pid_t forked = -1;
  const auto done = lockfile_store(path).update([&](lockfile& file) -> result<> {
    forked = ::fork();
    const std::string_view who = forked == 0 ? "child" : "parent";
    if (auto added = file.activate(who, "s", "d", timestamp()); !added) return error(added.why());
    return {};
  });
  if (forked == 0) {
    const bool inert = !done && done.error().code() == errc::invalid_argument;
    ::_exit(inert ? 0 : 1);
  }
  ASSERT_TRUE(done) << done.error().message();
  int status = 0;
  ASSERT_EQ(::waitpid(forked, &status, 0), forked);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  const auto loaded = lockfile_store(path).load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->file().adapter_names(), std::vector<std::string_view>{"parent"});
  EXPECT_EQ(names_in(directory.path()), std::vector<std::string>{".agentsrc.lock"});
}

TEST_F(Processes, OneThatWaitsForItsOwnParentIsToldSo) {
  const int locked = ::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(::flock(locked, LOCK_EX | LOCK_NB), 0);
  EXPECT_EQ(in_child([&]() -> std::string {
              const auto lock = acquire(path, std::chrono::milliseconds(50));
              if (lock) return "it took the lock";
              const std::string message = lock.error().message();
              return message.find("which started this one") != std::string::npos ? "" : message;
            }),
            "");
  ::close(locked);
}

/// What the processes tell the test, in memory that they share.
struct shared_counts {
  static constexpr std::size_t writers = 8;
  std::array<std::atomic<int>, writers> acknowledged;
};

int number_in(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

TEST_F(Processes, EightWritersSomeOfThemKilledLoseNoAcknowledgedUpdate) {
  constexpr int updates = 40;
  constexpr std::size_t killed = 3;
  auto* counts = static_cast<shared_counts*>(
      ::mmap(nullptr, sizeof(shared_counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(counts, MAP_FAILED);
  new (counts) shared_counts{};

  const auto add_one = [](lockfile& file, std::string_view counter) -> result<> {
    const adapter* entry = file.find_adapter(counter);
    const int before = entry == nullptr ? 0 : number_in(entry->source_digest);
    if (auto done = file.activate(counter, std::to_string(before + 1), "", timestamp()); !done) {
      return error(done.why());
    }
    return {};
  };
  const auto write = [&](std::size_t number) -> std::string {
    store_options options;
    options.durable = durability::unsynced;  // the disk is not what is tested here
    options.lock.wait = std::chrono::minutes(1);
    const lockfile_store store(path, options);
    for (int i = 0; i < updates; ++i) {
      const auto done = store.update([&](lockfile& file) -> result<> {
        if (auto own = add_one(file, "writer " + std::to_string(number)); !own) return own;
        return add_one(file, "all");
      });
      if (!done) return done.error().message();
      counts->acknowledged[number].fetch_add(1);
    }
    return {};
  };

  std::vector<std::unique_ptr<child_process>> children;
  for (std::size_t number = 0; number < shared_counts::writers; ++number) {
    children.push_back(
        std::make_unique<child_process>([&, number](const child_process::parent&) { return write(number); }));
  }
  std::mt19937 random(::testing::UnitTest::GetInstance()->random_seed() == 0
                          ? 1U
                          : static_cast<unsigned>(::testing::UnitTest::GetInstance()->random_seed()));
  for (std::size_t number = 0; number < killed; ++number) {
    const int after = std::uniform_int_distribution<int>(1, updates / 2)(random);
    while (counts->acknowledged[number].load() < after)
      std::this_thread::yield();
    children[number]->kill();
  }
  for (std::size_t number = killed; number < shared_counts::writers; ++number) {
    EXPECT_EQ(children[number]->result(), "") << "writer " << number;
  }

  const auto loaded = lockfile_store(path).load();
  ASSERT_TRUE(loaded) << loaded.error().message();
  int sum = 0;
  for (std::size_t number = 0; number < shared_counts::writers; ++number) {
    const adapter* entry = loaded->file().find_adapter("writer " + std::to_string(number));
    ASSERT_NE(entry, nullptr);
    const int written = number_in(entry->source_digest);
    const int acknowledged = counts->acknowledged[number].load();
    EXPECT_GE(written, acknowledged) << "writer " << number;
    // A killed one may have written once more than it could say.
    EXPECT_LE(written, acknowledged + (number < killed ? 1 : 0)) << "writer " << number;
    sum += written;
  }
  EXPECT_EQ(number_in(loaded->file().find_adapter("all")->source_digest), sum);
  ::munmap(counts, sizeof(shared_counts));
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
