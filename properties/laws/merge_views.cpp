// The laws of merging that go view by view.
#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "merge_reading.hpp"
#include "shown.hpp"
#include "step_reading.hpp"

namespace agentslock::laws {
namespace {

/// A view, in all four lockfiles; null where it is not.
struct four {
  view_key key;
  const view* base;
  const view* ours;
  const view* theirs;
  const view* result;

  [[nodiscard]] bool changed_by(const view* side) const {
    return base == nullptr ? side != nullptr : side == nullptr || !(*side == *base);
  }
  [[nodiscard]] bool by_us() const { return changed_by(ours); }
  [[nodiscard]] bool by_them() const { return changed_by(theirs); }
};

template <class Check>
breach for_each(const merge_case& given, Check check) {
  const merged_lockfile result = merged(given);
  std::set<view_key> keys;
  for (const lockfile* file : {&given.base, &given.ours, &given.theirs, &result.file}) {
    for (view_key key : file->view_keys())
      keys.insert(key);
  }
  for (view_key key : keys) {
    const four one{key, given.base.find_view(key), given.ours.find_view(key), given.theirs.find_view(key),
                   result.file.find_view(key)};
    if (auto broken = check(one, result.file)) return broken;
  }
  return kept;
}

/// What a status's text counts in the order of caution, read off the page.
int caution_in_words(std::string_view status) {
  if (status == "ready") return 0;
  if (status == "pending-rebuild") return 2;
  if (status == "pending-recompat-check") return 3;
  return status == "dsl-update-required" ? 4 : 1;
}

/// Whether a view of the result is an entry of a side, be it moved by a bump that the entry missed in the result.
bool is_entry_or_missed(const lockfile& result, const view& is, const view& entry) {
  if (is == entry) return true;
  view ready = is;
  ready.status = recorded_status(view_status::ready);
  const dependency* missed = record_that_missed(result, ready);
  const auto log = is.state_history.entries();
  return entry.status.text() == "ready" && missed != nullptr &&
         is.status.text() == "pending-recompat-check" && same_records(is, entry) &&
         is.view_digest == entry.view_digest && !log.empty() &&
         log.back().trigger == "dependee-bump:" + std::string(missed->adapter);
}

}  // namespace

breach an_unchanged_side_gives_the_others_view(const merge_case& given) {
  return for_each(given, [](const four& one, const lockfile& result) -> breach {
    if (one.by_us() && one.by_them()) return kept;
    const view* expected = one.by_us() ? one.ours : one.theirs;
    if (expected == nullptr)
      return one.result == nullptr ? breach(kept) : shown(one.key) + " came from nowhere";
    if (one.result == nullptr) return shown(one.key) + " is gone";
    if (is_entry_or_missed(result, *one.result, *expected)) return kept;
    return shown(one.key) + " is not as the side has it that changed it";
  });
}

breach a_merge_is_no_less_cautious_than_a_change(const merge_case& given) {
  return for_each(given, [](const four& one, const lockfile&) -> breach {
    if (one.result == nullptr) return kept;
    const int caution = caution_in_words(one.result->status.text());
    const auto is_less = [&](bool changed, const view* side) {
      return changed && side != nullptr && caution < caution_in_words(side->status.text());
    };
    if (is_less(one.by_us(), one.ours) || is_less(one.by_them(), one.theirs))
      return shown(one.key) + " is only " + shown(one.result->status.text());
    return kept;
  });
}

breach a_merged_view_is_ready_only_if_its_sides_are(const merge_case& given) {
  return for_each(given, [](const four& one, const lockfile&) -> breach {
    if (one.result == nullptr || one.result->status.text() != "ready") return kept;
    const auto ready = [](const view* side) { return side != nullptr && side->status.text() == "ready"; };
    const bool both = ready(one.ours) && ready(one.theirs) &&
                      one.ours->view_digest == one.theirs->view_digest &&
                      same_records(*one.ours, *one.theirs);
    // A side that left the view as it was says nothing about it.
    const bool by_one = (!one.by_us() && ready(one.theirs)) || (!one.by_them() && ready(one.ours));
    return both || by_one ? breach(kept) : shown(one.key) + " is ready";
  });
}

breach a_pair_that_nobody_judged_is_judged(const merge_case& given) {
  return for_each(given, [](const four& one, const lockfile&) -> breach {
    if (one.ours == nullptr || one.theirs == nullptr || same_records(*one.ours, *one.theirs)) return kept;
    const auto has_the_bases = [&](const view& side) {
      return one.base != nullptr && same_records(side, *one.base);
    };
    if (has_the_bases(*one.ours) || has_the_bases(*one.theirs)) return kept;
    if (caution_in_words(one.result->status.text()) >= caution_in_words("pending-recompat-check"))
      return kept;
    return shown(one.key) + " reads what nobody has judged, and is " + shown(one.result->status.text());
  });
}

breach records_are_never_mixed(const merge_case& given) {
  return for_each(given, [](const four& one, const lockfile&) -> breach {
    if (one.result == nullptr) return kept;
    const auto are_of = [&](const view* side) { return side != nullptr && same_records(*one.result, *side); };
    return are_of(one.ours) || are_of(one.theirs) ? breach(kept) : shown(one.key) + " has mixed records";
  });
}

breach a_merge_invents_no_history(const merge_case& given) {
  return for_each(given, [](const four& one, const lockfile& result) -> breach {
    if (one.result == nullptr) return kept;
    const auto log = one.result->state_history.entries();
    const auto count_in = [](const view* side, const audit_entry& item) {
      return side == nullptr ? 0 : std::ranges::count(side->state_history.entries(), item);
    };
    // What both logs begin with, and hold once, stands once.
    if (one.ours != nullptr && one.theirs != nullptr && !one.ours->state_history.entries().empty()) {
      const audit_entry& first = one.ours->state_history.entries().front();
      const bool begins_both = count_in(one.ours, first) == 1 && count_in(one.theirs, first) == 1 &&
                               one.theirs->state_history.entries().front() == first;
      if (begins_both && count_in(one.result, first) > 1) return shown(one.key) + " says a beginning twice";
    }
    std::size_t invented = 0;
    for (std::size_t i = 0; i < log.size(); ++i) {
      const auto recorded = count_in(one.ours, log[i]) + count_in(one.theirs, log[i]);
      const bool again = std::ranges::count(log.subspan(i + 1), log[i]) > 0;
      if (again || std::ranges::count(log, log[i]) <= recorded) continue;
      ++invented;
      const bool is_last = i + 1 == log.size();
      const bool of_bump = is_last && log[i].from == "ready" && log[i].to == "pending-recompat-check" &&
                           log[i].trigger.starts_with("dependee-bump:") &&
                           result.find_adapter(log[i].trigger.substr(14)) != nullptr;
      const bool of_merge = is_last && log[i].trigger == "merge" && log[i].to != "ready" &&
                            log[i].to == one.result->status.text();
      if (!of_bump && !of_merge) return shown(one.key) + " has an item that no side has";
    }
    return invented <= 1 ? breach(kept) : shown(one.key) + " has several new items";
  });
}

breach a_joined_log_ends_in_its_status(const merge_case& given) {
  return for_each(given, [](const four& one, const lockfile&) -> breach {
    if (one.result == nullptr || !one.by_us() || !one.by_them()) return kept;
    const auto is = [&](const view* side) { return side != nullptr && *one.result == *side; };
    if (is(one.ours) || is(one.theirs)) return kept;
    const auto log = one.result->state_history.entries();
    if (log.size() > audit_log::entries_max) return shown(one.key) + " has too long a log";
    // What both sides recorded without a log needs none.
    if (log.empty()) return kept;
    if (log.back().to != one.result->status.text()) return shown(one.key) + " has a log that ends elsewhere";
    return kept;
  });
}

breach a_removal_is_obeyed_unless_it_was_changed(const merge_case& given) {
  return for_each(given, [](const four& one, const lockfile&) -> breach {
    if (one.base == nullptr) return kept;
    const view* left = one.ours == nullptr ? one.theirs : one.theirs == nullptr ? one.ours : nullptr;
    if (one.ours != nullptr && one.theirs != nullptr)
      return one.result != nullptr ? breach(kept) : shown(one.key) + " is gone, and nobody removed it";
    const bool expected = left != nullptr && one.changed_by(left);
    if (expected == (one.result != nullptr)) return kept;
    return shown(one.key) + (expected ? " was changed, and is gone" : " was removed, and is there");
  });
}

breach an_adapter_that_is_read_is_not_removed(const merge_case& given) {
  return for_each(given, [&](const four& one, const lockfile& result) -> breach {
    if (one.result == nullptr) return kept;
    for (const dependency& item : one.result->depends_on) {
      const bool somebody_has_it = given.ours.find_adapter(item.adapter) != nullptr ||
                                   given.theirs.find_adapter(item.adapter) != nullptr;
      if (somebody_has_it && result.find_adapter(item.adapter) == nullptr)
        return shown(item.adapter) + " is gone, and " + shown(one.key) + " reads from it";
    }
    return kept;
  });
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
