#include "script_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace agentslock::cli {

std::string script_arguments::text(std::string_view name) {
  const script_value* value = find(name);
  if (value == nullptr) return missing(name), std::string();
  return take(value->text());
}

bool script_arguments::boolean(std::string_view name) {
  const script_value* value = find(name);
  if (value == nullptr) return missing(name), false;
  return take(value->boolean());
}

std::string_view script_arguments::json(std::string_view name) {
  const script_value* value = find(name);
  if (value == nullptr) return missing(name), std::string_view();
  return value->json();
}

std::string script_arguments::text_or_empty(std::string_view name) {
  const script_value* value = find(name);
  return value == nullptr || value->is_null() ? std::string() : take(value->text());
}

bool script_arguments::boolean_or_false(std::string_view name) {
  const script_value* value = find(name);
  return value != nullptr && take(value->boolean());
}

timestamp script_arguments::now() {
  const script_value* value = find("now");
  if (value == nullptr) return time_of_run_;
  const std::string spelt = take(value->text());
  const auto time = parse_rfc3339(spelt);
  if (!time) fail(fmt::format("\"now\" is no RFC 3339 time: {}", spelt));
  return time.value_or(time_of_run_);
}

std::vector<owned_dependency> script_arguments::dependencies(std::string_view name) {
  std::vector<owned_dependency> all;
  for (const script_value& item : items(name)) {
    const member_map parts = item.is_null() ? member_map() : take(item.members());
    script_arguments each(parts, time_of_run_);
    all.push_back(
        {each.text_or_empty("adapter"), each.text_or_empty("schema_digest"), each.text_or_empty("version")});
    if (const auto wrong = each.wrong()) fail(*wrong);
  }
  return all;
}

std::optional<std::vector<owned_schema>> script_arguments::schemas(std::string_view name) {
  if (find(name) == nullptr) return std::nullopt;
  std::vector<owned_schema> all;
  for (const auto& [adapter, digest] : members(name).value_or(member_map()))
    all.push_back({adapter, digest.is_null() ? std::string() : take(digest.text())});
  return all;
}

std::vector<script_value> script_arguments::items(std::string_view name) {
  const script_value* value = find(name);
  return value == nullptr ? std::vector<script_value>() : take(value->items());
}

std::optional<member_map> script_arguments::members(std::string_view name) {
  const script_value* value = find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return take(value->members());
}

std::optional<std::string> script_arguments::wrong() {
  for (const auto& [name, value] : members_) {
    if (!wrong_ && std::ranges::find(asked_, name) == asked_.end()) {
      wrong_ = fmt::format("does not know the member \"{}\"", name);
    }
  }
  return wrong_;
}

const script_value* script_arguments::find(std::string_view name) {
  asked_.emplace_back(name);
  const auto found = members_.find(name);
  return found == members_.end() ? nullptr : &found->second;
}

void script_arguments::missing(std::string_view name) {
  fail(fmt::format("needs the member \"{}\"", name));
}

}  // namespace agentslock::cli
