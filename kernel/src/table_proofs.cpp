// The laws of the tables, proven while the kernel compiles. Nothing here runs.

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "agentslock/kernel/detail/cutover_laws.hpp"
#include "agentslock/kernel/detail/gate_laws.hpp"
#include "agentslock/kernel/detail/merge_laws.hpp"
#include "agentslock/kernel/detail/reconcile_laws.hpp"
#include "agentslock/kernel/detail/transition_laws.hpp"

namespace agentslock::laws {

static_assert(every_cell_has_exactly_one_row(transition_table));
static_assert(only_moves_change_the_state(transition_table));
static_assert(only_registration_and_rebuild_lead_to_ready(transition_table));
static_assert(every_state_has_a_way_to_ready(transition_table));
static_assert(each_event_moves_only_the_views_it_is_for(transition_table));
static_assert(every_refusal_names_its_cause(transition_table));
static_assert(every_trigger_is_its_events(transition_table));
static_assert(holds(transition_table));

static_assert(every_recorded_state_has_exactly_one_row(reconcile_table));
static_assert(reconcile_uses_only_edges_of_the_machine(reconcile_table, transition_table));
static_assert(reconcile_never_leads_to_ready(reconcile_table, transition_table));
static_assert(reconcile_is_idempotent(reconcile_table, transition_table));
static_assert(only_dsl_update_required_blocks(reconcile_table));
static_assert(only_pending_recompat_check_is_validated(reconcile_table));
static_assert(every_change_has_its_reason(reconcile_table));
static_assert(holds(reconcile_table, transition_table));

static_assert(every_state_has_exactly_one_row(gate_table));
static_assert(only_ready_may_be_queried(gate_table));
static_assert(opting_in_helps_only_while_a_rebuild_is_pending(gate_table));
static_assert(every_refusal_says_why_and_what_unblocks(gate_table));
static_assert(holds(gate_table));

static_assert(every_recorded_state_has_exactly_one_row(cutover_table));
static_assert(a_cutover_freezes_what_a_bump_moves(cutover_table, transition_table));
static_assert(a_cutover_judges_every_status(cutover_table));
static_assert(a_verdict_is_an_event_where_the_machine_takes_it(cutover_table, transition_table));
static_assert(holds(cutover_table, transition_table));

static_assert(every_merge_cell_has_exactly_one_row(merge_table));
static_assert(both_sides_come_from_one_base(merge_table));
static_assert(a_merge_has_no_favourite(merge_table));
static_assert(a_side_that_did_nothing_gives_the_others(merge_table));
static_assert(sides_that_agree_are_the_result(merge_table));
static_assert(a_change_survives_a_removal(merge_table));
static_assert(holds(merge_table));
static_assert(every_recorded_state_has_a_caution(caution_order));
static_assert(caution_grows_with_what_is_awaited(caution_order));
static_assert(holds(caution_order));
static_assert(every_doubt_has_exactly_one_floor(merge_floor_table));
static_assert(a_doubt_awaits_what_ends_it(merge_floor_table));
static_assert(holds(merge_floor_table));

// The lookups say what the tables say.
static_assert(std::ranges::all_of(transition_table, [](const transition& row) {
  return step(row.from, row.cause) == step_result{row.to, row.outcome} &&
         transition_for(row.from, row.cause) == row;
}));
static_assert(for_every_cell(reconcile_table,
                             [](view_state state, observation seen, reconcile_action action) {
                               return decide(state, seen) == action;
                             }));
static_assert(std::ranges::all_of(recorded_states, [](view_state state) {
  return needs_presence(state) == (state == view_state::ready);
}));
static_assert(std::ranges::all_of(gate_table, [](const gate_row& row) {
  return std::ranges::all_of(std::array{records::current, records::outdated}, [&](records seen) {
    return !speaks_for(row.recorded, seen) ||
           (gate_row_of(row.state, seen) == row &&
            decide_query(row.state, seen, fall_through::refused) == row.decision &&
            decide_query(row.state, seen, fall_through::opted_in) == row.decision_when_opted_in);
  });
}));
static_assert(std::ranges::all_of(cutover_table,
                                  [](const cutover_row& row) { return cutover_row_of(row.state) == row; }));
static_assert(cutover_row_of(view_state::none) == cutover_row{view_state::none, false, false, false});
static_assert(for_every_merge_cell([](side_change ours, side_change theirs, merge_sides sides) {
  return merge_row_of(ours, theirs, sides).rule == find_rule(merge_table, ours, theirs, sides);
}));
static_assert([] {
  for (std::size_t i = 0; i < caution_order.size(); ++i) {
    if (caution_of(caution_order[i]) != i) return false;
  }
  return caution_of(view_state::none) == 0;
}());
static_assert(std::ranges::all_of(merge_floor_table, [](const merge_floor& one) {
  return floor_of(one.doubt) == one.at_least;
}));

// A predicate that always held would prove nothing: each law refuses a table that breaks it in one row.
namespace mutants {

template <class Table>
consteval bool differ_in_one_row(const Table& a, const Table& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0, std::plus(), std::not_equal_to()) == 1;
}

consteval transition_rows with_row(view_state from, view_event cause, transition row) {
  transition_rows table = transition_table;
  for (transition& cell : table) {
    if (cell.from == from && cell.cause == cause) cell = row;
  }
  return table;
}

using enum view_state;
using enum view_event;
static_assert(differ_in_one_row(transition_table,
                                with_row(ready, rebuilt, {ready, rebuilt, step_outcome::moves, none, ""})));
static_assert(!every_cell_has_exactly_one_row(
    with_row(ready, rebuilt, {ready, registered, step_outcome::already_registered, ready, ""})));
static_assert(!only_moves_change_the_state(
    with_row(ready, rebuilt, {ready, rebuilt, step_outcome::no_rebuild_awaited, pending_rebuild, ""})));
static_assert(!only_registration_and_rebuild_lead_to_ready(
    with_row(pending_recompat_check, validation_passed,
             {pending_recompat_check, validation_passed, step_outcome::moves, ready, "recompat-pass"})));
static_assert(!every_state_has_a_way_to_ready(
    with_row(pending_rebuild, rebuilt,
             {pending_rebuild, rebuilt, step_outcome::no_rebuild_awaited, pending_rebuild, ""})));

consteval gate_rows with_gate(gate_row row) {
  gate_rows table = gate_table;
  for (gate_row& one : table) {
    if (one.state == row.state && one.recorded == row.recorded) one = row;
  }
  return table;
}

consteval cutover_rows with_dependent(cutover_row row) {
  cutover_rows table = cutover_table;
  for (cutover_row& one : table) {
    if (one.state == row.state) one = row;
  }
  return table;
}

using enum gate_decision;
constexpr auto any = row_records::any;
static_assert(differ_in_one_row(gate_table,
                                with_gate({ready, row_records::outdated, allowed, allowed, "", ""})));
static_assert(differ_in_one_row(cutover_table, with_dependent({ready, false, true, true})));
static_assert(!every_state_has_exactly_one_row([] {
  gate_rows table = gate_table;
  table[0].recorded = any;
  return table;
}()));
static_assert(!only_ready_may_be_queried(with_gate({ready, row_records::outdated, allowed, allowed, "",
                                                    ""})));
static_assert(!opting_in_helps_only_while_a_rebuild_is_pending(with_gate({dsl_update_required, any, refused,
                                                                          may_fall_through, "", ""})));
static_assert(!every_refusal_says_why_and_what_unblocks(with_gate({none, any, refused, refused, "", ""})));
static_assert(!a_cutover_freezes_what_a_bump_moves(with_dependent({ready, false, true, true}),
                                                   transition_table));
static_assert(!a_cutover_judges_every_status(with_dependent({pending_rebuild, false, false, false})));
static_assert(!a_verdict_is_an_event_where_the_machine_takes_it(
    with_dependent({pending_rebuild, false, true, true}), transition_table));

consteval merge_rows with_merge(side_change ours, side_change theirs, merge_rule rule) {
  merge_rows table = merge_table;
  for (merge_row& one : table) {
    if (one.ours == ours && one.theirs == theirs) one.rule = rule;
  }
  return table;
}

static_assert(differ_in_one_row(merge_table,
                                with_merge(side_change::changed, side_change::removed, merge_rule::gone)));
static_assert(!every_merge_cell_has_exactly_one_row([] {
  merge_rows table = merge_table;
  table[3].sides = row_sides::any;
  return table;
}()));
static_assert(!both_sides_come_from_one_base(with_merge(side_change::absent, side_change::removed,
                                                        merge_rule::gone)));
static_assert(!a_merge_has_no_favourite(with_merge(side_change::removed, side_change::changed,
                                                   merge_rule::gone)));
static_assert(!a_side_that_did_nothing_gives_the_others(with_merge(side_change::unchanged,
                                                                   side_change::removed, merge_rule::ours)));
static_assert(!sides_that_agree_are_the_result(with_merge(side_change::changed, side_change::changed,
                                                          merge_rule::either)));
static_assert(!a_change_survives_a_removal(with_merge(side_change::changed, side_change::removed,
                                                      merge_rule::ours)));
static_assert(!caution_grows_with_what_is_awaited({ready, pending_rebuild, unrecognised,
                                                   pending_recompat_check, dsl_update_required}));
static_assert(!every_recorded_state_has_a_caution({ready, ready, pending_rebuild, pending_recompat_check,
                                                   dsl_update_required}));
static_assert(!a_doubt_awaits_what_ends_it({{{merge_doubt::other_tables, pending_rebuild},
                                             {merge_doubt::other_records, pending_rebuild},
                                             {merge_doubt::records_of_both, pending_rebuild},
                                             {merge_doubt::removed_by_one, pending_rebuild}}}));
static_assert(!every_doubt_has_exactly_one_floor({{{merge_doubt::other_tables, pending_rebuild},
                                                   {merge_doubt::other_tables, pending_rebuild},
                                                   {merge_doubt::records_of_both, pending_recompat_check},
                                                   {merge_doubt::removed_by_one, pending_rebuild}}}));

}  // namespace mutants
}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
