#include "pass.hpp"

#include <algorithm>
#include <array>

#include "agentslock/io/reconcile_document.hpp"
#include "agentslock/kernel/query_gate.hpp"
#include "shown.hpp"

namespace agentslock::laws {
namespace {

function_presence store_of(const store_contents& held) {
  return function_presence([&held](view_key key) -> result<stored_view> {
    if (held.unknown && *held.unknown == key) return error(errc::store_unreachable, "the store can't say");
    const auto found = held.digests.find(key);
    return found == held.digests.end() ? stored_view() : stored_view(found->second);
  });
}

/// The document, before and after a pass; nothing when the document is refused, or the store could not be asked.
struct passed {
  lockfile before;
  lockfile after;
  reconciled found;
};

std::optional<passed> pass_over(const store_under_test& on, const pass_case& given) {
  on.put(given.document);
  auto before = on.store.load();
  if (!before) return std::nullopt;
  function_presence views = store_of(given.held);
  auto found = reconcile_document(on.store, views, reconcile_mode::write);
  auto after = on.store.load();
  if (!found || !after) return std::nullopt;
  return passed{before->file(), after->file(), std::move(*found)};
}

/// The adapter of which a view records another schema than the active one; empty when there is none.
std::string over_a_gone_schema(const lockfile& file, const view& entry) {
  for (const dependency& item : entry.depends_on) {
    const auto active = file.adapters().find(item.adapter);
    const bool compared = active != file.adapters().end() && item.schema_digest != "";
    if (compared && active->second.schema_digest != item.schema_digest) return std::string(item.adapter);
  }
  return {};
}

}  // namespace

breach after_a_pass_no_view_over_a_gone_schema_is_open(const store_under_test& on, const pass_case& given) {
  const auto done = pass_over(on, given);
  if (!done) return kept;
  for (view_key key : done->after.view_keys()) {
    const view& entry = *done->after.find_view(key);
    const std::string gone = over_a_gone_schema(done->after, entry);
    if (gone.empty()) continue;
    if (entry.status.state() == view_state::ready)
      return shown(key) + " is ready, and records another schema of " + shown(gone);
    for (const fall_through choice : {fall_through::refused, fall_through::opted_in}) {
      if (may_query(done->after, key, choice).decision == gate_decision::allowed)
        return shown(key) + " may be queried, and records another schema of " + shown(gone);
    }
  }
  return kept;
}

breach a_pass_leaves_ready_only_what_was_and_is_held(const store_under_test& on, const pass_case& given) {
  const auto done = pass_over(on, given);
  if (!done) return kept;
  for (view_key key : done->after.view_keys()) {
    const view& entry = *done->after.find_view(key);
    if (entry.status.state() != view_state::ready) continue;
    const view* before = done->before.find_view(key);
    if (before == nullptr || !(*before == entry)) return shown(key) + " became ready, or another one";
    const auto held = given.held.digests.find(key);
    if (held == given.held.digests.end() || held->second != entry.view_digest || entry.view_digest.empty())
      return shown(key) + " is ready, and the store does not hold it";
  }
  return kept;
}

breach a_pass_right_after_a_pass_is_none(const store_under_test& on, const pass_case& given) {
  on.put(given.document);
  function_presence views = store_of(given.held);
  const auto told = reconcile_document(on.store, views, reconcile_mode::check);
  const auto done = reconcile_document(on.store, views, reconcile_mode::write);
  if (told.has_value() != done.has_value())
    return "a check and a pass do not agree on whether it can be done";
  if (!done) return kept;
  const auto same = [](const auto& a, const auto& b) {
    return a.key == b.key && a.to == b.to && a.reason == b.reason;
  };
  if (!std::ranges::equal(told->changes, done->changes, same)) return "a check tells of other changes";
  const std::string stamp = on.stamp();
  const auto again = reconcile_document(on.store, views, reconcile_mode::write);
  if (!again) return again.error().message();
  if (!again->changes.empty() || again->written) return "a second pass changes something";
  return on.stamp() == stamp ? breach(kept) : "a second pass touches the file";
}

breach a_pass_that_can_not_ask_writes_nothing(const store_under_test& on, const pass_case& given) {
  on.put(given.document);
  function_presence views = store_of(given.held);
  const auto done = reconcile_document(on.store, views, reconcile_mode::write);
  if (done) return kept;
  return on.bytes() == given.document ? breach(kept) : "it failed, and the file holds " + shown(on.bytes());
}

#define AGENTSLOCK_LAW(name) \
  { #name, name }

namespace {

constexpr std::array all_pass_laws{
    pass_law AGENTSLOCK_LAW(after_a_pass_no_view_over_a_gone_schema_is_open),
    pass_law AGENTSLOCK_LAW(a_pass_leaves_ready_only_what_was_and_is_held),
    pass_law AGENTSLOCK_LAW(a_pass_right_after_a_pass_is_none),
    pass_law AGENTSLOCK_LAW(a_pass_that_can_not_ask_writes_nothing),
};

}  // namespace

#undef AGENTSLOCK_LAW

std::span<const pass_law> pass_laws() noexcept {
  return all_pass_laws;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
