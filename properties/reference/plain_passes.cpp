// The operations that go over all views, in plain ifs over strings.
#include <algorithm>
#include <utility>

#include "plain_operation.hpp"

namespace agentslock::reference {

void plain_operation::operator()(const operations::reconcile& one) {
  time();
  if (result.refused) return;
  plain_lockfile after = file_;
  std::swap(after, file_);  // what is refused halfway is put back
  auto& found = result.reconciled;
  for (auto& [adapter_name, owner] : file_.adapters) {
    bool any_present = false;
    bool all_differ = true;
    for (auto& [view_name, entry] : owner.views) {
      const owned_key key(adapter_name, view_name);
      std::string reason;
      std::string trigger;
      if (entry.view_status == "ready") {
        found.asked.push_back(key);
        if (one.store.unknown == key) {
          const auto asked = found.asked;
          result = {};
          result.reconciled.asked = asked;
          file_ = after;
          return refuse(refusal_code::presence_unknown);
        }
        const auto held = one.store.digests.find(key);
        if (held == one.store.digests.end()) {
          reason = "view tables absent", trigger = "reconcile:view tables absent";
        } else {
          any_present = true;
          if (held->second.empty() || held->second != entry.view_digest) {
            reason = "view digest mismatch", trigger = "reconcile:view digest mismatch";
          } else {
            all_differ = false;
          }
        }
      } else if (entry.view_status == "pending-recompat-check") {
        found.due.push_back(key);
      } else if (entry.view_status == "dsl-update-required") {
        found.shut.push_back(key);
      } else if (entry.view_status != "pending-rebuild") {
        reason = "invalid view_status", trigger = "reconcile:invalid-status";
      }
      if (reason.empty()) continue;
      found.changes.push_back({key, entry.view_status, view_status::pending_rebuild, reason});
      move(entry, "pending-rebuild", trigger);
    }
    if (any_present && all_differ) found.adapters_all_different.push_back(adapter_name);
  }
  found.counts = {found.changes.size(), found.due.size(), found.shut.size()};
}

void plain_operation::operator()(const operations::cutover& one) {
  for (const auto& given : one.schemas_given)
    name(given.adapter), text(given.schema_digest);
  name(one.dependee), text(one.source_digest), digest(one.schema_digest), text(one.version), time();
  if (result.refused) return;
  std::vector<owned_key> candidates;
  for (auto& [adapter_name, owner] : file_.adapters) {
    for (auto& [view_name, entry] : owner.views) {
      if (!entry.reads_from(one.dependee)) continue;
      if (entry.view_status == "ready" && records(entry, one.dependee, one.schema_digest)) continue;
      candidates.emplace_back(adapter_name, view_name);
    }
  }
  const auto verdict_on = [&](const owned_key& key) {
    return std::ranges::find(one.verdicts, key, &operations::cutover::judged_view::key);
  };
  for (const owned_key& key : candidates) {
    const plain_view& entry = *file_.find(key);
    const std::string& status = entry.view_status;
    if (status != "ready" && status != "pending-recompat-check" && status != "dsl-update-required" &&
        status != "pending-rebuild") {
      return refuse(refusal_code::no_such_transition);
    }
    const auto judged = verdict_on(key);
    if (judged == one.verdicts.end()) return refuse(refusal_code::verdict_missing);
    for (const auto& given : one.schemas_given) {
      const auto active = file_.adapters.find(given.adapter);
      const bool is_active =
          active != file_.adapters.end() && active->second.schema_digest == given.schema_digest;
      if (!is_active && entry.reads_from(given.adapter)) return refuse(refusal_code::facts_are_stale);
    }
    dependencies(judged->new_dependencies);
    if (result.refused) return;
    for (const auto& item : judged->new_dependencies) {
      if (item.adapter == one.dependee && item.schema_digest != one.schema_digest)
        return refuse(refusal_code::built_against_another_schema);
    }
  }
  auto& found = result.cut_over;
  for (const owned_key& key : candidates) {
    plain_view& entry = *file_.find(key);
    const auto& judged = *verdict_on(key);
    if (entry.view_status == "ready") {
      move(entry, "pending-recompat-check", bumped(one.dependee, one.version));
      found.frozen.push_back(key);
    }
    entry.last_validation_at = now_;
    if (judged.judged == verdict::failed) {
      found.failed.push_back(key);
      found.blockers.push_back(key);
      if (entry.view_status == "pending-recompat-check") move(entry, "dsl-update-required", "recompat-fail");
      continue;
    }
    found.passed.push_back(key);
    if (!judged.new_dependencies.empty()) {
      entry.depends_on = judged.new_dependencies;
    } else {
      for (auto& item : entry.depends_on) {
        if (item.adapter == one.dependee) item = {item.adapter, one.schema_digest, one.version};
      }
    }
    if (entry.view_status != "pending-rebuild") move(entry, "pending-rebuild", "recompat-pass");
  }
  found.activated = found.blockers.empty();
  if (found.activated) set_adapter(one.dependee, one.source_digest, one.schema_digest);
}

void plain_operation::operator()(const operations::mark_missed_bumps&) {
  time();
  if (result.refused) return;
  for (auto& [adapter_name, owner] : file_.adapters) {
    for (auto& [view_name, entry] : owner.views) {
      if (entry.view_status != "ready") continue;
      for (const auto& item : entry.depends_on) {
        const auto active = file_.adapters.find(item.adapter);
        if (item.schema_digest.empty() || active == file_.adapters.end()) continue;
        if (active->second.schema_digest == item.schema_digest) continue;
        result.missed.push_back(
            {adapter_name, view_name, item.adapter, item.schema_digest, active->second.schema_digest});
        move(entry, "pending-recompat-check", bumped(item.adapter, ""));
        break;
      }
    }
  }
}

}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
