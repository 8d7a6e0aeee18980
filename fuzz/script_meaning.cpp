#include "script_meaning.hpp"

#include <array>
#include <utility>

#include "agentslock/kernel/rfc3339.hpp"

namespace agentslock::fuzz {
namespace {

using cli::script_value;
using laws::owned_dependency;
using laws::owned_key;
using members = std::map<std::string, script_value, std::less<>>;

const script_value* find(const members& of, std::string_view name) {
  const auto found = of.find(name);
  return found == of.end() ? nullptr : &found->second;
}

/// A text; empty when there is none. What the command has refused is not asked for.
std::string text(const members& of, std::string_view name) {
  const script_value* value = find(of, name);
  return value == nullptr || value->is_null() ? std::string() : value->text().value();
}

owned_key key(const members& of) {
  return {text(of, "adapter"), text(of, "view")};
}

std::vector<owned_dependency> dependencies(const members& of) {
  std::vector<owned_dependency> all;
  const script_value* list = find(of, "deps");
  if (list == nullptr) return all;
  for (const script_value& item : list->items().value()) {
    const members parts = item.is_null() ? members() : item.members().value();
    all.push_back({text(parts, "adapter"), text(parts, "schema_digest"), text(parts, "version")});
  }
  return all;
}

verdict judged(const members& of) {
  return find(of, "compatible")->boolean().value() ? verdict::passed : verdict::failed;
}

laws::operation::kind activation(const members& of, const lockfile&) {
  return laws::activate{text(of, "name"), text(of, "source_digest"), text(of, "schema_digest")};
}
laws::operation::kind registration(const members& of, const lockfile&) {
  return laws::register_view{key(of), text(of, "digest"), dependencies(of)};
}
laws::operation::kind bumping(const members& of, const lockfile&) {
  return laws::bump{text(of, "dependee"), text(of, "schema_digest"), text(of, "version")};
}
laws::operation::kind resolving(const members& of, const lockfile&) {
  return laws::resolve{key(of), judged(of), dependencies(of)};
}
laws::operation::kind rebuilding(const members& of, const lockfile&) {
  laws::rebuild todo{key(of), text(of, "digest"), std::nullopt};
  const script_value* read = find(of, "schemas_read");
  if (read == nullptr) return todo;
  todo.schemas_read.emplace();
  if (read->is_null()) return todo;
  for (const auto& [name, schema] : read->members().value())
    todo.schemas_read->push_back({name, schema.is_null() ? std::string() : schema.text().value()});
  return todo;
}
laws::operation::kind view_removal(const members& of, const lockfile&) {
  return laws::remove_view{key(of)};
}
laws::operation::kind adapter_removal(const members& of, const lockfile&) {
  return laws::remove_adapter{text(of, "name")};
}
laws::operation::kind pass(const members& of, const lockfile& now) {
  laws::reconcile todo;
  const script_value* store = find(of, "presence");
  if (store == nullptr || store->is_null()) return todo;
  const members held = store->members().value();
  for (view_key one : now.view_keys()) {
    // What is told of a view stands under its adapter, or under its joined name.
    const script_value* joined = find(held, to_string(one));
    const script_value* digest = joined != nullptr && !joined->is_object() ? joined : nullptr;
    const script_value* adapter = find(held, one.adapter);
    const members views = adapter != nullptr && adapter->is_object() ? adapter->members().value() : members();
    if (const script_value* told = find(views, one.view)) digest = told;
    if (digest != nullptr && !digest->is_null()) todo.store.digests.emplace(one, digest->text().value());
  }
  return todo;
}
laws::operation::kind cutting_over(const members& of, const lockfile&) {
  laws::cutover todo{
      text(of, "dependee"), text(of, "source_digest"), text(of, "schema_digest"), text(of, "version"), {},
      std::nullopt};
  const script_value* verdicts = find(of, "verdicts");
  if (verdicts == nullptr) return todo;
  for (const script_value& item : verdicts->items().value()) {
    const members parts = item.members().value();
    todo.verdicts.push_back({key(parts), judged(parts), dependencies(parts)});
  }
  return todo;
}

struct reading {
  std::string_view op;
  laws::operation::kind (*read)(const members&, const lockfile&);
};

constexpr std::array readings{
    reading{"activate", activation},
    reading{"register_view", registration},
    reading{"mark_dependee_bumped", bumping},
    reading{"resolve_recompat", resolving},
    reading{"mark_view_rebuilt", rebuilding},
    reading{"reconcile", pass},
    reading{"cutover", cutting_over},
    reading{"remove_view", view_removal},
    reading{"remove_adapter", adapter_removal},
};

}  // namespace

std::optional<laws::operation> meaning_of(const cli::script_op& op, const lockfile& now, timestamp present) {
  for (const reading& one : readings) {
    if (one.op != op.op) continue;
    const script_value* time = find(op.members, "now");
    return laws::operation{one.read(op.members, now),
                           time == nullptr ? present : parse_rfc3339(time->text().value()).value()};
  }
  return std::nullopt;
}

}  // namespace agentslock::fuzz
