#include "member_merge.hpp"

#include <algorithm>
#include <utility>

#include "name_index.hpp"

namespace agentslock {

const json_container::item* object_version::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(members.items, name, &json_container::item::name);
  return found == members.items.end() ? nullptr : &*found;
}

std::optional<std::string> object_version::whole(std::string_view name) const {
  const auto* item = find(name);
  if (item == nullptr) return std::nullopt;
  return std::string(item->whole.in(text));
}

object_version object_version::object(std::string_view name) const {
  const auto* item = find(name);
  if (item == nullptr || text[item->value.begin] != '{') return {text, {}, {}};
  return {text, list_container(text, item->value.begin, known), known};
}

bool has_repeated_name(std::string_view text, std::size_t at) {
  if (text[at] != '{' && text[at] != '[') return false;
  const json_container list = list_container(text, at);
  name_index names;
  for (const auto& item : list.items) {
    if (text[at] == '{' && !names.add(item.name)) return true;
    if (has_repeated_name(text, item.value.begin)) return true;
  }
  return false;
}

namespace {

/// The one member of the object that a text is between braces; nothing when it is none, or has names twice.
std::optional<std::string> only_member(const std::string& text, std::string_view name) {
  const std::string object = "{" + text + "}";
  std::string whole;
  bool other = false;
  const json_walker walk(object);
  const auto end = walk.document([&](const json_string& of, std::size_t at) -> json_result<std::size_t> {
    const std::size_t begin = of.span.begin;
    other = other || !whole.empty() || of.text != name;
    auto value_end = walk.skip(at, 1);
    if (value_end) whole = object.substr(begin, *value_end - begin);
    return value_end;
  });
  if (!end || other || whole.empty() || has_repeated_name(object, 0)) return std::nullopt;
  return whole;
}

/// A member on lines of its own.
std::string as_lines(const object_version& version, std::string_view name) {
  const auto* item = version.find(name);
  if (item == nullptr) return {};
  return indent_before(version.text, item->whole.begin).value_or("") +
         std::string(item->whole.in(version.text)) + "\n";
}

}  // namespace

result<member_choice> member_merge::choose(const three_objects& versions, std::string_view name) {
  using kind = member_choice::kind;
  const auto value = [&](const object_version& version) {
    const auto* item = version.find(name);
    return item == nullptr ? std::optional<std::string_view>() : item->value.in(version.text);
  };
  const auto base = value(versions.base);
  const auto ours = value(versions.ours);
  const auto theirs = value(versions.theirs);
  if (ours == theirs || theirs == base) return member_choice{kind::ours, {}};
  if (ours == base) return member_choice{kind::theirs, {}};
  if (!ours || !theirs) return member_choice{kind::conflict, {}};
  const std::string lines[] = {as_lines(versions.base, name), as_lines(versions.ours, name),
                               as_lines(versions.theirs, name)};
  const auto merged = by_lines_({lines[0], lines[1], lines[2]});
  if (!merged) return merged.error();
  if (merged->clean) {
    if (auto whole = only_member(merged->text, name)) return member_choice{kind::lines, std::move(*whole)};
  }
  return member_choice{kind::conflict, {}};
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
