// How often memory is allocated: counted, in the whole process.
#include <benchmark/benchmark.h>

#include "../tests/support/allocation_counter.hpp"
#include "agentslock/io/lock_document.hpp"
#include "document_generator.hpp"
#include "support.hpp"

namespace agentslock::bench {
namespace {

/// Enough of them are ready that a thousand can change.
constexpr std::size_t views = 2'000;

void report(benchmark::State& state, std::size_t allocations) {
  state.counters["allocations"] = static_cast<double>(allocations);
}

void deciding(benchmark::State& state) {
  for (auto round : state) {
    report(state, testing::allocations_of([] {
             for (view_state recorded : recorded_states) {
               for (std::size_t seen = 0; seen < observation_count; ++seen)
                 benchmark::DoNotOptimize(decide(recorded, static_cast<observation>(seen)));
             }
           }));
  }
}

/// A pass over a document, with so many views that change.
void reconciling(benchmark::State& state) {
  const auto changing = static_cast<std::size_t>(state.range(0));
  for (auto round : state) {
    auto parsed = lock_document::parse(text_buffer(document(views)), "document");
    lockfile file = std::move(parsed->adapters);
    std::size_t asked = 0;
    const auto ask = [&](view_key key) {
      return asked++ < changing ? presence{} : presence{true, file.find_view(key)->view_digest};
    };
    reconcile_visitor nobody;
    report(state, testing::allocations_of([&] {
             benchmark::DoNotOptimize(
                 file.reconcile([&](view_key key) { return std::optional(ask(key)); }, nobody, timestamp()));
           }));
  }
}

BENCHMARK(deciding)->Name("allocations_of_deciding/ours")->Iterations(1);
BENCHMARK(reconciling)
    ->Name("allocations_of_pass/ours")
    ->Arg(0)
    ->Arg(10)
    ->Arg(100)
    ->Arg(1'000)
    ->Iterations(1);

}  // namespace
}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
