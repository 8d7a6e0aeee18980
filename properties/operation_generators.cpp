// Operations and scripts.

#include <algorithm>
#include <chrono>
#include <utility>

#include "choices.hpp"
#include "generators.hpp"
#include "lockfile_parts.hpp"

namespace agentslock::properties {
namespace {

using reference::plain_lockfile;
using reference::plain_view;
using strings = std::vector<std::string>;

/// Names that must be refused, and digests that must.
const strings bad_texts{"", "\xFF", "a\xC0\x80", "\xED\xA0\x80"};

bool is_name(const std::string& text) {
  return std::ranges::find(bad_texts, text) == bad_texts.end();
}

std::string name_in(strings known) {
  for (const char* one : {"crg", "comp", "B", "a/b", "\xC3\xA9"})
    known.emplace_back(one);
  if (rarely(40)) return one_of(bad_texts);
  return rarely(12) ? *any_text() : one_of(known);
}

/// The adapters that views read from, and those that have an entry.
strings dependees_of(const plain_lockfile& file) {
  strings names;
  for (const auto& [adapter_name, owner] : file.adapters) {
    for (const auto& [view_name, entry] : owner.views) {
      for (const owned_dependency& item : entry.depends_on)
        names.push_back(item.adapter);
    }
  }
  for (std::string& name : adapters_of(file))
    names.push_back(std::move(name));
  return names;
}

std::string schema() {
  return rarely(40) ? one_of(bad_texts) : one_of(strings{"d0", "d1", "d2"});
}
std::string view_digest() {
  return rarely(40) ? one_of(bad_texts) : one_of(strings{"v0", "v1"});
}
std::vector<owned_dependency> dependencies(const plain_lockfile& file) {
  std::vector<owned_dependency> all;
  for (std::size_t i = below(4); i > 0; --i)
    all.push_back({name_in(adapters_of(file)), schema(), version()});
  return all;
}

/// A view of the file, mostly in a status that the operation wants.
owned_key some_view(const plain_lockfile& file, const strings& wanted) {
  std::vector<owned_key> fitting;
  for (const owned_key& key : views_of(file)) {
    if (std::ranges::find(wanted, file.find(key)->view_status) != wanted.end()) fitting.push_back(key);
  }
  if (!fitting.empty() && !rarely(6)) return one_of(fitting);
  const auto all = views_of(file);
  if (!all.empty() && !rarely(6)) return one_of(all);
  return {name_in(adapters_of(file)), name_in({"summary", "v"})};
}

operations::register_view some_registration(const plain_lockfile& file, owned_key key) {
  return {std::move(key), view_digest(), dependencies(file)};
}

operations::resolve_recompat some_verdict(const plain_lockfile& file, owned_key key) {
  const verdict judged = below(2) == 0 ? verdict::passed : verdict::failed;
  return {std::move(key), judged, rarely(3) ? dependencies(file) : std::vector<owned_dependency>()};
}

operations::mark_view_rebuilt some_rebuild(const plain_lockfile& file, owned_key key) {
  operations::mark_view_rebuilt todo{key, view_digest(), std::nullopt};
  if (rarely(3)) return todo;
  todo.schemas_read.emplace();
  if (const plain_view* entry = file.find(key)) {
    for (const owned_dependency& item : entry->depends_on) {
      if (!rarely(6)) todo.schemas_read->push_back({item.adapter, rarely(6) ? schema() : item.schema_digest});
    }
  }
  return todo;
}

operations::reconcile some_pass(const plain_lockfile& file) {
  operations::reconcile todo;
  const auto all = views_of(file);
  for (const owned_key& key : all) {
    const std::size_t choice = below(6);
    if (choice <= 2) todo.store.digests.emplace(key, file.find(key)->view_digest);
    if (choice == 3) todo.store.digests.emplace(key, "another");
    if (choice == 4) todo.store.digests.emplace(key, "");
  }
  if (!all.empty() && rarely(20)) todo.store.unknown = one_of(all);
  return todo;
}

operations::cutover some_cutover(const plain_lockfile& file) {
  operations::cutover todo;
  todo.dependee = name_in(dependees_of(file));
  todo.source_digest = "s";
  todo.schema_digest = schema();
  todo.version = version();
  const bool all_pass = below(2) == 0;
  for (const owned_key& key : views_of(file)) {
    if (!file.find(key)->reads_from(todo.dependee) || rarely(12)) continue;
    operations::cutover::judged_view one{
        key, all_pass || below(2) == 0 ? verdict::passed : verdict::failed, {}};
    if (rarely(5))
      one.new_dependencies = {{todo.dependee, rarely(8) ? schema() : todo.schema_digest, version()}};
    todo.verdicts.push_back(std::move(one));
  }
  if (rarely(10)) {
    const std::string adapter = one_of(strings{todo.dependee, "crg", "comp"});
    const std::string given = one_of(strings{"d0", "d1", "d2"});
    if (is_name(adapter)) todo.schemas_given.push_back({adapter, given});
  }
  return todo;
}

timestamp some_time() {
  using namespace std::chrono;
  constexpr sys_seconds noon = sys_days(year{2026} / 7 / 1) + hours(12);
  constexpr sys_seconds too_late = sys_days(year{10000} / 1 / 1);
  return rarely(60) ? too_late : noon + seconds(static_cast<long>(below(1000)));
}

/// The same list with one item left out, each in turn.
template <class T>
rc::Seq<std::vector<T>> without_one(const std::vector<T>& all) {
  return rc::seq::map(rc::seq::range<std::size_t>(0, all.size()), [all](std::size_t left_out) {
    std::vector<T> others = all;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(left_out));
    return others;
  });
}

static_assert(std::variant_size_v<operation::kind> == 11, "a new operation is to be drawn, too");
operation some_operation(const plain_lockfile& file) {
  const timestamp now = some_time();
  switch (below(14)) {
    case 0:
      return {operations::activate{name_in(dependees_of(file)), "s", schema()}, now};
    case 1:
    case 2:
      return {some_registration(file, {name_in(adapters_of(file)), name_in({"summary", "v"})}), now};
    case 3:
    case 4:
      return {
          operations::mark_dependee_bumped{name_in(dependees_of(file)), rarely(2) ? schema() : "", version()},
          now};
    case 5:
    case 6:
      return {some_verdict(file, some_view(file, {"pending-recompat-check", "dsl-update-required"})), now};
    case 7:
    case 8:
      return {some_rebuild(file, some_view(file, {"pending-rebuild"})), now};
    case 9:
      return {some_pass(file), now};
    case 10:
      return {some_cutover(file), now};
    case 11:
      return {operations::mark_missed_bumps{}, now};
    case 12: {
      auto judged = some_verdict(
          file, some_view(file, {"pending-recompat-check", "dsl-update-required", "pending-rebuild"}));
      // Mostly those that are active, which alone are taken.
      for (owned_dependency& item : judged.new_dependencies) {
        const auto active = file.adapters.find(item.adapter);
        if (active != file.adapters.end() && !rarely(6)) item.schema_digest = active->second.schema_digest;
      }
      return {operations::revalidate{judged.key, judged.judged, judged.new_dependencies}, now};
    }
    default:
      if (rarely(2)) return {operations::remove_adapter{name_in(adapters_of(file))}, now};
      return {operations::remove_view{some_view(file, {"ready"})}, now};
  }
}

}  // namespace

rc::Gen<operation> operation_on(plain_lockfile file) {
  return rc::gen::exec([file = std::move(file)] { return some_operation(file); });
}

rc::Gen<operation> operation_on_view(plain_lockfile file, owned_key key) {
  return rc::gen::exec([file = std::move(file), key = std::move(key)]() -> operation {
    const timestamp now = some_time();
    switch (below(4)) {
      case 0:
        return {some_verdict(file, key), now};
      case 1:
        return {some_rebuild(file, key), now};
      case 2:
        return {operations::remove_view{key}, now};
      default:
        return {some_registration(file, key), now};
    }
  });
}

rc::Gen<std::vector<operation>> script_on(plain_lockfile file, std::size_t length_max) {
  auto scripts = rc::gen::exec([file = std::move(file), length_max] {
    plain_lockfile now = file;
    std::vector<operation> script;
    for (std::size_t i = below(length_max + 1); i > 0; --i) {
      script.push_back(some_operation(now));
      (void)reference::apply_plainly(now, script.back());
    }
    return script;
  });
  return rc::gen::shrink(std::move(scripts),
                         [](const std::vector<operation>& one) { return without_one(one); });
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
