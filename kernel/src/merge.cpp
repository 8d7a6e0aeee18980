#include "agentslock/kernel/merge.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "agentslock/kernel/rfc3339.hpp"
#include "merge_rules.hpp"

namespace agentslock {

bool is_earlier(std::string_view a, std::string_view b) noexcept {
  const auto time_a = parse_rfc3339(a);
  const auto time_b = parse_rfc3339(b);
  return time_a != time_b ? time_a < time_b : a < b;
}

std::string_view latest_time(const view& entry) noexcept {
  std::string_view latest = later(entry.last_rebuilt_at, entry.last_validation_at);
  for (const audit_entry& item : entry.state_history.entries())
    latest = later(latest, item.at);
  return latest;
}

namespace {

/// By time, then by bytes.
bool is_before(const audit_entry& a, const audit_entry& b) noexcept {
  if (a.at != b.at) return is_earlier(a.at, b.at);
  if (a.from != b.from) return a.from < b.from;
  if (a.to != b.to) return a.to < b.to;
  return a.trigger < b.trigger;
}

using log_items = std::span<const audit_entry>;

/// Which of two logs goes first where both orders would do: the first items that differ decide, so that it does not matter
/// who is called a.
bool leads(log_items a, log_items b) noexcept {
  return std::ranges::lexicographical_compare(a, b, is_before);
}

std::size_t common_beginning(log_items a, log_items b) noexcept {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

/// The part that two logs have in common: it begins one of them, and in the other it may follow items that the one has
/// dropped already.
struct common_part {
  std::size_t at_in_a = 0;
  std::size_t at_in_b = 0;
  std::size_t size = 0;
};

common_part find_common(log_items a, log_items b) noexcept {
  common_part best{0, 0, common_beginning(a, b)};
  const bool a_leads = leads(a, b);
  const auto consider = [&](common_part one) {
    if (one.size > best.size) best = one;
  };
  for (std::size_t offset = 1; offset < std::max(a.size(), b.size()); ++offset) {
    const auto in_a = [&] {
      if (offset < a.size()) consider({offset, 0, common_beginning(a.subspan(offset), b)});
    };
    if (a_leads) in_a();
    if (offset < b.size()) consider({0, offset, common_beginning(a, b.subspan(offset))});
    if (!a_leads) in_a();
  }
  return best;
}

merged_log joined_logs(log_items ours, log_items theirs) noexcept {
  const common_part common = find_common(ours, theirs);
  merged_log log;
  const auto append = [&](log_items items) {
    for (const audit_entry& item : items)
      log.append(item);
  };
  append(ours.first(common.at_in_a));
  append(theirs.first(common.at_in_b));
  append(ours.subspan(common.at_in_a, common.size));
  ours = ours.subspan(common.at_in_a + common.size);
  theirs = theirs.subspan(common.at_in_b + common.size);
  while (!ours.empty() && !theirs.empty()) {
    log_items& next = leads(theirs, ours) ? theirs : ours;
    log.append(next.front());
    next = next.subspan(1);
  }
  append(ours);
  append(theirs);
  return log;
}

/// Ends the log in the result's status. Documents that record no time at all were merged when time began.
void end_in_status(merged_view& result, std::string_view at) noexcept {
  const auto entries = result.history.entries();
  const std::string_view last = entries.empty() ? std::string_view() : entries.back().to;
  if (last != result.status.text())
    result.history.append({at.empty() ? std::string_view("1970-01-01T00:00:00Z") : at, last,
                           result.status.text(), merge_trigger});
}

recorded_status more_cautious(recorded_status a, recorded_status b) noexcept {
  const std::size_t of_a = caution_of(a.state());
  const std::size_t of_b = caution_of(b.state());
  if (of_a != of_b) return of_a < of_b ? b : a;
  return a.text() < b.text() ? b : a;
}

void raise(recorded_status& status, merge_doubt doubt) noexcept {
  const view_state at_least = floor_of(doubt);
  if (caution_of(status.state()) < caution_of(at_least)) status = recorded_status(status_of(at_least));
}

bool is_less(const dependency& a, const dependency& b) noexcept {
  if (a.adapter != b.adapter) return a.adapter < b.adapter;
  if (a.schema_digest != b.schema_digest) return a.schema_digest < b.schema_digest;
  return a.version < b.version;
}

/// Of two entries that both changed what they record of their dependees, the one that was judged later.
const view& later_judged(const view& a, const view& b) noexcept {
  if (a.last_validation_at != b.last_validation_at)
    return is_earlier(a.last_validation_at, b.last_validation_at) ? b : a;
  if (a.last_rebuilt_at != b.last_rebuilt_at) return is_earlier(a.last_rebuilt_at, b.last_rebuilt_at) ? b : a;
  return std::ranges::lexicographical_compare(a.depends_on, b.depends_on, is_less) ? b : a;
}

/// Of two entries that both changed the digest of their tables, the one that was rebuilt later.
const view& later_rebuilt(const view& a, const view& b) noexcept {
  if (a.last_rebuilt_at != b.last_rebuilt_at) return is_earlier(a.last_rebuilt_at, b.last_rebuilt_at) ? b : a;
  return a.view_digest < b.view_digest ? b : a;
}

void join(merged_view& result, const view* base, const view& ours, const view& theirs) noexcept {
  result.status = more_cautious(ours.status, theirs.status);
  if (ours.view_digest != theirs.view_digest) raise(result.status, merge_doubt::other_tables);
  if (base != nullptr && ours.view_digest == base->view_digest) {
    result.view_digest = theirs.view_digest;
  } else if (base != nullptr && theirs.view_digest == base->view_digest) {
    result.view_digest = ours.view_digest;
  } else {
    result.view_digest = later_rebuilt(ours, theirs).view_digest;
  }

  if (ours.depends_on == theirs.depends_on || (base != nullptr && theirs.depends_on == base->depends_on)) {
    result.depends_on = ours.depends_on;
  } else if (base != nullptr && ours.depends_on == base->depends_on) {
    result.depends_on = theirs.depends_on;
  } else {
    raise(result.status, merge_doubt::records_of_both);
    result.depends_on = later_judged(ours, theirs).depends_on;
  }
  if (ours.depends_on != theirs.depends_on) raise(result.status, merge_doubt::other_records);

  result.last_rebuilt_at = later(ours.last_rebuilt_at, theirs.last_rebuilt_at);
  result.last_validation_at = later(ours.last_validation_at, theirs.last_validation_at);
  result.history = joined_logs(ours.state_history.entries(), theirs.state_history.entries());
  end_in_status(result, later(latest_time(ours), latest_time(theirs)));
}

/// An entry that the other side removed: as it is, unless it is less cautious than that allows.
void hold_back(merged_view& result, const view& entry) noexcept {
  result.status = entry.status;
  raise(result.status, merge_doubt::removed_by_one);
  if (result.status == entry.status) {
    result.as_it_is = &entry;
    return;
  }
  result.view_digest = entry.view_digest;
  result.depends_on = entry.depends_on;
  result.last_rebuilt_at = entry.last_rebuilt_at;
  result.last_validation_at = entry.last_validation_at;
  for (const audit_entry& item : entry.state_history.entries())
    result.history.append(item);
  end_in_status(result, latest_time(entry));
}

}  // namespace

merged_view merge_views(const view* base, const view* ours, const view* theirs) noexcept {
  merged_view result;
  result.rule = rule_for(base, ours, theirs, [](const view& a, const view& b) { return a == b; });
  switch (result.rule) {
    case merge_rule::gone:
    case merge_rule::impossible:  // never: both changes are told from one base
      break;
    case merge_rule::either:
    case merge_rule::ours:
      result.as_it_is = ours;
      break;
    case merge_rule::theirs:
      result.as_it_is = theirs;
      break;
    case merge_rule::ours_held_back:
      hold_back(result, *ours);
      break;
    case merge_rule::theirs_held_back:
      hold_back(result, *theirs);
      break;
    case merge_rule::joined:
      join(result, base, *ours, *theirs);
      break;
  }
  return result;
}

adapter_texts merge_adapter_texts(const adapter* base, const adapter* ours, const adapter* theirs,
                                  merge_side of_conflicts) noexcept {
  const auto same_digests = [](const adapter& a, const adapter& b) {
    return a.source_digest == b.source_digest && a.schema_digest == b.schema_digest;
  };
  if (ours == nullptr || theirs == nullptr) {
    const adapter* only = ours != nullptr ? ours : theirs;
    return {only, only->activated_at, false};
  }
  // The digests are one thing: a source of one side with a schema of the other is what nobody has activated.
  adapter_texts texts{ours, later(ours->activated_at, theirs->activated_at), false};
  const bool by_us = base == nullptr || !same_digests(*base, *ours);
  const bool by_them = base == nullptr || !same_digests(*base, *theirs);
  if (by_us && by_them && !same_digests(*ours, *theirs)) {
    texts.conflict = true;
    if (of_conflicts == merge_side::theirs) texts.digests_of = theirs;
  } else if (!by_us) {
    texts.digests_of = theirs;
  }
  if (base != nullptr && same_own_texts(*base, *ours)) texts.activated_at = theirs->activated_at;
  if (base != nullptr && same_own_texts(*base, *theirs)) texts.activated_at = ours->activated_at;
  return texts;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
