#include "audit_log.hpp"

#include <algorithm>
#include <vector>

#include "shown.hpp"
#include "step_reading.hpp"

namespace agentslock::laws {
namespace {

using entries = std::span<const audit_entry>;

entries log_of(const view* entry) {
  return entry == nullptr ? entries() : entry->state_history.entries();
}

/// How many transitions a step took a view through.
std::size_t moves_of(const kernel_step& step, const view* before, const view* after) {
  if (before == nullptr) return 1;
  const view_state from = before->status.state();
  const view_state to = after->status.state();
  const bool cuts_over = std::holds_alternative<operations::cutover>(step.done.what);
  if (cuts_over && from == view_state::ready && to != view_state::ready) return 2;  // frozen, then judged
  return before->status == after->status ? 0 : 1;
}

/// Calls for each view that a step moved, with its log before and after and the number of moves.
template <class Check>
breach for_each_moved(const kernel_step& step, Check check) {
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (after == nullptr) return kept;
    const std::size_t moves = moves_of(step, before, after);
    if (moves == 0) return kept;
    if (log_of(after).size() < moves) return shown(key) + " has a log that is too short";
    if (auto broken = check(log_of(before), *after, moves)) return shown(key) + " " + *broken;
    return kept;
  });
}

/// The first adapter that a view reads from, and of which it records another schema than the active one; empty when there
/// is none.
std::string first_other_schema(const lockfile& file, const view& entry) {
  for (const dependency& item : entry.depends_on) {
    const adapter* active = file.find_adapter(item.adapter);
    if (active != nullptr && !item.schema_digest.empty() && item.schema_digest != active->schema_digest)
      return std::string(item.adapter);
  }
  return {};
}

std::string in_words(const audit_entry& one) {
  return std::string(one.from) + " -> " + std::string(one.to) + " by " + std::string(one.trigger);
}

}  // namespace

breach the_log_grows_by_the_moves_of_the_step(const kernel_step& step) {
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (after == nullptr) return kept;
    const std::size_t moves = moves_of(step, before, after);
    if (moves == 0 && !std::ranges::equal(log_of(before), log_of(after))) return shown(key) + " did not move";
    const std::size_t expected =
        moves == 0 ? log_of(before).size() : std::min(log_of(before).size() + moves, audit_log::entries_max);
    if (log_of(after).size() == expected) return kept;
    return shown(key) + " has " + std::to_string(log_of(after).size()) + " entries and not " +
           std::to_string(expected);
  });
}

breach the_log_is_the_last_20_of_the_full_trace(const kernel_step& step) {
  return for_each_moved(step, [](entries before, const view& after, std::size_t moves) -> breach {
    const entries now = log_of(&after);
    std::vector<audit_entry> trace(before.begin(), before.end());
    trace.insert(trace.end(), now.end() - static_cast<std::ptrdiff_t>(moves), now.end());
    return the_log_is_the_end_of_the_trace(now, trace);
  });
}

breach the_log_ends_in_the_current_status(const kernel_step& step) {
  return for_each_moved(step, [](entries, const view& after, std::size_t) -> breach {
    const audit_entry& last = log_of(&after).back();
    return last.to == after.status.text()
               ? breach(kept)
               : "is " + std::string(after.status.text()) + " after " + in_words(last);
  });
}

breach each_entry_begins_where_its_predecessor_ended(const kernel_step& step) {
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (after == nullptr) return kept;
    const std::size_t moves = moves_of(step, before, after);
    const entries now = log_of(after);
    if (moves == 0 || now.size() < moves) return kept;
    std::string_view at = before == nullptr ? std::string_view() : before->status.text();
    for (const audit_entry& one : now.last(moves)) {
      if (one.from != at) return shown(key) + " was " + std::string(at) + " before " + in_words(one);
      at = one.to;
    }
    return kept;
  });
}

breach every_trigger_is_what_happened(const kernel_step& step) {
  const auto now = format_rfc3339(step.done.now);
  std::string bumped_to;
  const auto note = [&](const auto& one) {
    bumped_to = "dependee-bump:" + one.dependee + (one.version.empty() ? "" : "@" + one.version);
  };
  if (const auto* one = std::get_if<operations::mark_dependee_bumped>(&step.done.what)) note(*one);
  if (const auto* one = std::get_if<operations::cutover>(&step.done.what)) note(*one);
  const bool marks = std::holds_alternative<operations::mark_missed_bumps>(step.done.what);
  return for_each_moved(step, [&](entries, const view& after, std::size_t moves) -> breach {
    // The view's dependencies are what they were; that it was ready then is what `from` says below.
    if (marks) bumped_to = "dependee-bump:" + first_other_schema(step.before, after);
    for (const audit_entry& one : log_of(&after).last(moves)) {
      if (!now || one.at != now->view()) return "moved at another time: " + in_words(one);
      const view_state from = one.trigger == "registered" ? view_state::none : read_state(one.from);
      const auto is_edge = [&](const transition& row) {
        const std::string_view text =
            row.cause == view_event::dependee_bumped ? std::string_view(bumped_to) : row.trigger;
        return row.outcome == step_outcome::moves && row.from == from && name(row.to) == one.to &&
               text == one.trigger;
      };
      if (std::ranges::none_of(transition_table, is_edge)) return "moved by no edge: " + in_words(one);
    }
    return kept;
  });
}

breach the_log_is_the_end_of_the_trace(std::span<const audit_entry> log, std::span<const audit_entry> trace) {
  const entries end = trace.last(std::min(trace.size(), audit_log::entries_max));
  if (std::ranges::equal(log, end)) return kept;
  return "has a log of " + std::to_string(log.size()) + " that is not the end of a trace of " +
         std::to_string(trace.size());
}

breach the_log_is_a_chain(std::span<const audit_entry> log) {
  for (std::size_t i = 1; i < log.size(); ++i) {
    if (log[i].from != log[i - 1].to) return in_words(log[i]) + " follows " + in_words(log[i - 1]);
  }
  return kept;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
