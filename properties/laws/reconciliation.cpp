#include "reconciliation.hpp"

#include <algorithm>
#include <array>

#include "shown.hpp"
#include "step_reading.hpp"

namespace agentslock::laws {
namespace {

using operations::reconcile;

/// The pass of a step, when it was one and took place.
const reconcile* pass_of(const kernel_step& step) {
  return step.result.refused ? nullptr : std::get_if<reconcile>(&step.done.what);
}

const std::string* held(const store_contents& store, view_key key) {
  const auto found = store.digests.find(owned_key(key));
  return found == store.digests.end() ? nullptr : &found->second;
}

/// The reason for which a pass must move a view; empty when it must not. Plain comparisons, no table.
std::string_view reason_to_move(const view& entry, const std::string* digest) {
  const std::string_view status = entry.status.text();
  if (status == "ready") {
    if (digest == nullptr) return "view tables absent";
    if (entry.view_digest.empty() || *digest != entry.view_digest) return "view digest mismatch";
    return {};
  }
  if (status == "pending-rebuild" || status == "pending-recompat-check" || status == "dsl-update-required")
    return {};
  return "invalid view_status";
}

/// What a pass tells and asks, in the order of its calls.
class told : public reconcile_visitor {
 public:
  std::vector<std::string> lines;
  std::vector<owned_key> asked;

  void changed(const state_change& one) override {
    lines.push_back(shown(one.key) + ": " + shown(one.from) + " to " + std::string(spelling(one.to)) + ", " +
                    std::string(one.reason));
  }
  void validation_due(view_key key) override { lines.push_back(shown(key) + " is due"); }
  void gate_shut(view_key key) override { lines.push_back(shown(key) + " is shut"); }
  void every_digest_differs(std::string_view adapter) override {
    lines.push_back(shown(adapter) + " differs");
  }
};

/// What the store of a step says when it is asked about a view.
std::optional<presence> answer(const store_contents& store, view_key key) {
  if (store.unknown && *store.unknown == key) return std::nullopt;
  const std::string* digest = held(store, key);
  return digest == nullptr ? presence{} : presence{true, *digest};
}

std::vector<owned_key> keys_in(const lockfile& file, std::string_view status) {
  std::vector<owned_key> keys;
  for (view_key key : file.view_keys()) {
    if (file.find_view(key)->status.text() == status) keys.emplace_back(key);
  }
  return keys;
}

}  // namespace

breach reconcile_never_yields_ready(const kernel_step& step) {
  const reconcile* pass = pass_of(step);
  if (pass == nullptr) return kept;
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (after == nullptr || after->status.text() != "ready") return kept;
    const std::string* digest = held(pass->store, key);
    const bool may = before != nullptr && before->status.text() == "ready" && digest != nullptr &&
                     !digest->empty() && *digest == after->view_digest;
    return may ? breach(kept) : shown(key) + " is ready after the pass";
  });
}

breach reconcile_does_what_its_table_says(const kernel_step& step) {
  const reconcile* pass = pass_of(step);
  if (pass == nullptr) return kept;
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (before == nullptr || after == nullptr) return shown(key) + " came or went";
    const bool moves = !reason_to_move(*before, held(pass->store, key)).empty();
    const std::string_view expected = moves ? std::string_view("pending-rebuild") : before->status.text();
    if (after->status.text() != expected) return shown(key) + " is " + std::string(after->status.text());
    return moves || *before == *after ? breach(kept) : shown(key) + " did not move, and changed";
  });
}

breach reconcile_reports_exactly_what_it_changed(const kernel_step& step) {
  const reconcile* pass = pass_of(step);
  if (pass == nullptr) return kept;
  const auto& changes = step.result.reconciled.changes;
  auto next = changes.begin();
  auto broken = for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (before == nullptr || after == nullptr || *before == *after) return kept;
    if (next == changes.end() || next->key != owned_key(key))
      return shown(key) + " changed and is not reported in turn";
    const bool right = next->from == before->status.text() && spelling(next->to) == after->status.text() &&
                       next->reason == reason_to_move(*before, held(pass->store, key));
    ++next;
    return right ? breach(kept) : shown(key) + " is reported otherwise than it changed";
  });
  if (broken) return broken;
  if (next != changes.end()) return shown(next->key) + " is reported and did not change";
  if (step.result.reconciled.counts.changed != changes.size()) return "the changes are counted wrong";
  return kept;
}

breach reconcile_asks_once_for_each_ready_view(const kernel_step& step) {
  if (pass_of(step) == nullptr) return kept;
  const auto expected = keys_in(step.before, "ready");
  if (step.result.reconciled.asked == expected) return kept;
  return "it asked " + std::to_string(step.result.reconciled.asked.size()) + " times for " +
         std::to_string(expected.size()) + " ready views";
}

breach reconcile_tells_what_is_due_and_shut(const kernel_step& step) {
  if (pass_of(step) == nullptr) return kept;
  const reconcile_found& found = step.result.reconciled;
  if (found.due != keys_in(step.before, "pending-recompat-check")) return "other validations are due";
  if (found.shut != keys_in(step.before, "dsl-update-required")) return "other gates are shut";
  const bool counted =
      found.counts.validation_due == found.due.size() && found.counts.gates_shut == found.shut.size();
  return counted ? breach(kept) : "what is due or shut is counted wrong";
}

breach reconcile_counts_the_views_by_their_states(const kernel_step& step) {
  if (pass_of(step) == nullptr) return kept;
  const auto& counted = step.result.reconciled.counts.by_state;
  std::array<std::size_t, view_state_count> expected{};
  for (view_key key : step.after.view_keys())
    ++expected[static_cast<std::size_t>(step.after.state(key))];
  return counted == expected ? breach(kept) : "the views are counted wrong";
}

breach reconcile_names_the_adapters_that_all_differ(const kernel_step& step) {
  const reconcile* pass = pass_of(step);
  if (pass == nullptr) return kept;
  std::vector<std::string> expected;
  for (const auto& [adapter_name, owner] : step.before.adapters()) {
    std::size_t present = 0;
    std::size_t different = 0;
    for (const auto& [view_name, entry] : owner.views) {
      const std::string* digest = held(pass->store, {adapter_name, view_name});
      if (entry.status.text() != "ready" || digest == nullptr) continue;
      ++present;
      if (entry.view_digest.empty() || *digest != entry.view_digest) ++different;
    }
    if (present > 0 && present == different) expected.emplace_back(adapter_name);
  }
  return step.result.reconciled.adapters_all_different == expected ? breach(kept) : "it names others";
}

breach a_whole_pass_is_a_marking_and_then_a_pass(const kernel_step& step) {
  const auto* pass = std::get_if<reconcile>(&step.done.what);
  if (pass == nullptr) return kept;
  lockfile expected = step.before;
  told expected_told;
  std::optional<refusal> expected_refusal;
  reconcile_counts expected_counts;
  const auto marked = expected.mark_missed_bumps(step.done.now);
  if (marked) {
    const auto ask = [&](view_key key) {
      expected_told.asked.emplace_back(key);
      return answer(pass->store, key);
    };
    const auto counts = expected.reconcile(ask, expected_told, step.done.now);
    if (counts) {
      expected_counts = *counts;
    } else {
      expected_refusal = counts.why();
    }
  } else {
    expected_refusal = marked.why();
  }

  lockfile file = step.before;
  told found;
  breach wrong_question;
  const auto ask = [&](const presence_questions& about) -> std::optional<std::vector<presence>> {
    if (about.keys.empty()) wrong_question = "it asks about nothing";
    if (about.keys.size() != about.recorded.size()) wrong_question = "a question has not a digest a key";
    if (wrong_question) return std::nullopt;
    if (!found.asked.empty() && found.asked.back().adapter == about.keys.front().adapter)
      wrong_question = "it asks twice about " + shown(about.keys.front().adapter);
    std::vector<presence> answers;
    for (std::size_t i = 0; i < about.keys.size(); ++i) {
      found.asked.emplace_back(about.keys[i]);
      if (about.recorded[i] != step.before.find_view(about.keys[i])->view_digest)
        wrong_question = shown(about.keys[i]) + " records another digest";
      const auto one = answer(pass->store, about.keys[i]);
      if (!one) return std::nullopt;
      answers.push_back(*one);
    }
    return answers;
  };
  const auto report = file.whole_pass(ask, found, step.done.now);
  if (wrong_question) return wrong_question;
  if (report.has_value() == expected_refusal.has_value()) return "only one of the two is refused";
  if (!report) {
    if (report.why().code != expected_refusal->code) return "it is refused for another reason";
    return file == step.before && found.lines.empty() ? breach(kept) : "it was refused, and did something";
  }
  if (!(file == expected)) return "it leads to another lockfile";
  for (view_key key : file.view_keys()) {
    if (file.find_view(key)->touched != expected.find_view(key)->touched)
      return shown(key) + " is touched otherwise";
  }
  if (found.lines != expected_told.lines) return "it tells something else";
  if (found.asked != expected_told.asked) return "it asks about others";
  if (report->missed != *marked || report->missing != step.before.missing_dependees())
    return "it reports other dependees";
  const reconcile_counts& counts = report->counts;
  const bool counted =
      counts.changed == expected_counts.changed && counts.validation_due == expected_counts.validation_due &&
      counts.gates_shut == expected_counts.gates_shut && counts.by_state == expected_counts.by_state;
  return counted ? breach(kept) : "it counts otherwise";
}

breach reconcile_again_changes_nothing(const kernel_step& step) {
  const auto* pass = std::get_if<reconcile>(&step.done.what);
  if (pass == nullptr) return kept;
  const reconcile_found& found = step.result.reconciled;
  if (step.result.refused) {
    const bool silent = found.changes.empty() && found.due.empty() && found.shut.empty() &&
                        found.adapters_all_different.empty();
    return silent ? breach(kept) : "it was refused and told the visitor something";
  }
  lockfile again = step.after;
  const operation_result second = apply(again, step.done);
  if (second.refused) return "it is refused the second time";
  if (!second.reconciled.changes.empty()) return "it reports changes the second time";
  return again == step.after ? breach(kept) : "it changes something the second time";
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
