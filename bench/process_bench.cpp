// The command on a small document, in a process of its own: start-up is most of it. Against a program in C that reads and
// prints the same, or reads it and puts it in its place again; and against one that does nothing.
#include <string>
#include <vector>

#include "document_generator.hpp"
#include "support.hpp"

namespace agentslock::bench {
namespace {

constexpr std::size_t views = 10;
constexpr int rounds = 40;

/// A file of its own for each benchmark: what one has written is not what another reads. All views are ready, so that
/// show has nothing to tell by its exit status.
std::string document_for(const std::string& work) {
  const std::string path = work_directory() + "/process-" + work + "-lock";
  put_file(path, make_ready_document(views, views, "sha256:" + std::string(64, '0')));
  return path;
}

void against(benchmark::State& state, const std::vector<std::string>& floor,
             const std::vector<std::string>& ours) {
  compare_measured(
      state, rounds, [&] { return run_process(floor).clock_ns; }, [&] { return run_process(ours).clock_ns; });
}

void show_against_true(benchmark::State& state) {
  against(state, {"/bin/true"},
          {installed(AGENTSLOCK_COMMAND_PATH), "show", "--document", document_for("true")});
}
BENCHMARK(show_against_true)->Name("process/true")->Iterations(1);

void show_against_print(benchmark::State& state) {
  const std::string path = document_for("show");
  against(state, {installed(AGENTSLOCK_BARE_DOCUMENT_PATH), path},
          {installed(AGENTSLOCK_COMMAND_PATH), "show", "--document", path});
}
BENCHMARK(show_against_print)->Name("process/show")->Iterations(1);

void activate_against_rewrite(benchmark::State& state) {
  const std::string path = document_for("activate");
  const std::string floor = installed(AGENTSLOCK_BARE_DOCUMENT_PATH);
  const std::string ours = installed(AGENTSLOCK_COMMAND_PATH);
  char digit = '0';
  const auto activate = [&] {
    digit = digit == '9' ? '0' : static_cast<char>(digit + 1);  // another digest than stands there
    const std::string digest = "sha256:" + std::string(64, digit);
    return run_process({ours, "activate", "new", "--source-digest", digest, "--schema-digest", digest,
                        "--document", path})
        .clock_ns;
  };
  compare_measured(
      state, rounds,
      [&] {
        return run_process({floor, path, "--rewrite"}).clock_ns;
      },
      activate);
}
BENCHMARK(activate_against_rewrite)->Name("process/activate")->Iterations(1);

}  // namespace
}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
