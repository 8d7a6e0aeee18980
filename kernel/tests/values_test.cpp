// Values are equal exactly when all that they say is: every type of a value, with each of its members changed in turn.

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>

#include "agentslock/kernel/gate_table.hpp"
#include "agentslock/kernel/lockfile.hpp"
#include "agentslock/kernel/merge_table.hpp"
#include "agentslock/kernel/operation.hpp"
#include "agentslock/kernel/reconcile_table.hpp"
#include "agentslock/kernel/waiting.hpp"
#include "world.hpp"

namespace agentslock {
namespace {

/// Expects that a value is equal to itself and to its copy, and to none of the others.
template <class Value>
void expect_told_apart(const Value& value, std::initializer_list<Value> others) {
  const Value same = value;
  EXPECT_TRUE(value == same);
  std::size_t number = 0;
  for (const Value& other : others) {
    EXPECT_FALSE(value == other) << "with change " << number;
    EXPECT_FALSE(other == value) << "with change " << number;
    ++number;
  }
}

TEST(Values, OfTheDocument) {
  expect_told_apart<dependency>({"a", "d", "1"}, {{"b", "d", "1"}, {"a", "e", "1"}, {"a", "d", "2"}});
  expect_told_apart<owned_key>({"a", "v"}, {{"b", "v"}, {"a", "w"}});
  expect_told_apart<audit_entry>(
      {"t", "f", "g", "x"},
      {{"u", "f", "g", "x"}, {"t", "h", "g", "x"}, {"t", "f", "h", "x"}, {"t", "f", "g", "y"}});
  expect_told_apart<missed_bump>({"a", "v", "d", "r", "s"}, {{"b", "v", "d", "r", "s"},
                                                             {"a", "w", "d", "r", "s"},
                                                             {"a", "v", "e", "r", "s"},
                                                             {"a", "v", "d", "q", "s"},
                                                             {"a", "v", "d", "r", "t"}});
  expect_told_apart<missing_dependee>({"a", "v", "d"}, {{"b", "v", "d"}, {"a", "w", "d"}, {"a", "v", "e"}});
  expect_told_apart<wait_step>({wait_for::verdict, "a"},
                               {{wait_for::cutover, "a"}, {wait_for::verdict, "b"}});
}

TEST(Values, AnAdapterIsItsThreeTextsAndItsViews) {
  adapter one;
  one.source_digest = "s";
  one.schema_digest = "d";
  one.activated_at = "t";
  one.views.emplace("v", view());
  adapter source = one;
  source.source_digest = "x";
  adapter schema = one;
  schema.schema_digest = "x";
  adapter time = one;
  time.activated_at = "x";
  adapter views = one;
  views.views.emplace("w", view());
  expect_told_apart(one, {source, schema, time, views});
}

TEST(Values, AViewIsAllThatItsEntrySays) {
  view one;
  one.status = recorded_status(view_status::ready);
  one.view_digest = "d";
  one.depends_on.push_back({"a", "d", "1"});
  one.last_rebuilt_at = "t";
  one.last_validation_at = "t";
  one.state_history.append({"t", "", "ready", "registered"});
  view status = one;
  status.status = recorded_status(view_status::pending_rebuild);
  view digest = one;
  digest.view_digest = "x";
  view reads = one;
  reads.depends_on.clear();
  view built = one;
  built.last_rebuilt_at = "x";
  view judged = one;
  judged.last_validation_at = "x";
  view log = one;
  log.state_history.append({"t", "ready", "ready", "rebuilt"});
  expect_told_apart(one, {status, digest, reads, built, judged, log});
}

TEST(Values, OfTheTables) {
  const transition row = transition_table[0];
  transition moved = row;
  moved.trigger = "another";
  expect_told_apart(row, {moved});
  expect_told_apart<step_result>(
      {view_state::ready, step_outcome::moves},
      {{view_state::ready, step_outcome::stays}, {view_state::none, step_outcome::moves}});
  gate_row gate = gate_table[0];
  gate.reason = "another";
  expect_told_apart(gate_table[0], {gate});
  cutover_row judged = cutover_table[0];
  judged.judged = !judged.judged;
  expect_told_apart(cutover_table[0], {judged});
  reconcile_row reconciled = reconcile_table[0];
  reconciled.actions[0] = reconcile_action::gate_stays_shut;
  expect_told_apart(reconcile_table[0], {reconciled});
  merge_row merged = merge_table[0];
  merged.rule = merge_rule::joined;
  expect_told_apart(merge_table[0], {merged});
  merge_floor floor = merge_floor_table[0];
  floor.at_least = view_state::ready;
  expect_told_apart(merge_floor_table[0], {floor});
}

TEST(Values, OfOperations) {
  namespace op = operations;
  const owned_key v("a", "v");
  const owned_key w("a", "w");
  const std::vector<owned_dependency> reads{{"a", "d", "1"}};
  expect_told_apart<owned_dependency>({"a", "d", "1"}, {{"b", "d", "1"}, {"a", "e", "1"}, {"a", "d", "2"}});
  expect_told_apart<owned_schema>({"a", "d"}, {{"b", "d"}, {"a", "e"}});
  expect_told_apart<store_contents>({{{v, "d"}}, v}, {{{{w, "d"}}, v}, {{{v, "d"}}, w}});
  expect_told_apart<op::activate>({"a", "s", "d"}, {{"b", "s", "d"}, {"a", "t", "d"}, {"a", "s", "e"}});
  expect_told_apart<op::register_view>({v, "d", reads}, {{w, "d", reads}, {v, "e", reads}, {v, "d", {}}});
  expect_told_apart<op::mark_dependee_bumped>({"a", "d", "1"},
                                              {{"b", "d", "1"}, {"a", "e", "1"}, {"a", "d", "2"}});
  expect_told_apart<op::resolve_recompat>(
      {v, verdict::passed, reads},
      {{w, verdict::passed, reads}, {v, verdict::failed, reads}, {v, verdict::passed, {}}});
  expect_told_apart<op::revalidate>(
      {v, verdict::passed, reads},
      {{w, verdict::passed, reads}, {v, verdict::failed, reads}, {v, verdict::passed, {}}});
  expect_told_apart<op::mark_view_rebuilt>(
      {v, "d", std::nullopt},
      {{w, "d", std::nullopt}, {v, "e", std::nullopt}, {v, "d", std::vector<owned_schema>()}});
  expect_told_apart<op::remove_view>({v}, {{w}});
  expect_told_apart<op::remove_adapter>({"a"}, {{"b"}});
  expect_told_apart<op::reconcile>({{{{v, "d"}}}}, {{{{{w, "d"}}}}});
  using judged = op::cutover::judged_view;
  expect_told_apart<judged>(
      {v, verdict::passed, reads},
      {{w, verdict::passed, reads}, {v, verdict::failed, reads}, {v, verdict::passed, {}}});
  const judged passed{v, verdict::passed, reads};
  expect_told_apart<op::cutover>({"a", "s", "d", "1", {passed}, {{"b", "e"}}},
                                 {{"b", "s", "d", "1", {passed}, {{"b", "e"}}},
                                  {"a", "t", "d", "1", {passed}, {{"b", "e"}}},
                                  {"a", "s", "e", "1", {passed}, {{"b", "e"}}},
                                  {"a", "s", "d", "2", {passed}, {{"b", "e"}}},
                                  {"a", "s", "d", "1", {}, {{"b", "e"}}},
                                  {"a", "s", "d", "1", {passed}, {}}});
  const operation one{op::remove_view{v}, testing::at(0)};
  expect_told_apart<operation>(one, {{op::remove_view{w}, testing::at(0)},
                                     {op::remove_view{v}, testing::at(1)},
                                     {op::remove_adapter{"a"}, testing::at(0)}});
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
