#include "script_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace agentslock::cli {

std::string script_arguments::text(std::string_view name) {
  const script_value* value = find_required(name, member_kind::text);
  return value == nullptr ? std::string() : take(value->text());
}

bool script_arguments::boolean(std::string_view name) {
  const script_value* value = find_required(name, member_kind::boolean);
  return value != nullptr && take(value->boolean());
}

std::string_view script_arguments::json(std::string_view name) {
  const script_value* value = find_required(name, member_kind::json);
  return value == nullptr ? std::string_view() : value->json();
}

std::string script_arguments::text_or_empty(std::string_view name) {
  const script_value* value = find(name, member_kind::text_or_null, false);
  return value == nullptr || value->is_null() ? std::string() : take(value->text());
}

bool script_arguments::boolean_or_false(std::string_view name) {
  const script_value* value = find(name, member_kind::boolean, false);
  return value != nullptr && take(value->boolean());
}

timestamp script_arguments::now() {
  const script_value* value = find("now", member_kind::time, false);
  if (value == nullptr) return time_of_run_;
  const std::string spelt = take(value->text());
  const auto time = parse_rfc3339(spelt);
  if (!time) fail(fmt::format("\"now\" is no RFC 3339 time: {}", spelt));
  return time.value_or(time_of_run_);
}

std::vector<owned_dependency> script_arguments::dependencies(std::string_view name) {
  return each<owned_dependency>(name, [](script_arguments& item) {
    // Braces keep the order in which faults are told.
    return owned_dependency{item.text_or_empty("adapter"), item.text_or_empty("schema_digest"),
                            item.text_or_empty("version")};
  });
}

std::optional<std::vector<owned_schema>> script_arguments::schemas(std::string_view name) {
  const script_value* value = find(name, member_kind::texts_by_name, false);
  if (value == nullptr) return std::nullopt;
  std::vector<owned_schema> all;
  const member_map texts = value->is_null() ? member_map() : take(value->members());
  for (const auto& [adapter, digest] : texts)
    all.push_back({adapter, digest.is_null() ? std::string() : take(digest.text())});
  return all;
}

std::optional<member_map> script_arguments::presence(std::string_view name) {
  const script_value* value = find(name, member_kind::presence, false);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return take(value->members());
}

void script_arguments::facts_about(const owned_key& view) {
  const script_value* value = find("facts", member_kind::text, false);
  if (value == nullptr) return;
  claims_.push_back({view, take(value->text())});
}

void script_arguments::read_items(std::string_view name,
                                  function_ref<void(script_arguments&, bool)> read_item) {
  const script_value* value = find(name, member_kind::objects, false);
  const std::size_t place = asked_.size() - 1;
  const auto items = value == nullptr ? std::vector<script_value>() : take(value->items());
  for (const script_value& item : items) {
    const member_map members = item.is_null() ? member_map() : take(item.members());
    script_arguments each(members, time_of_run_);
    read_item(each, true);
    if (const auto wrong = each.wrong()) fail(*wrong);
    claims_.insert(claims_.end(), each.claims_.begin(), each.claims_.end());
  }
  const member_map none;
  script_arguments any(none, time_of_run_);
  read_item(any, false);
  asked_[place].items = any.asked_;
}

std::optional<std::string> script_arguments::wrong() {
  for (const auto& [name, value] : members_) {
    const bool is_known = name == "op" || std::ranges::find(asked_, name, &member_form::name) != asked_.end();
    if (!wrong_ && !is_known) wrong_ = fmt::format("does not know the member \"{}\"", name);
  }
  return wrong_;
}

const script_value* script_arguments::find(std::string_view name, member_kind kind, bool is_required) {
  asked_.push_back({std::string(name), kind, is_required});
  const auto found = members_.find(name);
  return found == members_.end() ? nullptr : &found->second;
}

const script_value* script_arguments::find_required(std::string_view name, member_kind kind) {
  const script_value* value = find(name, kind, true);
  if (value == nullptr) fail(fmt::format("needs the member \"{}\"", name));
  return value;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
