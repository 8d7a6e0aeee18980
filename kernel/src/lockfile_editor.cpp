#include "lockfile_editor.hpp"
#include "lockfile_contents.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

#include "agentslock/kernel/detail/utf8.hpp"

namespace agentslock {
namespace {

std::string sentence(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (std::string_view part : parts)
    text += part;
  return text;
}

std::string quoted(std::string_view text) {
  return sentence({"\"", text, "\""});
}

}  // namespace

std::optional<refusal> check_text(std::string_view what, std::string_view text) {
  if (is_utf8(text)) return std::nullopt;
  return refusal{refusal_code::not_utf8, sentence({what, " is not UTF-8"})};
}

std::optional<refusal> check_name(std::string_view what, std::string_view name) {
  if (name.empty()) return refusal{refusal_code::empty_name, sentence({what, " is empty"})};
  return check_text(what, name);
}

std::optional<refusal> check_digest(std::string_view what, std::string_view digest) {
  if (digest.empty()) {
    return refusal{refusal_code::empty_digest,
                   sentence({what, " is empty; an empty digest would never match what the store holds"})};
  }
  return check_text(what, digest);
}

std::optional<refusal> check_key(view_key key) {
  if (auto no = check_name("the adapter's name", key.adapter)) return no;
  return check_name("the view's name", key.view);
}

std::optional<refusal> check_dependencies(std::span<const dependency> dependencies) {
  for (const dependency& item : dependencies) {
    if (auto no = check_name("the name of an adapter that the view depends on", item.adapter)) return no;
    if (auto no = check_text("the schema digest of a dependency", item.schema_digest)) return no;
    if (auto no = check_text("the version of a dependency", item.version)) return no;
  }
  return std::nullopt;
}

std::optional<refusal> check_time(timestamp now) {
  if (format_rfc3339(now)) return std::nullopt;
  return refusal{refusal_code::time_out_of_range, "the time's year is not between 0000 and 9999"};
}

std::optional<refusal> check_step(view_key key, const view* entry, view_event cause) {
  const view_state from = entry == nullptr ? view_state::none : entry->status.state();
  const step_outcome outcome = step(from, cause).outcome;
  if (!is_refusal(outcome)) return std::nullopt;

  const std::string who = "view " + to_string(key);
  switch (outcome) {
    case step_outcome::unknown_view:
      return refusal{refusal_code::unknown_view, who + " is not in the document; register it first"};
    case step_outcome::already_registered:
      return refusal{refusal_code::already_registered,
                     who + " is registered already, and " + quoted(entry->status.text()) +
                         "; it becomes ready again by a rebuild, or remove it first"};
    default:
      return refusal{refusal_code::no_such_transition,
                     sentence({who, " is ", quoted(entry->status.text()), ": ", name(cause),
                               " is refused, it ", name(outcome)})};
  }
}

adapter_map& lockfile_editor::adapters() {
  return file_.contents_->adapters;
}

std::string_view lockfile_editor::keep(std::string_view text) {
  if (text.empty()) return {};
  auto* copy = static_cast<char*>(file_.contents_->memory.allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

std::string_view lockfile_editor::now() {
  if (now_.empty()) now_ = keep(time_.view());
  return now_;
}

adapter& lockfile_editor::adapter_entry(std::string_view name) {
  const auto found = file_.contents_->adapters.find(name);
  if (found != file_.contents_->adapters.end()) return found->second;
  adapter& made =
      file_.contents_->adapters.emplace(keep(name), adapter(&file_.contents_->memory)).first->second;
  made.touched = true;
  return made;
}

view* lockfile_editor::find(view_key key) {
  // Entries are const only for callers.
  return const_cast<view*>(std::as_const(file_).find_view(key));
}

view& lockfile_editor::add_view(view_key key) {
  view_map& views = adapter_entry(key.adapter).views;
  return views.emplace(keep(key.view), view(&file_.contents_->memory)).first->second;
}

void lockfile_editor::set_adapter(std::string_view name, std::string_view source_digest,
                                  std::string_view schema_digest) {
  adapter& entry = adapter_entry(name);
  entry.source_digest = keep(source_digest);
  entry.schema_digest = keep(schema_digest);
  entry.activated_at = now();
  entry.touched = true;
}

void lockfile_editor::set_dependencies(view& entry, std::span<const dependency> dependencies) {
  // The new ones may be the old ones: copied before anything is replaced.
  std::pmr::vector<dependency> kept(entry.depends_on.get_allocator());
  kept.reserve(dependencies.size());
  for (const dependency& item : dependencies) {
    kept.push_back({keep(item.adapter), keep(item.schema_digest), keep(item.version)});
  }
  entry.depends_on = std::move(kept);
  entry.touched = true;
}

void lockfile_editor::record_schema(view& entry, const cutover_request& dependee) {
  for (dependency& item : entry.depends_on) {
    if (item.adapter != dependee.dependee) continue;
    item.schema_digest = keep(dependee.schema_digest);
    item.version = keep(dependee.version);
  }
  entry.touched = true;
}

void lockfile_editor::step(view& entry, view_state from, view_event cause, std::string_view detail) {
  const transition& row = transition_for(from, cause);
  if (row.outcome != step_outcome::moves) return;

  std::string_view trigger = row.trigger;
  if (!detail.empty()) trigger = keep(std::string(row.trigger).append(detail));
  const recorded_status arrived(status_of(row.to));
  entry.state_history.append({now(), entry.status.text(), arrived.text(), trigger});
  entry.status = arrived;
  entry.touched = true;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
