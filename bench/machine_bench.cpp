// One transition, and one decision of the reconciliation pass, against plain switches.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <random>
#include <vector>

#include "plain_switch.hpp"

namespace agentslock::bench {
namespace {

/// More than a branch predictor can learn by heart.
constexpr std::size_t rows = 1 << 20;

static_assert([] {
  for (const transition& row : transition_table) {
    if (step(row.from, row.cause) != step_result{row.to, row.outcome}) return false;
  }
  return true;
}());

/// Random values of an enumeration.
template <class Enumeration>
std::vector<Enumeration> random_values(std::size_t values) {
  std::mt19937 numbers(1);
  std::vector<Enumeration> drawn(rows);
  for (Enumeration& one : drawn)
    one = static_cast<Enumeration>(numbers() % values);
  return drawn;
}

/// Each step depends on the one before it; the caller wants to know where the view is, and how often it moved.
template <class Step>
void chain(benchmark::State& state, Step take) {
  const auto events = random_values<view_event>(view_event_count);
  view_state now = view_state::none;
  for (auto round : state) {
    unsigned moves = 0;
    for (view_event event : events) {
      const step_result next = take(now, event);
      now = next.to;
      moves += next.outcome == step_outcome::moves ? 1 : 0;
    }
    benchmark::DoNotOptimize(now);
    benchmark::DoNotOptimize(moves);
  }
  state.counters["per"] = static_cast<double>(rows);
}

/// Each decision is independent of the others.
template <class Decide>
void decisions(benchmark::State& state, Decide decide_one) {
  struct row {
    view_state recorded;
    observation seen;
  };
  std::mt19937 numbers(2);
  std::vector<row> table(rows);
  for (row& one : table) {
    one = {recorded_states[numbers() % recorded_states.size()],
           static_cast<observation>(numbers() % observation_count)};
  }
  for (auto round : state) {
    unsigned sum = 0;
    for (const row& one : table)
      sum += static_cast<unsigned>(decide_one(one.recorded, one.seen));
    benchmark::DoNotOptimize(sum);
  }
  state.counters["per"] = static_cast<double>(rows);
}

BENCHMARK_CAPTURE(chain, floor, [](view_state s, view_event e) {
  return step_by_switch(s, e);
})->Name("transition/floor");
BENCHMARK_CAPTURE(chain, ours, [](view_state s, view_event e) {
  return step(s, e);
})->Name("transition/ours");
BENCHMARK_CAPTURE(decisions, floor, [](view_state s, observation o) {
  return decide_by_switch(s, o);
})->Name("decision/floor");
BENCHMARK_CAPTURE(decisions, ours, [](view_state s, observation o) {
  return decide(s, o);
})->Name("decision/ours");

}  // namespace
}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
