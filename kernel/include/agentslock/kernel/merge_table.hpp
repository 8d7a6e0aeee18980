/// How two changed copies of a view's entry become one, as data.
///
/// Three tables and what is derived from them: what becomes of an entry by what either side did to it; the order of caution;
/// and below which status a merged view may not be when something about it is in doubt. The decision for a whole entry
/// is merge.hpp.
///
///     merge_row row = merge_row_of(side_change::changed, side_change::removed, merge_sides::different);
///     // row.rule == merge_rule::ours_held_back
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What a side did to an entry since the base, the version from which both sides come.
enum class side_change : std::uint8_t {
  /// Neither the base nor this side has it.
  absent,
  /// This side has it, the base has not.
  added,
  /// This side has what the base has.
  unchanged,
  /// This side has something else than the base.
  changed,
  /// The base has it, this side has not.
  removed,
};

inline constexpr std::size_t side_change_count = 5;

/// Whether the two sides say the same.
enum class merge_sides : std::uint8_t { equal, different };

inline constexpr std::size_t merge_sides_count = 2;

/// The sides for which a row speaks.
enum class row_sides : std::uint8_t { equal, different, any };

inline constexpr std::size_t row_sides_count = 3;

/// What becomes of the entry.
enum class merge_rule : std::uint8_t {
  /// The result has none.
  gone,
  /// The two sides say the same, and the result says it too.
  either,
  /// Ours, as it is.
  ours,
  /// Theirs, as it is.
  theirs,
  /// Ours, which they removed and we changed: kept, and not ready.
  ours_held_back,
  /// Theirs, which we removed and they changed: kept, and not ready.
  theirs_held_back,
  /// An entry made of both.
  joined,
  /// One side comes from a base that has the entry, the other from one that has not.
  impossible,
};

inline constexpr std::size_t merge_rule_count = 8;

/// What becomes of an entry, by what the sides did to it.
struct merge_row {
  side_change ours;
  side_change theirs;
  row_sides sides;
  merge_rule rule;

  friend constexpr bool operator==(const merge_row&, const merge_row&) noexcept = default;
};

/// Two pairs of changes have a row for equal sides and one for different ones.
inline constexpr std::size_t merge_row_count = side_change_count * side_change_count + 2;
using merge_rows = std::array<merge_row, merge_row_count>;

// clang-format off
/// The table: everything that ours can have done, with everything that theirs can have done.
inline constexpr merge_rows merge_table = [] {
using enum side_change;
using enum merge_rule;
constexpr row_sides any = row_sides::any, equal = row_sides::equal, different = row_sides::different;
return merge_rows{{
    // ours      theirs     sides      what becomes of it
    { unchanged, unchanged, any,       either },
    { unchanged, changed,   any,       theirs },
    { changed,   unchanged, any,       ours },
    { changed,   changed,   equal,     either },
    { changed,   changed,   different, joined },
    { absent,    added,     any,       theirs },
    { added,     absent,    any,       ours },
    { added,     added,     equal,     either },
    { added,     added,     different, joined },
    { unchanged, removed,   any,       gone },
    { removed,   unchanged, any,       gone },
    { removed,   removed,   any,       gone },
    { changed,   removed,   any,       ours_held_back },
    { removed,   changed,   any,       theirs_held_back },
    { absent,    absent,    any,       gone },

    { absent,    unchanged, any,       impossible },
    { absent,    changed,   any,       impossible },
    { absent,    removed,   any,       impossible },
    { added,     unchanged, any,       impossible },
    { added,     changed,   any,       impossible },
    { added,     removed,   any,       impossible },
    { unchanged, absent,    any,       impossible },
    { changed,   absent,    any,       impossible },
    { removed,   absent,    any,       impossible },
    { unchanged, added,     any,       impossible },
    { changed,   added,     any,       impossible },
    { removed,   added,     any,       impossible },
}};
}();
// clang-format on

using caution_states = std::array<view_state, recorded_states.size()>;

/// The states, from the least cautious: of two statuses the later one here is the result's.
inline constexpr caution_states caution_order{view_state::ready, view_state::unrecognised,
                                              view_state::pending_rebuild, view_state::pending_recompat_check,
                                              view_state::dsl_update_required};

/// Why a merged view may not be what its sides say.
enum class merge_doubt : std::uint8_t {
  /// The sides record other digests of its tables.
  other_tables,
  /// The sides record other schemas of its dependees, and one of them records what the base does.
  other_records,
  /// Both sides changed what is recorded of its dependees, to different things: nobody has validated that pair.
  records_of_both,
  /// One side removed it.
  removed_by_one,
};

inline constexpr std::size_t merge_doubt_count = 4;

/// Below which state a view in doubt may not be.
struct merge_floor {
  merge_doubt doubt;
  view_state at_least;

  friend constexpr bool operator==(const merge_floor&, const merge_floor&) noexcept = default;
};

using merge_floors = std::array<merge_floor, merge_doubt_count>;

// clang-format off
/// The floors, one for each doubt.
inline constexpr merge_floors merge_floor_table{{
    // doubt                         at least
    { merge_doubt::other_tables,     view_state::pending_rebuild },
    { merge_doubt::other_records,    view_state::pending_rebuild },
    { merge_doubt::records_of_both,  view_state::pending_recompat_check },
    { merge_doubt::removed_by_one,   view_state::pending_rebuild },
}};
// clang-format on

/// Whether a row speaks for these sides.
[[nodiscard]] constexpr bool speaks_for(row_sides row, merge_sides seen) noexcept {
  return row == row_sides::any || (row == row_sides::equal) == (seen == merge_sides::equal);
}

namespace detail {

constexpr std::size_t merge_index(side_change ours, side_change theirs, merge_sides sides) noexcept {
  return (static_cast<std::size_t>(ours) * side_change_count + static_cast<std::size_t>(theirs)) *
             merge_sides_count +
         static_cast<std::size_t>(sides);
}

/// Position of the row for each cell; a cell without a row, or with two, does not compile.
inline constexpr auto merge_positions = [] {
  constexpr std::size_t cells = side_change_count * side_change_count * merge_sides_count;
  std::array<std::uint8_t, cells> positions{};
  std::array<bool, cells> seen{};
  for (std::size_t i = 0; i < merge_table.size(); ++i) {
    for (merge_sides sides : {merge_sides::equal, merge_sides::different}) {
      if (!speaks_for(merge_table[i].sides, sides)) continue;
      const std::size_t cell = merge_index(merge_table[i].ours, merge_table[i].theirs, sides);
      if (seen[cell]) does_not_compile("a cell of the merge's table has two rows");
      seen[cell] = true;
      positions[cell] = static_cast<std::uint8_t>(i);
    }
  }
  for (bool one : seen) {
    if (!one) does_not_compile("a cell of the merge's table has no row");
  }
  return positions;
}();

/// The rank of each state in the order of caution. What is not in a document has none, and counts as the least.
inline constexpr auto caution_ranks = [] {
  std::array<std::uint8_t, view_state_count> ranks{};
  for (std::size_t i = 0; i < caution_order.size(); ++i)
    ranks[static_cast<std::size_t>(caution_order[i])] = static_cast<std::uint8_t>(i);
  return ranks;
}();

inline constexpr auto floors_by_doubt = [] {
  std::array<view_state, merge_doubt_count> states{};
  for (const merge_floor& one : merge_floor_table)
    states[static_cast<std::size_t>(one.doubt)] = one.at_least;
  return states;
}();

}  // namespace detail

/// The row for what the sides did to an entry, and whether they say the same.
/// Total. Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr const merge_row& merge_row_of(side_change ours, side_change theirs,
                                                      merge_sides sides) noexcept {
  return merge_table[detail::merge_positions[detail::merge_index(ours, theirs, sides)]];
}

/// How cautious a state is: its place in caution_order, from 0.
/// Total; view_state::none counts as the least. Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr std::size_t caution_of(view_state state) noexcept {
  return detail::caution_ranks[static_cast<std::size_t>(state)];
}

/// Below which state a view with this doubt may not be.
/// Total. Constant time, no allocation, safe from any thread.
[[nodiscard]] constexpr view_state floor_of(merge_doubt doubt) noexcept {
  return detail::floors_by_doubt[static_cast<std::size_t>(doubt)];
}

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
