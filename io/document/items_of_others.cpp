#include "items_of_others.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters_schema.hpp"
#include "view_decode.hpp"

namespace agentslock {
namespace {

const std::array lists{std::pair(depends_on, object_schema(dependency_schema_members)),
                       std::pair(state_history, object_schema(entry_schema_members))};

/// The items of a list that have a member which is not ours, as they stand.
std::vector<std::string_view> items_in(const object_version& entry, view_member list, object_schema known) {
  std::vector<std::string_view> items;
  const auto* member = entry.find(view_schema_members[list].name);
  const std::string_view text = entry.text;
  if (member == nullptr || text[member->value.begin] != '[') return items;
  (void)walk_valid(text, member->value.begin, [&](const json_string&, std::size_t item_at) {
    if (text[item_at] != '{') return past_valid_value(text, item_at);
    bool is_others = false;
    const std::size_t end = walk_valid(text, item_at, [&](const json_string& name, std::size_t at) {
      is_others = is_others || !find_member(known, name.text).has_value();
      return past_valid_value(text, at);
    });
    if (is_others) items.push_back(text.substr(item_at, end - item_at));
    return end;
  });
  return items;
}

bool holds(const std::vector<std::string_view>& items, std::string_view item) {
  return std::ranges::find(items, item) != items.end();
}

/// Whether both sides have a list, and the result is that of one: the other left it, or has the same.
bool one_side_has(const three_objects& versions, std::string_view list) {
  const auto base = versions.base.whole(list);
  const auto ours = versions.ours.whole(list);
  const auto theirs = versions.theirs.whole(list);
  return ours && theirs && (ours == theirs || ours == base || theirs == base);
}

}  // namespace

bool has_items_of_others(const object_version& entry) {
  return std::ranges::any_of(
      lists, [&](const auto& list) { return !items_in(entry, list.first, list.second).empty(); });
}

bool keeps_items_of_others(const three_objects& versions, const object_version& merged) {
  return std::ranges::all_of(lists, [&](const auto& list) {
    const auto [name, known] = list;
    const auto base = items_in(versions.base, name, known);
    const auto ours = items_in(versions.ours, name, known);
    const auto theirs = items_in(versions.theirs, name, known);
    const auto kept = items_in(merged, name, known);
    const bool both_changed = !one_side_has(versions, view_schema_members[name].name);
    const auto are_kept = [&](const auto& side, const auto& other) {
      return std::ranges::all_of(side, [&](std::string_view item) {
        const bool is_shared = holds(other, item);
        const bool is_old = holds(base, item);
        if (is_old && !is_shared) return true;  // the other side removed it
        return holds(kept, item) && !both_changed;
      });
    };
    return are_kept(ours, theirs) && are_kept(theirs, ours);
  });
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
