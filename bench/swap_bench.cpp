#include "swap_bench.hpp"

#include <cstdlib>
#include <vector>

#include "support.hpp"

namespace agentslock::bench {
namespace {

/// Only the swap is measured: that the document is read before it, is not.
void swap(benchmark::State& state, swap_pair (*make)(), int rounds) {
  const swap_pair pair = make();
  const std::string bytes(static_cast<std::size_t>(state.range(0)), 'x');
  const std::string_view pieces[] = {bytes};
  result<stored_document> now = pair.ours->read();
  compare(
      state, rounds,
      [&] {
        now = pair.ours->read();
        if (!now) std::abort();
      },
      [&] { pair.bare(bytes); },
      [&] {
        if (!pair.ours->store_if(*now->revision, pieces)) std::abort();
      });
}

}  // namespace

bool register_swaps(const std::string& engine, swap_pair (*make)()) {
  const std::string name = "swap/" + engine;
  benchmark::RegisterBenchmark(name.c_str(), swap, make, 31)->Arg(1'000)->Iterations(1);
  benchmark::RegisterBenchmark(name.c_str(), swap, make, 15)->Arg(1'000'000)->Iterations(1);
  return true;
}

}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
