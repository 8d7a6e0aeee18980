// Every state of the small world, reached by the real kernel: with cutover as the only way to activate, and with
// everything that a Go tool or an editor may do.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "explorer.hpp"
#include "figure.hpp"
#include "laws/operations.hpp"
#include "laws/query_gate.hpp"
#include "laws/shown.hpp"

namespace agentslock::properties {
namespace {

using testing::print_figure;

/// A view that may be queried was validated and rebuilt against the schema that is active.
laws::breach what_may_be_queried_was_validated_and_rebuilt(const small_state& state, const lockfile& file) {
  if (state.active == 0) return laws::kept;
  for (const auto& [adapter_name, owner] : file.adapters()) {
    for (const auto& [view_name, entry] : owner.views) {
      const view_key key{adapter_name, view_name};
      if (may_query(file, key, fall_through::refused).decision != gate_decision::allowed) continue;
      const small_view& view = state.views[place_of(key)];
      if (view.built == state.active && view.validated == state.active) continue;
      return "what_may_be_queried_was_validated_and_rebuilt: " + laws::shown(key) + " may be queried";
    }
  }
  return laws::kept;
}

laws::breach every_law_of_a_state(const small_state&, const lockfile& file) {
  if (auto broken = laws::first_broken(laws::lockfile_laws(), file)) return broken;
  for (view_key key : file.view_keys()) {
    if (auto broken = laws::first_broken(laws::gate_laws(), file, key)) return broken;
  }
  return laws::kept;
}

laws::breach every_law_of_a_step(const laws::kernel_step& step) {
  return laws::first_broken(laws::step_laws(), step);
}

/// The half of that law which MarkViewRebuilt guards.
laws::breach what_may_be_queried_was_rebuilt(const small_state& state, const lockfile&) {
  for (const small_view& view : state.views) {
    if (state.active != 0 && view.state == view_state::ready && view.built != state.active)
      return "what_may_be_queried_was_rebuilt: a view that is ready was built from another schema";
  }
  return laws::kept;
}

/// AGENTSLOCK_EXHAUSTIVE=large explores worlds for which a person has to wait.
bool is_large() {
  const char* size = std::getenv("AGENTSLOCK_EXHAUSTIVE");
  return size != nullptr && std::string_view(size) == "large";
}

void expect_kept(const char* world, const exploration& explored) {
  print_figure("exhaustive", "%s: %zu states, %zu transitions", world, explored.states.size(),
               explored.transitions.size());
  ASSERT_FALSE(explored.found) << to_string(*explored.found);
  const auto stuck = dead_end(explored);
  EXPECT_FALSE(stuck) << "no way leads to all ready from: " << to_string(*stuck);
}

TEST(Exhaustive, WhatMayBeQueriedWasValidatedAndRebuiltAgainstTheActiveSchema) {
  const exploration_laws laws{what_may_be_queried_was_validated_and_rebuilt, nullptr};
  expect_kept("2 views, 3 schemas", explore({.views = 2, .schemas = 3}, laws));
  const exploration three =
      explore({.views = 3, .schemas = is_large() ? schemas_max : schema_number{2}}, laws);
  expect_kept("3 views", three);
  EXPECT_GT(three.transitions.size(), 1'000'000U);
}

TEST(Exhaustive, WithoutTheGuardOfMarkViewRebuiltTheRefusedBumpComesBack) {
  const exploration explored =
      explore({.builds_say_what_they_read = false, .verdicts_bring_dependencies = false},
              {what_may_be_queried_was_rebuilt, nullptr});
  ASSERT_TRUE(explored.found);
  print_figure("exhaustive", "without the guard a counterexample after %zu states", explored.states.size());
  std::printf("%s\n", to_string(*explored.found).c_str());
  // Two views; a bump that is refused for one of them; a rebuild of the other against the old schema; the same bump,
  // accepted, since the rebuilt view is ready and records the new schema.
  const auto& way = explored.found->way;
  ASSERT_EQ(way.size(), 6U);
  EXPECT_EQ(way[3].substr(0, 14), way[5].substr(0, 14));
  EXPECT_NE(way[4].find("rebuild"), std::string::npos);
}

TEST(Exhaustive, EveryStepFromEveryStateKeepsItsLaws) {
  const exploration explored =
      explore({.views = 2, .schemas = is_large() ? schemas_max : schema_number{2}, .anything_goes = true},
              {every_law_of_a_state, every_law_of_a_step});
  expect_kept("2 views, anything goes", explored);
}

}  // namespace
}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
