#include "operation_reader.hpp"

#include <chrono>
#include <utility>

namespace agentslock::fuzz {
namespace {

using reference::plain_lockfile;
using reference::plain_view;
using strings = std::vector<std::string>;

const strings schemas{"d0", "d1", "d2"};
const strings view_digests{"v0", "v1"};
const strings versions{"", "1", "2.0.0", "<3>"};
const strings view_names{"v", "w", "a/b"};

/// A text that is to be a name or a digest, mostly of a list; or bytes as they come, which may have to be refused.
std::string some_text(byte_reader& bytes, const strings& known) {
  const std::size_t choice = bytes.byte();
  if (choice >= 0xF8) return bytes.text(choice - 0xF8);
  return known[choice % known.size()];
}

/// A name of an adapter: one that has an entry, one that is read from, or another.
std::string some_adapter(byte_reader& bytes, const plain_lockfile& file) {
  strings names{"crg", "comp", "\xC3\xA9"};
  for (const auto& [name, owner] : file.adapters)
    names.push_back(name);
  return some_text(bytes, names);
}

std::vector<owned_dependency> some_dependencies(byte_reader& bytes, const plain_lockfile& file) {
  std::vector<owned_dependency> all;
  for (std::size_t i = bytes.below(4); i > 0; --i) {
    std::string adapter = some_adapter(bytes, file);
    std::string schema = some_text(bytes, schemas);
    all.push_back({std::move(adapter), std::move(schema), some_text(bytes, versions)});
  }
  return all;
}

/// A view, most often one that is there.
owned_key some_view(byte_reader& bytes, const plain_lockfile& file) {
  const auto all = views_of(file);
  const std::size_t choice = bytes.byte();
  if (!all.empty() && choice < 0xE0) return all[choice % all.size()];
  const std::string adapter = some_adapter(bytes, file);
  return {adapter, some_text(bytes, view_names)};
}

operations::resolve_recompat some_verdict(byte_reader& bytes, const plain_lockfile& file) {
  owned_key key = some_view(bytes, file);
  const bool passed = bytes.below(2) == 0;
  return {std::move(key), passed ? verdict::passed : verdict::failed, some_dependencies(bytes, file)};
}

operations::mark_view_rebuilt some_rebuild(byte_reader& bytes, const plain_lockfile& file) {
  owned_key key = some_view(bytes, file);
  operations::mark_view_rebuilt todo{std::move(key), some_text(bytes, view_digests), std::nullopt};
  if (bytes.below(2) == 0) return todo;
  todo.schemas_read.emplace();
  if (const plain_view* entry = file.find(todo.key)) {
    for (const owned_dependency& item : entry->depends_on) {
      if (!bytes.rarely(6))
        todo.schemas_read->push_back(
            {item.adapter, bytes.rarely(4) ? some_text(bytes, schemas) : item.schema_digest});
    }
  }
  return todo;
}

operations::reconcile some_pass(byte_reader& bytes, const plain_lockfile& file) {
  operations::reconcile todo;
  for (const owned_key& key : views_of(file)) {
    switch (bytes.below(8)) {
      case 0:
      case 1:
      case 2:
        todo.store.digests.emplace(key, file.find(key)->view_digest);
        break;
      case 3:
      case 4:
        todo.store.digests.emplace(key, "another");
        break;
      case 5:
        todo.store.digests.emplace(key, "");
        break;
      case 6:
        if (bytes.rarely(4)) todo.store.unknown = key;
        break;
      default:
        break;
    }
  }
  return todo;
}

operations::cutover some_cutover(byte_reader& bytes, const plain_lockfile& file) {
  operations::cutover todo;
  todo.dependee = some_adapter(bytes, file);
  todo.source_digest = some_text(bytes, {"s"});
  todo.schema_digest = some_text(bytes, schemas);
  todo.version = some_text(bytes, versions);
  for (const owned_key& key : views_of(file)) {
    const std::size_t choice = bytes.byte();
    if (choice == 0xFF || (choice < 0xF0 && !file.find(key)->reads_from(todo.dependee))) continue;
    operations::cutover::judged_view one{key, choice % 4 == 3 ? verdict::failed : verdict::passed, {}};
    if (choice % 8 == 1)
      one.new_dependencies = {{todo.dependee, todo.schema_digest, some_text(bytes, versions)}};
    if (choice % 8 == 2) one.new_dependencies = some_dependencies(bytes, file);
    todo.verdicts.push_back(std::move(one));
  }
  if (bytes.rarely(8))
    todo.schemas_given.push_back({bytes.one_of(strings{"crg", "comp"}), bytes.one_of(schemas)});
  return todo;
}

timestamp some_time(byte_reader& bytes) {
  using namespace std::chrono;
  constexpr sys_seconds noon = sys_days(year{2026} / 7 / 1) + hours(12);
  const std::size_t choice = bytes.byte();
  if (choice == 0xFF) return sys_days(year{10000} / 1 / 1);
  if (choice == 0xFE) return sys_days(year{0} / 1 / 1) - seconds(1);
  if (choice == 0xFD) return sys_days(year{0} / 1 / 1);
  return noon + seconds(static_cast<long>(choice));
}

static_assert(std::variant_size_v<operation::kind> == 11, "a new operation is to be drawn, too");
operation::kind some_kind(byte_reader& bytes, const plain_lockfile& file) {
  // Each drawn by one byte alone, that no input of the corpora had here: every other byte means what it meant before.
  constexpr std::size_t marks_missed_bumps = 0xF2;
  constexpr std::size_t revalidates = 0xE2;
  const std::size_t choice = bytes.byte();

  if (choice == marks_missed_bumps) return operations::mark_missed_bumps{};
  if (choice == revalidates) {
    auto judged = some_verdict(bytes, file);
    return operations::revalidate{std::move(judged.key), judged.judged, std::move(judged.new_dependencies)};
  }
  switch (choice % 9) {
    case 0: {
      std::string name = some_adapter(bytes, file);
      std::string source = some_text(bytes, {"s"});
      return operations::activate{std::move(name), std::move(source), some_text(bytes, schemas)};
    }
    case 1: {
      const std::string adapter = some_adapter(bytes, file);
      owned_key key(adapter, some_text(bytes, view_names));
      std::string digest = some_text(bytes, view_digests);
      return operations::register_view{std::move(key), std::move(digest), some_dependencies(bytes, file)};
    }
    case 2: {
      std::string name = some_adapter(bytes, file);
      std::string schema = bytes.below(2) == 0 ? std::string() : some_text(bytes, schemas);
      return operations::mark_dependee_bumped{std::move(name), std::move(schema), some_text(bytes, versions)};
    }
    case 3:
      return some_verdict(bytes, file);
    case 4:
      return some_rebuild(bytes, file);
    case 5:
      return some_pass(bytes, file);
    case 6:
      return some_cutover(bytes, file);
    case 7:
      return operations::remove_view{some_view(bytes, file)};
    default:
      return operations::remove_adapter{some_adapter(bytes, file)};
  }
}

}  // namespace

std::vector<owned_key> views_of(const plain_lockfile& file) {
  std::vector<owned_key> keys;
  for (const auto& [adapter_name, owner] : file.adapters) {
    for (const auto& [view_name, entry] : owner.views)
      keys.emplace_back(adapter_name, view_name);
  }
  return keys;
}

plain_lockfile read_lockfile(byte_reader& bytes) {
  const strings statuses{"ready", "pending-rebuild", "pending-recompat-check", "dsl-update-required", "",
                         "Ready"};
  const strings adapters{"crg", "comp", "B"};
  plain_lockfile file;
  for (std::size_t i = bytes.below(4); i > 0; --i) {
    auto& owner = file.adapters[bytes.one_of(adapters)];
    owner.source_digest = bytes.one_of(strings{"s", ""});
    owner.schema_digest = bytes.one_of(schemas);
    for (std::size_t k = bytes.below(4); k > 0; --k) {
      plain_view& view = owner.views[bytes.one_of(view_names)];
      view.view_status = bytes.one_of(statuses);
      view.view_digest = bytes.one_of(strings{"v0", "v1", ""});
      for (std::size_t n = bytes.below(3); n > 0; --n) {
        const std::string adapter = bytes.one_of(adapters);
        view.depends_on.push_back({adapter, bytes.one_of(schemas), "1"});
      }
      view.state_history.resize(bytes.below(24), {"2026-06-01T00:00:00Z", "ready", "ready", "before"});
    }
  }
  return file;
}

operation read_operation(byte_reader& bytes, const plain_lockfile& now) {
  const timestamp time = some_time(bytes);
  return {some_kind(bytes, now), time};
}

}  // namespace agentslock::fuzz
// SPDX-License-Identifier: Apache-2.0
