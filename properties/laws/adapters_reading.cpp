#include "adapters_reading.hpp"

#include <algorithm>
#include <utility>

#include "shown.hpp"

namespace agentslock::laws {

const std::vector<std::string>& members_of_adapter() {
  static const std::vector<std::string> names{"source_digest", "schema_digest", "activated_at",
                                              "materialized_views"};
  return names;
}
const std::vector<std::string>& members_of_view() {
  static const std::vector<std::string> names{"view_digest",     "view_status",        "depends_on",
                                              "last_rebuilt_at", "last_validation_at", "state_history"};
  return names;
}
const std::vector<std::string>& members_of_dependency() {
  static const std::vector<std::string> names{"adapter", "schema_digest", "version"};
  return names;
}
const std::vector<std::string>& members_of_entry() {
  static const std::vector<std::string> names{"at", "from", "to", "trigger"};
  return names;
}

bool is_left_out_when_empty(std::string_view member) {
  constexpr std::string_view names[] = {
      "materialized_views", "view_digest",   "depends_on", "last_rebuilt_at",
      "last_validation_at", "state_history", "from"};
  return std::ranges::find(names, member) != std::end(names);
}

const json_node* find_section(const json_node& document) {
  const json_node* section = document.find("adapters");
  return section != nullptr && section->what == json_node::kind::object ? section : nullptr;
}

const json_member* member_of(const json_node* object, std::string_view name) {
  if (object == nullptr) return nullptr;
  const auto found =
      std::ranges::find_if(object->members, [&](const json_member& one) { return one.name() == name; });
  return found == object->members.end() ? nullptr : &*found;
}

namespace {

/// What an item of a list says: its known members.
std::vector<std::string> said(const json_node& item, const std::vector<std::string>& known) {
  std::vector<std::string> texts;
  for (const std::string& name : known) {
    const json_node* one = item.find(name);
    texts.push_back(one == nullptr ? std::string() : one->text());
  }
  return texts;
}

using item_pairs = std::vector<std::pair<const json_node*, const json_node*>>;

/// The k-th record of an adapter goes on as the k-th record of that adapter.
item_pairs pair_dependencies(const std::vector<json_node>& before, const std::vector<json_node>& after) {
  item_pairs pairs;
  std::vector<bool> taken(before.size());
  for (const json_node& item : after) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (taken[i] || said(before[i], {"adapter"}) != said(item, {"adapter"})) continue;
      taken[i] = true;
      pairs.emplace_back(&before[i], &item);
      break;
    }
  }
  return pairs;
}

/// The longest end of the old log with which the new one begins goes on.
item_pairs pair_history(const std::vector<json_node>& before, const std::vector<json_node>& after) {
  std::size_t common = std::min(before.size(), after.size());
  const auto overlaps = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      if (said(before[before.size() - count + i], members_of_entry()) != said(after[i], members_of_entry()))
        return false;
    }
    return true;
  };
  while (!overlaps(common))
    --common;
  item_pairs pairs;
  for (std::size_t i = 0; i < common; ++i)
    pairs.emplace_back(&before[before.size() - common + i], &after[i]);
  return pairs;
}

const std::vector<json_node>& items_of(const json_node& entry, std::string_view name) {
  static const std::vector<json_node> none;
  const json_node* list = entry.find(name);
  return list == nullptr ? none : list->items;
}

}  // namespace

breach for_each_pair(const json_node& before, const json_node& after,
                     const std::function<breach(const entry_pair&)>& check) {
  const json_node* old_section = find_section(before);
  if (old_section == nullptr) return kept;
  for (const json_member& old : old_section->members) {
    const json_member* now = member_of(find_section(after), old.name());
    if (now == nullptr) continue;
    const std::string adapter = old.name();
    const std::string name = "adapter " + shown(adapter);
    if (auto broken = check({name, adapter, "", &old.value, &now->value, &members_of_adapter()}))
      return broken;
    const json_node* old_views = old.value.find("materialized_views");
    if (old_views == nullptr) continue;
    for (const json_member& old_view : old_views->members) {
      const json_member* new_view = member_of(now->value.find("materialized_views"), old_view.name());
      if (new_view == nullptr) continue;
      const json_node& was = old_view.value;
      const json_node& is = new_view->value;
      const std::string view = old_view.name();
      const std::string who = "view " + shown({adapter, view});
      if (auto broken = check({who, adapter, view, &was, &is, &members_of_view()})) return broken;
      for (auto [a, b] : pair_dependencies(items_of(was, "depends_on"), items_of(is, "depends_on"))) {
        if (auto broken = check({"a dependency of " + who, adapter, view, a, b, &members_of_dependency()}))
          return broken;
      }
      for (auto [a, b] : pair_history(items_of(was, "state_history"), items_of(is, "state_history"))) {
        if (auto broken = check({"an audit entry of " + who, adapter, view, a, b, &members_of_entry()}))
          return broken;
      }
    }
  }
  return kept;
}

std::vector<std::string_view> unknown_bytes(std::string_view text, const json_node& object,
                                            const std::vector<std::string>& known) {
  std::vector<std::string_view> all;
  for (const json_member& one : object.members) {
    if (std::ranges::find(known, one.name()) == known.end())
      all.push_back(text.substr(one.begin, one.value.end - one.begin));
  }
  return all;
}

removed_entries::removed_entries(const std::vector<operation>& script) {
  for (const operation& one : script) {
    if (const auto* view = std::get_if<operations::remove_view>(&one.what)) views_.insert(view->key);
    if (const auto* adapter = std::get_if<operations::remove_adapter>(&one.what))
      adapters_.insert(adapter->adapter);
  }
}

bool removed_entries::contains(const std::string& adapter, const std::string& view) const {
  return adapters_.contains(adapter) || (!view.empty() && views_.contains({adapter, view}));
}

namespace {

/// The members that are ours, in our order, empty ones left out where they are to be; each value by `state`.
json_node stated(const json_node& object, const std::vector<std::string>& known,
                 const std::function<json_node(const std::string&, const json_node&)>& state) {
  std::vector<json_member> members;
  for (const std::string& name : known) {
    const json_node* one = object.find(name);
    json_node value = state(name, one == nullptr ? string_node("") : *one);
    const bool is_empty =
        value.spelling == "\"\"" || value.is_null() ||
        (value.what != json_node::kind::string && value.members.empty() && value.items.empty());
    if (!is_empty || !is_left_out_when_empty(name)) members.push_back(member_node(name, std::move(value)));
  }
  return object_node(std::move(members));
}

json_node text_again(const std::string&, const json_node& leaf) {
  return string_node(leaf.text());
}

json_node view_again(const json_node& view) {
  return stated(view, members_of_view(), [](const std::string& name, const json_node& value) {
    if (name != "depends_on" && name != "state_history") return text_again(name, value);
    std::vector<json_node> items;
    for (const json_node& item : value.items)
      items.push_back(
          stated(item, name == "depends_on" ? members_of_dependency() : members_of_entry(), text_again));
    return array_node(std::move(items));
  });
}

/// Each member anew, in byte order of the names.
json_node sorted(const json_node& object, const std::function<json_node(const json_node&)>& state) {
  std::vector<json_member> members;
  for (const json_member& one : object.members)
    members.push_back(member_node(one.name(), state(one.value)));
  std::ranges::sort(members, {}, &json_member::name);
  return object_node(std::move(members));
}

}  // namespace

json_node as_the_go_tool(const json_node& document) {
  json_node all = sorted(document, [](const json_node& value) { return value; });
  json_node* section = all.find("adapters");
  if (section == nullptr || section->what != json_node::kind::object) return all;
  *section = sorted(*section, [](const json_node& adapter) {
    return stated(adapter, members_of_adapter(), [](const std::string& name, const json_node& value) {
      return name == "materialized_views" ? sorted(value, view_again) : text_again(name, value);
    });
  });
  return all;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
