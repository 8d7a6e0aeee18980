#include "merge_tables.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "agentslock/kernel/merge_table.hpp"
#include "markdown.hpp"

namespace agentslock::docs {
namespace {

std::string in_words(side_change change) {
  switch (change) {
    case side_change::absent:
      return "never had it";
    case side_change::added:
      return "added it";
    case side_change::unchanged:
      return "left it";
    case side_change::changed:
      return "changed it";
    case side_change::removed:
      break;
  }
  return "removed it";
}

std::string in_words(merge_rule rule) {
  switch (rule) {
    case merge_rule::gone:
      return "gone";
    case merge_rule::either:
      return "what both say";
    case merge_rule::ours:
      return "ours";
    case merge_rule::theirs:
      return "theirs";
    case merge_rule::ours_held_back:
      return "ours, held back";
    case merge_rule::theirs_held_back:
      return "theirs, held back";
    case merge_rule::joined:
      return "made of both";
    case merge_rule::impossible:
      break;
  }
  return "impossible";
}

std::string in_words(merge_doubt doubt) {
  switch (doubt) {
    case merge_doubt::other_tables:
      return "the sides record other digests of its tables";
    case merge_doubt::other_records:
      return "the sides record other schemas of its dependees, and one of them what the base does";
    case merge_doubt::records_of_both:
      return "both sides changed the records of its dependees, to different ones";
    case merge_doubt::removed_by_one:
      break;
  }
  return "one side removed it, and the other changed it";
}

}  // namespace

std::string merge_rule_table() {
  std::vector<row> rows;
  for (const merge_row& one : merge_table) {
    if (one.rule == merge_rule::impossible) continue;
    const std::string_view sides = one.sides == row_sides::any     ? ""
                                   : one.sides == row_sides::equal ? ", and both say the same"
                                                                   : ", to something else";
    rows.push_back(
        {in_words(one.ours), fmt::format("{}{}", in_words(one.theirs), sides), in_words(one.rule)});
  }
  return markdown({"ours", "theirs", "the result"}, rows);
}

std::string merge_floor_list() {
  std::vector<row> rows;
  for (const merge_floor& one : merge_floor_table)
    rows.push_back({in_words(one.doubt), in_words(one.at_least)});
  return markdown({"when", "at least"}, rows);
}

std::string caution_in_words() {
  std::vector<std::string> states;
  for (view_state state : caution_order)
    states.push_back(in_words(state));
  return fmt::format("{}", fmt::join(states, ", "));
}

}  // namespace agentslock::docs
// SPDX-License-Identifier: Apache-2.0
