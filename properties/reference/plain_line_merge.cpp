#include "plain_line_merge.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace agentslock::reference {
namespace {

using lines = std::vector<std::string_view>;

lines lines_of(std::string_view text) {
  lines all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    all.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return all;
}

/// Where a side differs from the base: lines of the base, and those that stand in their place.
struct change {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::span<const std::string_view> now;
};

change change_of(const lines& base, const lines& side) {
  std::size_t begin = 0;
  while (begin < base.size() && begin < side.size() && base[begin] == side[begin])
    ++begin;
  std::size_t behind = 0;
  while (behind < base.size() - begin && behind < side.size() - begin &&
         base[base.size() - 1 - behind] == side[side.size() - 1 - behind])
    ++behind;
  return {begin, base.size() - behind, std::span(side).subspan(begin, side.size() - behind - begin)};
}

void append(std::string& text, std::span<const std::string_view> more) {
  for (std::string_view line : more)
    text.append(line);
}

}  // namespace

merged_lines merge_lines_plainly(const document_versions& versions) {
  const lines base = lines_of(versions.base);
  const lines ours = lines_of(versions.ours);
  const lines theirs = lines_of(versions.theirs);
  const change our_change = change_of(base, ours);
  const change their_change = change_of(base, theirs);
  const bool we_are_first = our_change.begin <= their_change.begin;
  const change& first = we_are_first ? our_change : their_change;
  const change& second = we_are_first ? their_change : our_change;
  const std::span all(base);
  merged_lines merged;
  if (first.end < second.begin) {
    merged.clean = true;
    append(merged.text, all.first(first.begin));
    append(merged.text, first.now);
    append(merged.text, all.subspan(first.end, second.begin - first.end));
    append(merged.text, second.now);
    append(merged.text, all.subspan(second.end));
    return merged;
  }
  const std::size_t end = std::max(first.end, second.end);
  // A version ends with its line, so that a mark stands on a line of its own.
  const auto add_side = [&](const change& side) {
    append(merged.text, all.subspan(first.begin, side.begin - first.begin));
    append(merged.text, side.now);
    append(merged.text, all.subspan(side.end, end - side.end));
    if (!merged.text.ends_with('\n')) merged.text += '\n';
  };
  append(merged.text, all.first(first.begin));
  merged.text += "<<<<<<< ours\n";
  add_side(our_change);
  merged.text += "=======\n";
  add_side(their_change);
  merged.text += ">>>>>>> theirs\n";
  append(merged.text, all.subspan(end));
  return merged;
}

}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
