// Lockfiles, and simpler ones.
#include <utility>

#include "choices.hpp"
#include "generators.hpp"
#include "lockfile_parts.hpp"

namespace agentslock::properties {

using reference::plain_lockfile;
using reference::plain_view;
using strings = std::vector<std::string>;

strings adapters_of(const plain_lockfile& file) {
  strings names;
  for (const auto& [name, entry] : file.adapters)
    names.push_back(name);
  return names;
}

std::vector<owned_key> views_of(const plain_lockfile& file) {
  std::vector<owned_key> keys;
  for (const auto& [adapter_name, owner] : file.adapters) {
    for (const auto& [view_name, entry] : owner.views)
      keys.emplace_back(adapter_name, view_name);
  }
  return keys;
}

std::string version() {
  return one_of(strings{"", "1", "2.0.0", "<3>"});
}

rc::Gen<plain_lockfile> any_lockfile() {
  auto files = rc::gen::exec([] {
    const strings statuses{"ready", "pending-rebuild", "pending-recompat-check", "dsl-update-required", "",
                           "Ready", "\xE2\x80\xA8"};
    plain_lockfile file;
    for (std::size_t i = below(4); i > 0; --i) {
      auto& owner = file.adapters[rarely(4) ? *any_text() : one_of(strings{"crg", "comp", "alpha"})];
      owner = {one_of(strings{"s", "", "<s>"}),
               one_of(strings{"d0", "d1", ""}),
               rarely(4) ? "" : "2026-07-01T12:00:00Z",
               {}};
      for (std::size_t k = below(4); k > 0; --k) {
        plain_view& view = owner.views[rarely(4) ? *any_text() : one_of(strings{"summary", "v", "w"})];
        view = {one_of(strings{"v0", "v1", ""}),
                one_of(statuses),
                {},
                rarely(3) ? "" : "2026-07-01T12:00:01Z",
                rarely(3) ? "2026-07-01T12:00:02Z" : "",
                {}};
        for (std::size_t n = below(3); n > 0; --n) {
          view.depends_on.push_back(
              {one_of(strings{"crg", "comp", "other", ""}), one_of(strings{"d0", "d1", ""}), version()});
        }
        for (std::size_t n = rarely(6) ? 18 + below(5) : below(3); n > 0; --n) {
          if (rarely(8)) {
            view.state_history.emplace_back();
            continue;
          }
          view.state_history.push_back({"2026-07-01T11:00:0" + std::to_string(n % 10) + "Z", one_of(statuses),
                                        view.view_status, one_of(strings{"rebuilt", "x", ""})});
        }
      }
    }
    return file;
  });
  return rc::gen::shrink(std::move(files),
                         [](const plain_lockfile& one) { return rc::seq::fromContainer(simpler(one)); });
}

std::vector<plain_lockfile> simpler(const plain_lockfile& file) {
  std::vector<plain_lockfile> all;
  const auto with = [&](auto change) {
    plain_lockfile other = file;
    change(other);
    if (!(other == file)) all.push_back(std::move(other));
  };
  for (const std::string& name : adapters_of(file))
    with([&](plain_lockfile& other) { other.adapters.erase(name); });
  for (const owned_key& key : views_of(file)) {
    with([&](plain_lockfile& other) { other.adapters[key.adapter].views.erase(key.view); });
    with([&](plain_lockfile& other) { other.find(key)->state_history.clear(); });
    with([&](plain_lockfile& other) { other.find(key)->depends_on.clear(); });
    with([&](plain_lockfile& other) { other.find(key)->view_digest.clear(); });
    with([&](plain_lockfile& other) { other.find(key)->last_rebuilt_at.clear(); });
    with([&](plain_lockfile& other) { other.find(key)->last_validation_at.clear(); });
    with([&](plain_lockfile& other) {
      for (auto& entry : other.find(key)->state_history)
        entry.from.clear();
    });
    if (!file.find(key)->state_history.empty())
      with([&](plain_lockfile& other) { other.find(key)->state_history.pop_back(); });
    if (!file.find(key)->depends_on.empty())
      with([&](plain_lockfile& other) { other.find(key)->depends_on.pop_back(); });
  }
  return all;
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
