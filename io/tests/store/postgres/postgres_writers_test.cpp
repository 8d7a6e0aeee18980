// Eight writers in processes of their own, which are killed, on a server that is restarted and killed: nothing that was
// acknowledged is lost, and nothing is said to have been written, or not to, that was not so.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "support/child_process.hpp"
#include "support/exploring.hpp"
#include "support/postgres_documents_fixture.hpp"

namespace agentslock::testing {
namespace {

constexpr std::size_t writer_count = 8;

/// What one writer knows, kept beyond its death. A number is never tried twice.
class writer_memory {
 public:
  [[nodiscard]] long next_number() { return ++numbers_; }
  /// The document was seen to say this. Whether it may.
  [[nodiscard]] bool observe(long now) {
    if (now == base_) return true;
    for (auto& one : maybe_) {
      if (one == now) {
        acknowledge(now);
        return true;
      }
    }
    return false;
  }
  /// From here on it may be written, and this process may be killed. Whether there is room to remember that.
  [[nodiscard]] bool tries(long number) {
    for (auto& one : maybe_) {
      if (one == 0) {
        one = number;
        return true;
      }
    }
    return false;
  }
  /// It was not written, and never will be.
  void was_refused(long number) {
    for (auto& one : maybe_) {
      if (one == number) one = 0;
    }
  }
  /// It was written: so nothing that was tried before can be any more.
  void acknowledge(long number) {
    base_ = number;
    for (auto& one : maybe_)
      one = 0;
  }

 private:
  std::atomic<long> numbers_{0};
  std::atomic<long> base_{0};
  std::array<std::atomic<long>, 64> maybe_{};
};
struct shared_memory {
  std::array<writer_memory, writer_count> writers;
  std::atomic<long> acknowledged{0};
  std::atomic<long> uncertain{0};
  std::atomic<long> refused{0};
  std::atomic<bool> is_over{false};
};

shared_memory& new_shared_memory() {
  void* const place =
      ::mmap(nullptr, sizeof(shared_memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) throw std::bad_alloc();
  return *new (place) shared_memory;
}

/// What a writer's entry says; 0 when there is none.
long number_in(const lockfile& file, const std::string& name) {
  const adapter* const entry = file.find_adapter(name);
  return entry == nullptr ? 0 : std::stol(std::string(std::string_view(entry->source_digest)));
}

/// One life of a writer. What is wrong, or nothing.
std::string write_on(std::size_t which, const std::string& connection, shared_memory& all) {
  postgres_documents_options options;
  options.wait = std::chrono::seconds(20);
  const lockfile_store store(postgres_documents(connection, options).document("writers"));
  const std::string name = "writer-" + std::to_string(which);
  writer_memory& mine = all.writers[which];
  while (!all.is_over) {
    const long number = mine.next_number();
    std::string wrong;
    const auto done = store.update([&](lockfile& file) -> result<> {
      // What was tried and is read anew was not written.
      mine.was_refused(number);
      const long now = number_in(file, name);
      if (!mine.observe(now)) {
        wrong = name + " found " + std::to_string(now) +
                ", which is neither what it knows to be written nor may be";
      } else if (!mine.tries(number)) {
        wrong = name + ": too many writes in a row are uncertain";
      }
      if (!wrong.empty()) return error(errc::invalid_argument, wrong);
      return file.activate(name, std::to_string(number), "s", timestamp());
    });
    if (!wrong.empty()) return wrong;
    if (done) {
      mine.acknowledge(number);
      ++all.acknowledged;
      continue;
    }
    const errc code = done.error().code();
    if (code == errc::outcome_uncertain) {
      ++all.uncertain;
    } else if (code == errc::store_unreachable || code == errc::conflict || code == errc::lock_timeout) {
      ++all.refused;
      mine.was_refused(number);
    } else {
      return name + ": " + done.error().message();
    }
  }
  return {};
}

/// Whether a child has ended by itself.
bool has_ended(const child_process& child) {
  siginfo_t about{};
  const auto process = static_cast<id_t>(child.process_id());
  return ::waitid(P_PID, process, &about, WEXITED | WNOHANG | WNOWAIT) == 0 && about.si_pid != 0;
}

TEST(PostgresWriters, NothingThatWasAcknowledgedIsLost) {
  const long wanted = how_far() == exploring::large   ? 100'000
                      : how_far() == exploring::small ? 1'000
                                                      : 10'000;
  postgres_server& server = shared_postgres_server();
  const postgres_documents documents(server.connection());
  ASSERT_TRUE(documents.init());
  ASSERT_TRUE(documents.put("writers", "{\"lock_version\": 1}"));
  shared_memory& all = new_shared_memory();

  const auto begin = std::chrono::steady_clock::now();
  std::array<std::unique_ptr<child_process>, writer_count> writers;
  const auto live = [&](std::size_t which) {
    writers[which] = std::make_unique<child_process>(
        [&, which](const child_process::parent&) { return write_on(which, server.connection(), all); });
  };
  for (std::size_t which = 0; which < writer_count; ++which)
    live(which);

  std::mt19937 random(20260701);
  int kills = 0;
  int restarts = 0;
  // Half of the restarts are kills of the server.
  constexpr int restarts_wanted = 4;
  while (all.acknowledged < wanted || restarts < restarts_wanted) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 200));
    const std::size_t which = random() % writer_count;
    // One that has ended by itself has found something.
    if (has_ended(*writers[which])) break;
    writers[which]->kill();
    ++kills;
    live(which);
    if (all.acknowledged * (restarts_wanted + 1) >= wanted * (restarts + 1) && restarts < restarts_wanted) {
      restarts % 2 == 0 ? server.kill() : server.stop();
      server.start();
      ++restarts;
    }
  }
  all.is_over = true;
  for (auto& writer : writers)
    EXPECT_EQ(writer->result(), "");
  EXPECT_EQ(restarts, restarts_wanted);
  EXPECT_GT(kills, 0);

  const auto loaded = lockfile_store(documents.document("writers")).load();
  ASSERT_TRUE(loaded) << loaded.error().message();
  for (std::size_t which = 0; which < writer_count; ++which) {
    const std::string name = "writer-" + std::to_string(which);
    EXPECT_TRUE(all.writers[which].observe(number_in(loaded->file(), name))) << name;
  }
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf(
      "[ MEASURED ] %ld acknowledged in %.0f s, %ld uncertain, %ld said not to be written; %d kills of "
      "writers, %d of "
      "the server\n",
      all.acknowledged.load(), seconds, all.uncertain.load(), all.refused.load(), kills, restarts);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
