#include "document_difference.hpp"

#include <algorithm>

namespace agentslock::cli {
namespace {

void compare(std::vector<changed_text>& into, std::string_view member, std::string_view before,
             std::string_view after) {
  if (before != after) into.push_back({member, before, after});
}

/// Calls `tell(name, before, after)` for every name that either of two maps has, in order; null where one has not.
template <class Map, class Tell>
void walk(const Map& before, const Map& after, Tell tell) {
  auto a = before.begin();
  auto b = after.begin();
  while (a != before.end() || b != after.end()) {
    const bool takes_a = b == after.end() || (a != before.end() && a->first <= b->first);
    const bool takes_b = a == before.end() || (b != after.end() && b->first <= a->first);
    tell(takes_a ? a->first : b->first, takes_a ? &a->second : nullptr, takes_b ? &b->second : nullptr);
    if (takes_a) ++a;
    if (takes_b) ++b;
  }
}

/// What the second log adds to the first: its end after the longest part that both have there.
std::span<const audit_entry> added(std::span<const audit_entry> before, std::span<const audit_entry> after) {
  if (after.size() >= before.size() && std::ranges::equal(before, after.first(before.size())))
    return after.subspan(before.size());
  // The oldest ones may have been dropped; then no more are left than a log keeps.
  for (std::size_t both = std::min({before.size(), after.size(), audit_log::entries_max}); both > 0; --both) {
    if (std::ranges::equal(before.last(both), after.first(both))) return after.subspan(both);
  }
  return after;
}

view_difference compare_views(std::string_view name, const view* before, const view* after) {
  view_difference one{name, before, after, {}, false, {}, false};
  if (before == nullptr || after == nullptr) return one;
  compare(one.texts, "view_status", before->status.text(), after->status.text());
  compare(one.texts, "view_digest", before->view_digest, after->view_digest);
  compare(one.texts, "last_rebuilt_at", before->last_rebuilt_at, after->last_rebuilt_at);
  compare(one.texts, "last_validation_at", before->last_validation_at, after->last_validation_at);
  one.depends_on_differs = before->depends_on != after->depends_on;
  if (!(before->state_history == after->state_history)) {
    const auto log = after->state_history.entries();
    one.transitions = added(before->state_history.entries(), log);
    one.log_differs = one.transitions.empty() ||
                      (one.transitions.size() == log.size() && !before->state_history.entries().empty());
  }
  return one;
}

}  // namespace

std::vector<adapter_difference> differences(const lockfile& before, const lockfile& after) {
  std::vector<adapter_difference> all;
  const view_map none;
  walk(before.adapters(), after.adapters(),
       [&](std::string_view name, const adapter* first, const adapter* second) {
         if (first != nullptr && second != nullptr && *first == *second) return;
         adapter_difference one{name, first, second, {}, {}};
         if (first != nullptr && second != nullptr) {
           compare(one.texts, "source_digest", first->source_digest, second->source_digest);
           compare(one.texts, "schema_digest", first->schema_digest, second->schema_digest);
           compare(one.texts, "activated_at", first->activated_at, second->activated_at);
         }
         walk(first == nullptr ? none : first->views, second == nullptr ? none : second->views,
              [&](std::string_view view_name, const view* a, const view* b) {
                if (a == nullptr || b == nullptr || !(*a == *b))
                  one.views.push_back(compare_views(view_name, a, b));
              });
         all.push_back(std::move(one));
       });
  return all;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
