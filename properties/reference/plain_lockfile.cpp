#include "plain_lockfile.hpp"

#include "agentslock/kernel/detail/lockfile_restorer.hpp"

#include <algorithm>

#include "../laws/shown.hpp"

namespace agentslock::reference {

bool plain_view::reads_from(const std::string& adapter) const {
  return std::ranges::find(depends_on, adapter, &owned_dependency::adapter) != depends_on.end();
}

plain_view* plain_lockfile::find(const owned_key& key) {
  const auto owner = adapters.find(key.adapter);
  if (owner == adapters.end()) return nullptr;
  const auto found = owner->second.views.find(key.view);
  return found == owner->second.views.end() ? nullptr : &found->second;
}

const plain_view* plain_lockfile::find(const owned_key& key) const {
  return const_cast<plain_lockfile*>(this)->find(key);
}

plain_lockfile plain(const lockfile& file) {
  plain_lockfile copy;
  for (const auto& [adapter_name, entry] : file.adapters()) {
    plain_adapter& owner = copy.adapters[std::string(adapter_name)];
    owner.source_digest = entry.source_digest;
    owner.schema_digest = entry.schema_digest;
    owner.activated_at = entry.activated_at;
    for (const auto& [view_name, original] : entry.views) {
      plain_view& one = owner.views[std::string(view_name)];
      one.view_digest = original.view_digest;
      one.view_status = original.status.text();
      one.last_rebuilt_at = original.last_rebuilt_at;
      one.last_validation_at = original.last_validation_at;
      for (const dependency& item : original.depends_on) {
        one.depends_on.push_back(
            {std::string(item.adapter), std::string(item.schema_digest), std::string(item.version)});
      }
      for (const audit_entry& item : original.state_history.entries()) {
        one.state_history.push_back(
            {std::string(item.at), std::string(item.from), std::string(item.to), std::string(item.trigger)});
      }
    }
  }
  return copy;
}

lockfile restored(const plain_lockfile& file) {
  lockfile_restorer restore;
  for (const auto& [adapter_name, original] : file.adapters) {
    adapter& owner = *restore.add_adapter(restore.keep(adapter_name));
    owner.source_digest = restore.keep(original.source_digest);
    owner.schema_digest = restore.keep(original.schema_digest);
    owner.activated_at = restore.keep(original.activated_at);
    for (const auto& [view_name, one] : original.views) {
      view& entry = *restore.add_view(owner, restore.keep(view_name));
      entry.view_digest = restore.keep(one.view_digest);
      entry.status = recorded_status(restore.keep(one.view_status));
      entry.last_rebuilt_at = restore.keep(one.last_rebuilt_at);
      entry.last_validation_at = restore.keep(one.last_validation_at);
      for (const owned_dependency& item : one.depends_on) {
        entry.depends_on.push_back(
            {restore.keep(item.adapter), restore.keep(item.schema_digest), restore.keep(item.version)});
      }
      std::vector<audit_entry> log;
      for (const plain_entry& item : one.state_history) {
        log.push_back({restore.keep(item.at), restore.keep(item.from), restore.keep(item.to),
                       restore.keep(item.trigger)});
      }
      entry.state_history.restore(log);
    }
  }
  return std::move(restore).finish();
}

std::string to_string(const plain_lockfile& file) {
  std::string text;
  for (const auto& [adapter_name, owner] : file.adapters) {
    text += "adapter " + laws::shown(adapter_name) + " at " + laws::shown(owner.schema_digest) + " from " +
            laws::shown(owner.source_digest) + ", " + laws::shown(owner.activated_at) + "\n";
    for (const auto& [view_name, one] : owner.views) {
      text += "  view " + laws::shown(view_name) + " " + laws::shown(one.view_status) + " digest " +
              laws::shown(one.view_digest) + " rebuilt " + laws::shown(one.last_rebuilt_at) + " validated " +
              laws::shown(one.last_validation_at) + "\n";
      for (const auto& item : one.depends_on) {
        text += "    reads " + laws::shown(item.adapter) + " at " + laws::shown(item.schema_digest) +
                " version " + laws::shown(item.version) + "\n";
      }
      for (const auto& item : one.state_history) {
        text += "    " + laws::shown(item.at) + " " + laws::shown(item.from) + " -> " + laws::shown(item.to) +
                " by " + laws::shown(item.trigger) + "\n";
      }
    }
  }
  return text.empty() ? "(no adapters)\n" : text;
}

std::optional<std::string> difference(const operation_result& real, const operation_result& plain) {
  const auto said = [](const operation_result& of) {
    return of.refused ? std::string(name(of.refused->code)) : "done";
  };
  if (said(real) != said(plain)) return said(real) + " and not " + said(plain);
  if (real.bumped != plain.bumped) return "other views were bumped";
  const auto& a = real.reconciled;
  const auto& b = plain.reconciled;
  const auto same_change = [](const auto& x, const auto& y) {
    return x.key == y.key && x.from == y.from && x.to == y.to && x.reason == y.reason;
  };
  if (!std::ranges::equal(a.changes, b.changes, same_change)) return "other changes are reported";
  if (a.due != b.due || a.shut != b.shut) return "other validations are due, or other gates are shut";
  if (a.adapters_all_different != b.adapters_all_different) return "other adapters all differ";
  if (a.asked != b.asked) return "other views were asked for";
  if (a.counts.changed != b.counts.changed || a.counts.validation_due != b.counts.validation_due ||
      a.counts.gates_shut != b.counts.gates_shut) {
    return "counted otherwise";
  }
  const auto& c = real.cut_over;
  const auto& d = plain.cut_over;
  if (c.activated != d.activated) return "the dependee's activation differs";
  if (c.frozen != d.frozen || c.passed != d.passed || c.failed != d.failed || c.blockers != d.blockers)
    return "the cutover names other views";
  if (real.missed != plain.missed) return "other missed bumps were marked";
  return std::nullopt;
}

}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
