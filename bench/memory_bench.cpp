// The most memory that a process needs to load a document, reconcile it and write what changed: by the kernel's pass, and by
// reconcile_document.
#include "memory_bench.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/io/reconcile_document.hpp"
#include "document_generator.hpp"
#include "support.hpp"

namespace agentslock::bench {
namespace {

constexpr std::size_t views = 100'000;
/// Of every view: so a store knows its answers without memory for them.
constexpr std::string_view view_digest =
    "sha256:0000000000000000000000000000000000000000000000000000000000000000";

const std::string& ready_document() {
  static const std::string text = make_ready_document(views, 10, view_digest);
  return text;
}

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
std::size_t peak_of_one_pass(const char* flag_of_pass, const std::string& path) {
  const std::string report = path + ".peak";
  std::string self = "/proc/self/exe";
  std::string flag = flag_of_pass;
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
    state.counters["bytes"] = static_cast<double>(ready_document().size());
}

void peak_of(benchmark::State& state, const char* flag_of_pass) {
  const std::string path = work_directory() + "/peak.lock";
  for (auto round : state) {
    put_file(path, ready_document());
    state.counters["bytes"] = static_cast<double>(peak_of_one_pass(flag_of_pass, path));
  }
}

BENCHMARK(size_floor)->Name("memory/floor")->Iterations(1);
BENCHMARK_CAPTURE(peak_of, bare, bare_pass_flag)->Name("memory/ours")->Iterations(1);
BENCHMARK_CAPTURE(peak_of, whole, whole_pass_flag)->Name("memory/whole_pass")->Iterations(1);

/// Of a hundred views one is gone.
class almost_all_there final : public presence_source {
 public:
  [[nodiscard]] result<stored_view> find(view_key) override {
    return asked_++ % 100 == 0 ? stored_view() : stored_view(view_digest);
  }

 private:
  std::size_t asked_ = 0;
};

bool bare_pass(const lockfile_store& store) {
  auto loaded = store.load();
  if (!loaded) return false;
  reconcile_visitor nobody;
  std::size_t asked = 0;
  const auto ask = [&](view_key) {
    return std::optional(asked++ % 100 == 0 ? presence{} : presence{true, view_digest});
  };
  return loaded->file().reconcile(ask, nobody, store.now()) && store.save(*loaded);
}

bool whole_pass(const lockfile_store& store) {
  almost_all_there held;
  const auto done = reconcile_document(store, held, reconcile_mode::write);
  return done && done->written;
}

}  // namespace

std::optional<int> one_pass(std::string_view flag, const std::string& path, const std::string& report) {
  const bool is_whole = flag == whole_pass_flag;
  if (!is_whole && flag != bare_pass_flag) return std::nullopt;
  // This program loads the clients of all servers; what they take is not what a pass takes.
  const std::size_t before = peak_bytes();
  store_options options;
  options.durable = durability::unsynced;
  const lockfile_store store(path, options);
  if (!(is_whole ? whole_pass(store) : bare_pass(store))) return EXIT_FAILURE;
  std::ofstream(report) << peak_bytes() - before;
  return EXIT_SUCCESS;
}

}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
