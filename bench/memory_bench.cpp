// The most memory that a process needs to load a document, reconcile it and write what changed.
#include "memory_bench.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "agentslock/io/lockfile_store.hpp"
#include "document_generator.hpp"
#include "support.hpp"

namespace agentslock::bench {
namespace {

constexpr std::size_t views = 100'000;

/// The high-water mark of this process's memory. What the system says at a process's end counts its parent's too.
std::size_t peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes * 1024;
  }
  std::abort();
}

/// What `one_pass` printed in a process of its own.
std::size_t peak_of_one_pass(const std::string& path) {
  const std::string report = path + ".peak";
  std::string self = "/proc/self/exe";
  std::string flag = one_pass_flag;
  std::string document = path;
  std::string to = report;
  char* const arguments[] = {self.data(), flag.data(), document.data(), to.data(), nullptr};
  pid_t child = 0;
  int ended = 0;
  if (::posix_spawn(&child, self.c_str(), nullptr, nullptr, arguments, environ) != 0 ||
      ::waitpid(child, &ended, 0) != child || ended != 0) {
    std::abort();
  }
  std::size_t peak = 0;
  std::ifstream(report) >> peak;
  return peak;
}

void size_floor(benchmark::State& state) {
  for (auto round : state)
    state.counters["bytes"] = static_cast<double>(document(views).size());
}

void peak_ours(benchmark::State& state) {
  const std::string path = work_directory() + "/peak.lock";
  for (auto round : state) {
    put_file(path, document(views));
    state.counters["bytes"] = static_cast<double>(peak_of_one_pass(path));
  }
}

BENCHMARK(size_floor)->Name("memory/floor")->Iterations(1);
BENCHMARK(peak_ours)->Name("memory/ours")->Iterations(1);

}  // namespace

int one_pass(const std::string& path, const std::string& report) {
  // This program loads the clients of all servers; what they take is not what a pass takes.
  const std::size_t before = peak_bytes();
  store_options options;
  options.durable = durability::unsynced;
  const lockfile_store store(path, options);
  auto loaded = store.load();
  if (!loaded) return EXIT_FAILURE;
  const lockfile& file = loaded->file();
  reconcile_visitor nobody;
  std::size_t asked = 0;
  const auto ask = [&](view_key key) {
    const bool is_gone = asked++ % 100 == 0;
    return std::optional(is_gone ? presence{} : presence{true, file.find_view(key)->view_digest});
  };
  const auto done = loaded->file().reconcile(ask, nobody, store.now());
  if (!done || !store.save(*loaded)) return EXIT_FAILURE;
  std::ofstream(report) << peak_bytes() - before;
  return EXIT_SUCCESS;
}

}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
