// The lock, wanted by four processes all the time and held for 0.7 ms as by one who writes a small document, against
// flock alone.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <new>
#include <optional>
#include <thread>

#include "agentslock/io/sidecar_lock.hpp"
#include "support.hpp"

namespace agentslock::bench {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t processes = 4;
constexpr auto held_for = std::chrono::microseconds(700);
/// Long enough for shares to even out.
constexpr auto run_for = std::chrono::seconds(3);

/// What the processes share. The clock is the same for all of them.
struct board {
  static constexpr std::size_t samples_max = 10'000;

  std::atomic<std::size_t> ready{0};
  std::atomic<bool> go{false};
  /// Who let go last, and when it began to.
  std::atomic<std::size_t> last_holder{processes};
  std::atomic<clock::rep> let_go_at{0};
  std::array<std::size_t, processes> turns{};
  /// How long the lock took from one process to another.
  std::atomic<std::size_t> samples{0};
  std::array<clock::rep, samples_max> hand_overs{};
};
static_assert(std::atomic<clock::rep>::is_always_lock_free);

class flock_alone {
 public:
  explicit flock_alone(const std::string& directory)
      : file_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (file_ < 0) std::abort();
  }
  void take() const {
    while (::flock(file_, LOCK_EX) != 0) {
    }
  }
  void let_go() const {
    if (::flock(file_, LOCK_UN) != 0) std::abort();
  }

 private:
  int file_;
};

class our_lock {
 public:
  explicit our_lock(const std::string& directory) : path_(directory + "/doc") {}
  void take() {
    auto lock = sidecar_lock::acquire(platform::system(), path_);
    if (!lock) std::abort();
    held_.emplace(std::move(*lock));
  }
  void let_go() { held_.reset(); }

 private:
  std::string path_;
  std::optional<sidecar_lock> held_;
};

template <class Lock>
void take_turns(board& shared, const std::string& directory, std::size_t me) {
  Lock lock(directory);
  ++shared.ready;
  while (!shared.go)
    std::this_thread::yield();
  const auto end = clock::now() + run_for;
  while (clock::now() < end) {
    lock.take();
    const auto now = clock::now().time_since_epoch().count();
    if (shared.last_holder != me && shared.last_holder != processes && shared.samples < board::samples_max) {
      shared.hand_overs[shared.samples++] = now - shared.let_go_at;
    }
    ++shared.turns[me];
    std::this_thread::sleep_for(held_for);
    shared.last_holder = me;
    shared.let_go_at = clock::now().time_since_epoch().count();
    lock.let_go();
  }
}

template <class Lock>
void contended(benchmark::State& state) {
  const std::string directory = work_directory() + "/lock";
  (void)::mkdir(directory.c_str(), 0755);
  for (auto round : state) {
    void* memory = ::mmap(nullptr, sizeof(board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    board& shared = *new (memory) board;
    std::array<pid_t, processes> children{};
    for (std::size_t i = 0; i < processes; ++i) {
      children[i] = ::fork();
      if (children[i] < 0) std::abort();
      if (children[i] == 0) {
        take_turns<Lock>(shared, directory, i);
        ::_exit(0);
      }
    }
    while (shared.ready < processes)
      std::this_thread::yield();
    shared.go = true;
    for (pid_t child : children) {
      int ended = 0;
      if (::waitpid(child, &ended, 0) != child || ended != 0) std::abort();
    }

    const auto samples = std::span(shared.hand_overs).first(shared.samples);
    std::ranges::sort(samples);
    const auto [shortest, longest] = std::ranges::minmax(shared.turns);
    std::size_t turns = 0;
    for (std::size_t one : shared.turns)
      turns += one;
    using microseconds = std::chrono::duration<double, std::micro>;
    state.counters["hand_over_us"] =
        samples.empty() ? 0 : microseconds(clock::duration(samples[samples.size() / 2])).count();
    state.counters["turns_a_second"] =
        static_cast<double>(turns) / std::chrono::duration<double>(run_for).count();
    state.counters["share"] = static_cast<double>(longest) / static_cast<double>(shortest);
    ::munmap(memory, sizeof(board));
  }
}

BENCHMARK(contended<flock_alone>)->Name("lock/floor")->Iterations(1);
BENCHMARK(contended<our_lock>)->Name("lock/ours")->Iterations(1);

}  // namespace
}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
