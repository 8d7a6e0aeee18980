/// The laws of the merge's tables, as transition_laws.hpp has them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include "agentslock/kernel/merge_table.hpp"
#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock::laws {

/// The rule of a table for a cell; nothing when there is none.
[[nodiscard]] constexpr std::optional<merge_rule> find_rule(const merge_rows& table, side_change ours,
                                                            side_change theirs, merge_sides sides) noexcept {
  for (const merge_row& row : table) {
    if (row.ours == ours && row.theirs == theirs && speaks_for(row.sides, sides)) return row.rule;
  }
  return std::nullopt;
}

/// Whether `holds` does of every cell: what ours did, what theirs did, whether the two are equal.
template <class Holds>
[[nodiscard]] constexpr bool for_every_merge_cell(Holds holds) noexcept {
  for (std::size_t i = 0; i < side_change_count * side_change_count; ++i) {
    const auto ours = static_cast<side_change>(i / side_change_count);
    const auto theirs = static_cast<side_change>(i % side_change_count);
    for (merge_sides sides : {merge_sides::equal, merge_sides::different}) {
      if (!holds(ours, theirs, sides)) return false;
    }
  }
  return true;
}

/// Whether a side with this change comes from a base that has the entry.
[[nodiscard]] constexpr bool has_base(side_change change) noexcept {
  return change != side_change::absent && change != side_change::added;
}

/// Whether a side with this change has the entry.
[[nodiscard]] constexpr bool has_entry(side_change change) noexcept {
  return change != side_change::absent && change != side_change::removed;
}

/// Total and deterministic: each cell has one row.
[[nodiscard]] constexpr bool every_merge_cell_has_exactly_one_row(const merge_rows& table) noexcept {
  return for_every_merge_cell([&](side_change ours, side_change theirs, merge_sides sides) {
    return std::ranges::count_if(table, [&](const merge_row& row) {
             return row.ours == ours && row.theirs == theirs && speaks_for(row.sides, sides);
           }) == 1;
  });
}

/// A cell is impossible exactly where the sides don't come from one base.
[[nodiscard]] constexpr bool both_sides_come_from_one_base(const merge_rows& table) noexcept {
  return std::ranges::all_of(table, [](const merge_row& row) {
    return (row.rule == merge_rule::impossible) == (has_base(row.ours) != has_base(row.theirs));
  });
}

/// The rule for the sides in the other order.
[[nodiscard]] constexpr merge_rule mirrored(merge_rule rule) noexcept {
  switch (rule) {
    case merge_rule::ours:
      return merge_rule::theirs;
    case merge_rule::theirs:
      return merge_rule::ours;
    case merge_rule::ours_held_back:
      return merge_rule::theirs_held_back;
    case merge_rule::theirs_held_back:
      return merge_rule::ours_held_back;
    default:
      return rule;
  }
}

/// Symmetric: who is called ours does not matter.
[[nodiscard]] constexpr bool a_merge_has_no_favourite(const merge_rows& table) noexcept {
  return for_every_merge_cell([&](side_change ours, side_change theirs, merge_sides sides) {
    const auto rule = find_rule(table, ours, theirs, sides);
    const auto other = find_rule(table, theirs, ours, sides);
    return rule.has_value() && other.has_value() && *rule == mirrored(*other);
  });
}

/// A side that left the entry as it was, or that never had it, gives what the other side has.
[[nodiscard]] constexpr bool a_side_that_did_nothing_gives_the_others(const merge_rows& table) noexcept {
  return std::ranges::all_of(table, [](const merge_row& row) {
    if (has_base(row.ours) != has_base(row.theirs)) return true;
    const auto did_nothing = [](side_change change) {
      return change == side_change::unchanged || change == side_change::absent;
    };
    if (!did_nothing(row.ours)) return true;
    if (!has_entry(row.theirs)) return row.rule == merge_rule::gone;
    return row.rule == (did_nothing(row.theirs) ? merge_rule::either : merge_rule::theirs);
  });
}

/// Idempotent: what both sides say, the result says; what both have and say differently is joined.
[[nodiscard]] constexpr bool sides_that_agree_are_the_result(const merge_rows& table) noexcept {
  return for_every_merge_cell([&](side_change ours, side_change theirs, merge_sides sides) {
    const bool both_did = (ours == side_change::changed && theirs == side_change::changed) ||
                          (ours == side_change::added && theirs == side_change::added);
    if (!both_did) return true;
    return find_rule(table, ours, theirs, sides) ==
           (sides == merge_sides::equal ? merge_rule::either : merge_rule::joined);
  });
}

/// What one side changed and the other removed is held back; what both removed is gone.
[[nodiscard]] constexpr bool a_change_survives_a_removal(const merge_rows& table) noexcept {
  return std::ranges::all_of(table, [](const merge_row& row) {
    if (row.ours == side_change::removed && row.theirs == side_change::removed)
      return row.rule == merge_rule::gone;
    if (row.ours == side_change::changed && row.theirs == side_change::removed)
      return row.rule == merge_rule::ours_held_back;
    return true;
  });
}

/// All laws of the table of rules.
[[nodiscard]] constexpr bool holds(const merge_rows& table) noexcept {
  return every_merge_cell_has_exactly_one_row(table) && both_sides_come_from_one_base(table) &&
         a_merge_has_no_favourite(table) && a_side_that_did_nothing_gives_the_others(table) &&
         sides_that_agree_are_the_result(table) && a_change_survives_a_removal(table);
}

/// Every state that a document can record stands in the order once.
[[nodiscard]] constexpr bool every_recorded_state_has_a_caution(const caution_states& order) noexcept {
  return std::ranges::all_of(recorded_states,
                             [&](view_state state) { return std::ranges::count(order, state) == 1; });
}

/// `ready` is the least cautious, dsl-update-required, which alone blocks, the most; a text that is no status is less than
/// every status that awaits something; who awaits a verdict is more than who awaits a rebuild.
[[nodiscard]] constexpr bool caution_grows_with_what_is_awaited(const caution_states& order) noexcept {
  const auto rank = [&](view_state state) { return std::ranges::find(order, state) - order.begin(); };
  return rank(view_state::ready) < rank(view_state::unrecognised) &&
         rank(view_state::unrecognised) < rank(view_state::pending_rebuild) &&
         rank(view_state::pending_rebuild) < rank(view_state::pending_recompat_check) &&
         rank(view_state::pending_recompat_check) < rank(view_state::dsl_update_required);
}

/// Each doubt has one floor.
[[nodiscard]] constexpr bool every_doubt_has_exactly_one_floor(const merge_floors& table) noexcept {
  for (std::size_t i = 0; i < merge_doubt_count; ++i) {
    if (std::ranges::count(table, static_cast<merge_doubt>(i), &merge_floor::doubt) != 1) return false;
  }
  return true;
}

/// A pair of records that nobody has validated is validated; every other doubt ends with a rebuild.
[[nodiscard]] constexpr bool a_doubt_awaits_what_ends_it(const merge_floors& table) noexcept {
  return std::ranges::all_of(table, [](const merge_floor& one) {
    return one.at_least == (one.doubt == merge_doubt::records_of_both ? view_state::pending_recompat_check
                                                                      : view_state::pending_rebuild);
  });
}

/// All laws of the order of caution.
[[nodiscard]] constexpr bool holds(const caution_states& order) noexcept {
  return every_recorded_state_has_a_caution(order) && caution_grows_with_what_is_awaited(order);
}

/// All laws of the floors.
[[nodiscard]] constexpr bool holds(const merge_floors& table) noexcept {
  return every_doubt_has_exactly_one_floor(table) && a_doubt_awaits_what_ends_it(table);
}

}  // namespace agentslock::laws
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
