#include "plain_document.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace agentslock::reference {
namespace {

using laws::json_member;
using laws::json_node;
using laws::member_node;
using laws::string_node;

void add(std::vector<json_member>& into, std::string_view name, const std::string& text) {
  into.push_back(member_node(name, string_node(text)));
}
void add_unless_empty(std::vector<json_member>& into, std::string_view name, const std::string& text) {
  if (!text.empty()) add(into, name, text);
}

json_node view_node(const plain_view& view) {
  std::vector<json_member> members;
  add_unless_empty(members, "view_digest", view.view_digest);
  add(members, "view_status", view.view_status);
  std::vector<json_node> dependencies;
  for (const auto& item : view.depends_on) {
    std::vector<json_member> texts;
    add(texts, "adapter", item.adapter);
    add(texts, "schema_digest", item.schema_digest);
    add(texts, "version", item.version);
    dependencies.push_back(laws::object_node(std::move(texts)));
  }
  if (!dependencies.empty())
    members.push_back(member_node("depends_on", laws::array_node(std::move(dependencies))));
  add_unless_empty(members, "last_rebuilt_at", view.last_rebuilt_at);
  add_unless_empty(members, "last_validation_at", view.last_validation_at);
  std::vector<json_node> history;
  for (const auto& item : view.state_history) {
    std::vector<json_member> texts;
    add(texts, "at", item.at);
    add_unless_empty(texts, "from", item.from);
    add(texts, "to", item.to);
    add(texts, "trigger", item.trigger);
    history.push_back(laws::object_node(std::move(texts)));
  }
  if (!history.empty()) members.push_back(member_node("state_history", laws::array_node(std::move(history))));
  return laws::object_node(std::move(members));
}

std::string leaf(const json_node& object, std::string_view name) {
  const json_node* found = object.find(name);
  return found == nullptr ? std::string() : found->text();
}

const json_node* child(const json_node& object, std::string_view name) {
  static const json_node nothing;
  const json_node* found = object.find(name);
  return found == nullptr ? &nothing : found;
}

plain_view view_in(const json_node& node) {
  plain_view view{leaf(node, "view_digest"),     leaf(node, "view_status"),        {},
                  leaf(node, "last_rebuilt_at"), leaf(node, "last_validation_at"), {}};
  for (const json_node& item : child(node, "depends_on")->items)
    view.depends_on.push_back({leaf(item, "adapter"), leaf(item, "schema_digest"), leaf(item, "version")});
  for (const json_node& item : child(node, "state_history")->items)
    view.state_history.push_back(
        {leaf(item, "at"), leaf(item, "from"), leaf(item, "to"), leaf(item, "trigger")});
  return view;
}

/// A value without its white space and with its strings as Go's encoder leaves them.
std::string compacted(const json_node& value) {
  return laws::go_text(value);
}

void set_member(json_node& document, std::string_view name, json_node value) {
  if (json_node* there = document.find(name)) {
    *there = std::move(value);
  } else {
    document.members.push_back(member_node(name, std::move(value)));
  }
}

}  // namespace

json_node section_of(const plain_lockfile& file) {
  std::vector<json_member> adapters;
  for (const auto& [adapter_name, owner] : file.adapters) {
    std::vector<json_member> members;
    add(members, "source_digest", owner.source_digest);
    add(members, "schema_digest", owner.schema_digest);
    add(members, "activated_at", owner.activated_at);
    std::vector<json_member> views;
    for (const auto& [view_name, view] : owner.views)
      views.push_back(member_node(view_name, view_node(view)));
    if (!views.empty())
      members.push_back(member_node("materialized_views", laws::object_node(std::move(views))));
    adapters.push_back(member_node(adapter_name, laws::object_node(std::move(members))));
  }
  return laws::object_node(std::move(adapters));
}

plain_lockfile adapters_in(const json_node& document) {
  plain_lockfile file;
  for (const json_member& adapter : child(document, "adapters")->members) {
    plain_adapter& owner = file.adapters[adapter.name()];
    owner = {leaf(adapter.value, "source_digest"),
             leaf(adapter.value, "schema_digest"),
             leaf(adapter.value, "activated_at"),
             {}};
    for (const json_member& view : child(adapter.value, "materialized_views")->members)
      owner.views[view.name()] = view_in(view.value);
  }
  return file;
}

std::string rewritten(std::string_view document, const laws::document_change& change) {
  json_node tree = *laws::read_json(document);
  const std::string before = compacted(tree);
  if (!change.operations.empty() || change.states_adapters) {
    plain_lockfile file = adapters_in(tree);
    for (const operation& one : change.operations)
      (void)apply_plainly(file, one);
    set_member(tree, "adapters", section_of(file));
  }
  for (const auto& [name, json] : change.sections)
    set_member(tree, name, *laws::read_json(json));
  if (change.inputs_digest && change.inputs_digest->empty()) {
    std::erase_if(tree.members, [](const json_member& one) { return one.name() == "inputs_digest"; });
  } else if (change.inputs_digest) {
    set_member(tree, "inputs_digest", string_node(*change.inputs_digest));
  }
  if (compacted(tree) == before) return std::string(document);
  if (tree.find("lock_version") == nullptr) set_member(tree, "lock_version", *laws::read_json("1"));
  std::ranges::sort(tree.members, {}, &json_member::name);
  return laws::go_text(tree) + "\n";
}

}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
