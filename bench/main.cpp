// Runs the benchmarks; bench/table.py makes the table of them.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <string_view>

#include "memory_bench.hpp"

int main(int argc, char** argv) {
  if (argc == 4 && argv[1] == std::string_view(agentslock::bench::one_pass_flag)) {
    return agentslock::bench::one_pass(argv[2], argv[3]);
  }
  // Large memory is fresh in every round, as it is for a program that does its work once: floors pay for that as ours do.
  // Left alone, the C library would keep what the rounds before have had.
  ::mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
