// The sweep over 10,000 small documents, against opening, reading and closing them by as many threads.
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#include "support.hpp"

namespace agentslock::bench {
namespace {

constexpr std::size_t documents = 10'000;
/// 2 views: some 4 kB.
constexpr std::size_t views = 2;

struct fleet {
  std::vector<std::string> paths;
  std::string list;
};

const fleet& all_documents() {
  static const fleet made = [] {
    fleet all;
    (void)::mkdir((work_directory() + "/sweep").c_str(), 0755);
    all.list = work_directory() + "/sweep/list";
    std::ofstream list(all.list);
    for (std::size_t i = 0; i < documents; ++i) {
      const std::string directory = work_directory() + "/sweep/" + std::to_string(i % 100);
      (void)::mkdir(directory.c_str(), 0755);
      all.paths.push_back(directory + "/" + std::to_string(i) + ".lock");
      put_file(all.paths.back(), document(views));
      list << all.paths.back() << "\n";
    }
    return all;
  }();
  return made;
}

void read_all(const fleet& all) {
  const std::size_t workers = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> threads;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    threads.emplace_back([&, worker] {
      for (std::size_t i = worker; i < all.paths.size(); i += workers)
        benchmark::DoNotOptimize(read_file(all.paths[i]));
    });
  }
}

/// The command itself, in a process of its own.
void sweep_all(const fleet& all) {
  std::string command = AGENTSLOCK_COMMAND_PATH;
  std::string word = "sweep";
  char* const arguments[] = {command.data(), word.data(), nullptr};
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, all.list.c_str(), O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int ended = 0;
  if (::posix_spawn(&child, command.c_str(), &files, nullptr, arguments, environ) != 0 ||
      ::waitpid(child, &ended, 0) != child || ended != 0) {
    std::abort();
  }
  ::posix_spawn_file_actions_destroy(&files);
}

void sweep(benchmark::State& state) {
  const fleet& all = all_documents();
  compare(
      state, 3, [] {}, [&] { read_all(all); }, [&] { sweep_all(all); });
  state.counters["documents"] = static_cast<double>(documents);
}

BENCHMARK(sweep)->Iterations(1);

}  // namespace
}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
