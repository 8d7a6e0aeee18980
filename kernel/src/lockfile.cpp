#include "agentslock/kernel/lockfile.hpp"

#include <algorithm>
#include <utility>

#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "lockfile_contents.hpp"
#include "lockfile_editor.hpp"

namespace agentslock {
namespace {

/// Copies every entry of one lockfile into another one's memory.
void copy_entries(const adapter_map& from, lockfile_restorer& into) {
  for (const auto& [adapter_name, source] : from) {
    adapter& copy = *into.add_adapter(into.keep(adapter_name));
    copy.source_digest = into.keep(source.source_digest);
    copy.schema_digest = into.keep(source.schema_digest);
    copy.activated_at = into.keep(source.activated_at);
    copy.touched = source.touched;
    for (const auto& [view_name, original] : source.views) {
      view& entry = *into.add_view(copy, into.keep(view_name));
      entry.status = is_status(original.status.state()) ? recorded_status(status_of(original.status.state()))
                                                        : recorded_status(into.keep(original.status.text()));
      entry.view_digest = into.keep(original.view_digest);
      entry.last_rebuilt_at = into.keep(original.last_rebuilt_at);
      entry.last_validation_at = into.keep(original.last_validation_at);
      entry.touched = original.touched;
      entry.depends_on.reserve(original.depends_on.size());
      for (const dependency& item : original.depends_on) {
        entry.depends_on.push_back(
            {into.keep(item.adapter), into.keep(item.schema_digest), into.keep(item.version)});
      }
      std::vector<audit_entry> log;
      for (const audit_entry& item : original.state_history.entries()) {
        log.push_back(
            {into.keep(item.at), into.keep(item.from), into.keep(item.to), into.keep(item.trigger)});
      }
      entry.state_history.restore(log);
    }
  }
}

}  // namespace

lockfile::lockfile() : lockfile(0) {}

lockfile::lockfile(std::size_t memory_bytes) : contents_(new contents(memory_bytes)) {}

lockfile::~lockfile() {
  delete contents_;
}

lockfile::lockfile(const lockfile& other) : lockfile() {
  lockfile_restorer copy;
  copy_entries(other.adapters(), copy);
  *this = std::move(copy).finish();
}

lockfile& lockfile::operator=(const lockfile& other) {
  if (this != &other) *this = lockfile(other);
  return *this;
}

lockfile& lockfile::operator=(lockfile&& other) noexcept {
  if (this != &other) {
    delete contents_;
    contents_ = std::exchange(other.contents_, nullptr);
  }
  return *this;
}

const adapter_map& lockfile::adapters() const noexcept {
  return contents_->adapters;
}

const void* lockfile::restored_from() const noexcept {
  return contents_->borrowed.get();
}

const adapter* lockfile::find_adapter(std::string_view adapter_name) const noexcept {
  const auto found = contents_->adapters.find(adapter_name);
  return found == contents_->adapters.end() ? nullptr : &found->second;
}

const view* lockfile::find_view(view_key key) const noexcept {
  const adapter* owner = find_adapter(key.adapter);
  if (owner == nullptr) return nullptr;
  const auto found = owner->views.find(key.view);
  return found == owner->views.end() ? nullptr : &found->second;
}

view_state lockfile::state(view_key key) const noexcept {
  const view* entry = find_view(key);
  return entry == nullptr ? view_state::none : entry->status.state();
}

std::vector<std::string_view> lockfile::adapter_names() const {
  std::vector<std::string_view> names;
  names.reserve(contents_->adapters.size());
  for (const auto& [name, entry] : contents_->adapters)
    names.push_back(name);
  return names;
}

std::vector<view_key> lockfile::view_keys() const {
  return views_where([](view_key, const view&) { return true; });
}

std::vector<view_key> lockfile::views_where(function_ref<bool(view_key, const view&)> holds) const {
  std::vector<view_key> keys;
  for (const auto& [adapter_name, owner] : contents_->adapters) {
    for (const auto& [view_name, entry] : owner.views) {
      const view_key key{adapter_name, view_name};
      if (holds(key, entry)) keys.push_back(key);
    }
  }
  return keys;
}

std::vector<owned_key> lockfile::report_where(function_ref<bool(view_key, const view&)> holds) const {
  const std::vector<view_key> keys = views_where(holds);
  return {keys.begin(), keys.end()};
}

outcome<> lockfile::activate(std::string_view adapter_name, std::string_view source_digest,
                             std::string_view schema_digest, timestamp now) {
  if (auto no = first_refusal([&] { return check_name("the adapter's name", adapter_name); },
                              [&] { return check_text("the source digest", source_digest); },
                              [&] { return check_text("the schema digest", schema_digest); },
                              [&] { return check_time(now); })) {
    return *no;
  }
  lockfile_editor(*this, now).set_adapter(adapter_name, source_digest, schema_digest);
  return {};
}

std::vector<owned_key> lockfile::dependents_on_another_schema(std::string_view adapter_name,
                                                              std::string_view schema_digest) const {
  const adapter* active = find_adapter(adapter_name);
  if (active != nullptr && active->schema_digest == schema_digest) return {};
  return report_where([&](view_key, const view& entry) {
    return entry.reads_from(adapter_name) &&
           (active != nullptr || !entry.recorded_schema(adapter_name, schema_digest));
  });
}

outcome<> lockfile::register_view(view_key key, std::string_view view_digest,
                                  std::span<const dependency> depends_on, timestamp now) {
  if (auto no = first_refusal([&] { return check_key(key); },
                              [&] { return check_digest("the view digest", view_digest); },
                              [&] { return check_dependencies(depends_on); }, [&] { return check_time(now); },
                              [&] { return check_step(key, find_view(key), view_event::registered); })) {
    return *no;
  }
  lockfile_editor edit(*this, now);
  view& entry = edit.add_view(key);
  entry.view_digest = edit.keep(view_digest);
  edit.set_dependencies(entry, depends_on);
  entry.last_rebuilt_at = edit.now();
  edit.step(entry, view_state::none, view_event::registered);
  return {};
}

outcome<> lockfile::remove_view(view_key key) {
  if (find_view(key) == nullptr) {
    return refusal{refusal_code::unknown_view, "view " + to_string(key) + " is not in the document"};
  }
  contents_->adapters.find(key.adapter)->second.views.erase(key.view);
  return {};
}

outcome<> lockfile::remove_adapter(std::string_view adapter_name) {
  if (find_adapter(adapter_name) == nullptr) {
    return refusal{refusal_code::unknown_adapter,
                   "adapter " + std::string(adapter_name) + " is not in the document"};
  }
  const auto needed_by = views_where([&](view_key key, const view& entry) {
    return key.adapter != adapter_name && entry.status.state() == view_state::ready &&
           entry.reads_from(adapter_name);
  });
  if (!needed_by.empty()) {
    std::string message =
        "adapter " + std::string(adapter_name) + " is needed by views that are ready and read from it:";
    for (view_key key : needed_by)
      message += " " + to_string(key);
    return refusal{refusal_code::needed_by_ready_views, std::move(message)};
  }
  contents_->adapters.erase(adapter_name);
  return {};
}

bool lockfile::same_facts(const lockfile& other, view_key key) const {
  const view* mine = find_view(key);
  const view* theirs = other.find_view(key);
  if (mine == nullptr || theirs == nullptr || !(*mine == *theirs)) return false;
  return std::ranges::all_of(mine->depends_on, [&](const dependency& item) {
    const adapter* here = find_adapter(item.adapter);
    const adapter* there = other.find_adapter(item.adapter);
    if (here == nullptr || there == nullptr) return here == there;
    return here->schema_digest == there->schema_digest;
  });
}

std::string lockfile::facts_text(view_key key) const {
  const view* entry = find_view(key);
  if (entry == nullptr) return {};
  std::string text;
  // Each text with its length, each list with its size: no two values have one text.
  const auto add = [&](std::string_view one) {
    text.append(std::to_string(one.size())).append(":").append(one);
  };
  const auto add_count = [&](std::size_t count) { text.append(std::to_string(count)).append(";"); };
  add(entry->status.text());
  add(entry->view_digest);
  add(entry->last_rebuilt_at);
  add(entry->last_validation_at);
  add_count(entry->depends_on.size());
  for (const dependency& item : entry->depends_on) {
    add(item.adapter);
    add(item.schema_digest);
    add(item.version);
    const adapter* active = find_adapter(item.adapter);
    add_count(active == nullptr ? 0 : 1);
    if (active != nullptr) add(active->schema_digest);
  }
  const auto log = entry->state_history.entries();
  add_count(log.size());
  for (const audit_entry& one : log) {
    add(one.at);
    add(one.from);
    add(one.to);
    add(one.trigger);
  }
  return text;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
