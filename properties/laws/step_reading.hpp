// What the laws about one step read off it. Private to the laws.
#pragma once

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "law.hpp"
#include "step.hpp"

namespace agentslock::laws {

/// Calls with every view that is there before or after a step, in byte order: its key, and its two entries, of which
/// one may be null. Ends at the first breach.
template <class Check>
[[nodiscard]] breach for_each_view(const kernel_step& step, Check check) {
  std::set<view_key> keys;
  for (view_key key : step.before.view_keys())
    keys.insert(key);
  for (view_key key : step.after.view_keys())
    keys.insert(key);
  for (view_key key : keys) {
    if (auto broken = check(key, step.before.find_view(key), step.after.find_view(key))) return broken;
  }
  return kept;
}

/// Whether two adapters say the same about themselves, views aside.
[[nodiscard]] inline bool same_texts(const adapter& a, const adapter& b) {
  return a.source_digest == b.source_digest && a.schema_digest == b.schema_digest &&
         a.activated_at == b.activated_at;
}

template <class Recorded>
[[nodiscard]] bool same_dependencies(const Recorded& recorded, const std::vector<owned_dependency>& given) {
  return std::ranges::equal(recorded, given, [](const dependency& a, const owned_dependency& b) {
    return a.adapter == b.adapter && a.schema_digest == b.schema_digest && a.version == b.version;
  });
}

/// The first record by which a ready view missed a bump, read off the page; null when there is none.
[[nodiscard]] inline const dependency* record_that_missed(const lockfile& file, const view& entry) {
  if (entry.status.text() != "ready") return nullptr;
  const auto found = std::ranges::find_if(entry.depends_on, [&](const dependency& item) {
    const adapter* active = file.find_adapter(item.adapter);
    return active != nullptr && item.schema_digest != "" && item.schema_digest != active->schema_digest;
  });
  return found == entry.depends_on.end() ? nullptr : &*found;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
