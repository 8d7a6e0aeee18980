#include "script_operation.hpp"

#include <type_traits>
#include <variant>

#include "script_presence.hpp"

namespace agentslock::cli {
namespace {

// Members are asked for in the order in which faults are told. Braces keep it.

template <class Kind>
using as = std::type_identity<Kind>;

owned_key key(script_arguments& given) {
  const std::string adapter = given.text("adapter");
  return {adapter, given.text("view")};
}

verdict judged(script_arguments& given) {
  return given.boolean("compatible") ? verdict::passed : verdict::failed;
}

operation read(as<operations::activate>, script_arguments& given, const lockfile&) {
  return {operations::activate{given.text("name"), given.text("source_digest"), given.text("schema_digest")},
          given.now()};
}

operation read(as<operations::register_view>, script_arguments& given, const lockfile&) {
  return {operations::register_view{key(given), given.text("digest"), given.dependencies("deps")},
          given.now()};
}

operation read(as<operations::mark_dependee_bumped>, script_arguments& given, const lockfile&) {
  return {operations::mark_dependee_bumped{given.text("dependee"), given.text_or_empty("schema_digest"),
                                           given.text_or_empty("version")},
          given.now()};
}

operation read(as<operations::resolve_recompat>, script_arguments& given, const lockfile&) {
  const owned_key judged_view = key(given);
  given.facts_about(judged_view);
  return {operations::resolve_recompat{judged_view, judged(given), given.dependencies("deps")}, given.now()};
}

operation read(as<operations::mark_view_rebuilt>, script_arguments& given, const lockfile&) {
  const owned_key built = key(given);
  given.facts_about(built);
  return {operations::mark_view_rebuilt{built, given.text("digest"), given.schemas("schemas_read")},
          given.now()};
}

operation read(as<operations::remove_view>, script_arguments& given, const lockfile&) {
  return {operations::remove_view{key(given)}, given.time_of_run()};
}

operation read(as<operations::remove_adapter>, script_arguments& given, const lockfile&) {
  return {operations::remove_adapter{given.text("name")}, given.time_of_run()};
}

operation read(as<operations::reconcile>, script_arguments& given, const lockfile& file) {
  const auto told = given.presence("presence");
  const bool no_store = given.boolean_or_false("nil_presence");
  // Without either, every view would count as absent, which nobody has said.
  if (told.has_value() == no_store) {
    given.fail(no_store ? "has both \"presence\" and \"nil_presence\""
                        : "needs the member \"presence\" or \"nil_presence\"");
  }
  return {operations::reconcile{given.take(read_presence(told.value_or(member_map()), file))}, given.now()};
}

operation read(as<operations::cutover>, script_arguments& given, const lockfile&) {
  operations::cutover todo{given.text("dependee"),
                           given.text("source_digest"),
                           given.text("schema_digest"),
                           given.text_or_empty("version"),
                           {}};
  todo.verdicts = given.each<operations::cutover::judged_view>("verdicts", [](script_arguments& item) {
    const owned_key judged_view = key(item);
    item.facts_about(judged_view);
    return operations::cutover::judged_view{judged_view, judged(item), item.dependencies("deps")};
  });
  return {std::move(todo), given.now()};
}

operation read(as<operations::mark_missed_bumps>, script_arguments& given, const lockfile&) {
  return {operations::mark_missed_bumps{}, given.now()};
}

/// A script has no spelling of a revalidation: a verdict that it brings is resolve_recompat's.
template <class Kind>
std::optional<operation> read_named(std::string_view name, script_arguments& given, const lockfile& file) {
  if constexpr (!std::is_same_v<Kind, operations::revalidate>) {
    if (Kind::name == name) return read(as<Kind>(), given, file);
  }
  return std::nullopt;
}

template <class... Kinds>
std::optional<operation> read_one_of(as<std::variant<Kinds...>>, std::string_view name,
                                     script_arguments& given, const lockfile& file) {
  std::optional<operation> found;
  (void)((found = read_named<Kinds>(name, given, file)) || ...);
  return found;
}

template <class... Kinds>
std::vector<std::string_view> names_of(as<std::variant<Kinds...>>) {
  std::vector<std::string_view> names;
  (void)((std::is_same_v<Kinds, operations::revalidate> || (names.push_back(Kinds::name), true)) && ...);
  return names;
}

}  // namespace

std::vector<std::string_view> names_of_operations() {
  return names_of(as<operation::kind>());
}

std::optional<operation> read_operation(std::string_view name, script_arguments& given,
                                        const lockfile& file) {
  return read_one_of(as<operation::kind>(), name, given, file);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
