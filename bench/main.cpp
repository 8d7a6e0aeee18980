// Runs the benchmarks; bench/table.py makes the table of them.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include "memory_bench.hpp"

int main(int argc, char** argv) {
  if (argc == 4) {
    if (const auto done = agentslock::bench::one_pass(argv[1], argv[2], argv[3])) return *done;
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
