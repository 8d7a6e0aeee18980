#include "cutover.hpp"

#include <algorithm>

#include "shown.hpp"
#include "step_reading.hpp"

namespace agentslock::laws {
namespace {

using operations::cutover;

const cutover* cutover_of(const kernel_step& step) {
  return step.result.refused ? nullptr : std::get_if<cutover>(&step.done.what);
}

const cutover::judged_view* verdict_on(const cutover& done, view_key key) {
  const auto found = std::ranges::find(done.verdicts, owned_key(key), &cutover::judged_view::key);
  return found == done.verdicts.end() ? nullptr : &*found;
}

bool knows_schema(const view& entry, const cutover& done) {
  return std::ranges::all_of(entry.depends_on, [&](const dependency& item) {
    return item.adapter != done.dependee || item.schema_digest == done.schema_digest;
  });
}

bool is_candidate(const view& entry, const cutover& done) {
  const bool reads =
      std::ranges::find(entry.depends_on, done.dependee, &dependency::adapter) != entry.depends_on.end();
  return reads && (entry.status.text() != "ready" || !knows_schema(entry, done));
}

/// Calls for each view that a cutover had to judge: before, and what became of it.
template <class Check>
breach for_each_candidate(const kernel_step& step, const cutover& done, Check check) {
  return for_each_view(step, [&](view_key key, const view* before, const view* after) -> breach {
    if (before == nullptr || !is_candidate(*before, done)) return kept;
    if (after == nullptr) return shown(key) + " is gone";
    const auto* judged = verdict_on(done, key);
    if (judged == nullptr) return shown(key) + " was not judged";
    if (auto broken = check(*before, *after, *judged)) return shown(key) + " " + *broken;
    return kept;
  });
}

}  // namespace

breach a_cutover_activates_exactly_when_nothing_blocks(const kernel_step& step) {
  const cutover* done = cutover_of(step);
  if (done == nullptr) return kept;
  const cutover_report& found = step.result.cut_over;
  std::vector<owned_key> blocking;
  (void)for_each_view(step, [&](view_key key, const view* before, const view*) -> breach {
    const auto* judged = verdict_on(*done, key);
    if (before != nullptr && is_candidate(*before, *done) && judged != nullptr &&
        judged->judged == verdict::failed)
      blocking.emplace_back(key);
    return kept;
  });
  if (found.blockers != blocking) return "it names other blockers than those that failed";
  if (found.activated != blocking.empty())
    return "it activates in spite of a blocker, or refuses without one";
  const adapter* before = step.before.find_adapter(done->dependee);
  const adapter* after = step.after.find_adapter(done->dependee);
  if (!found.activated) {
    if ((before == nullptr) != (after == nullptr))
      return "the dependee's entry came or went, and it was not activated";
    return before == nullptr || same_texts(*before, *after) ? breach(kept) : "the dependee's entry changed";
  }
  const bool right = after != nullptr && after->schema_digest == done->schema_digest &&
                     after->source_digest == done->source_digest &&
                     after->activated_at == format_rfc3339(step.done.now)->view();
  return right ? breach(kept) : "the dependee's entry does not have the new schema";
}

breach a_cutover_judges_every_candidate(const kernel_step& step) {
  const cutover* done = cutover_of(step);
  if (done == nullptr) return kept;
  std::size_t judged_views = 0;
  auto broken = for_each_candidate(
      step, *done, [&](const view& before, const view& after, const cutover::judged_view& judged) -> breach {
        ++judged_views;
        const std::string_view from = before.status.text();
        const bool passed = judged.judged == verdict::passed;
        std::string_view expected = passed ? "pending-rebuild" : "dsl-update-required";
        if (from == "pending-rebuild") expected = from;
        if (after.status.text() != expected) return "is " + std::string(after.status.text());
        return kept;
      });
  if (broken) return broken;
  const cutover_report& found = step.result.cut_over;
  if (found.passed.size() + found.failed.size() != judged_views) return "it reports other verdicts";
  return kept;
}

breach a_cutover_believes_no_stale_verdict(const kernel_step& step) {
  const cutover* done = cutover_of(step);
  if (done == nullptr) return kept;
  return for_each_candidate(
      step, *done, [&](const view& before, const view&, const cutover::judged_view&) -> breach {
        for (const auto& [name, schema_digest] : done->schemas_given) {
          const adapter* active = step.before.find_adapter(name);
          const bool is_active = active != nullptr && active->schema_digest == schema_digest;
          if (!is_active && before.reads_from(name)) return "was judged against another schema";
        }
        return kept;
      });
}

breach a_cutover_records_the_schema_that_was_judged(const kernel_step& step) {
  const cutover* done = cutover_of(step);
  if (done == nullptr) return kept;
  const auto now = format_rfc3339(step.done.now);
  return for_each_candidate(
      step, *done, [&](const view& before, const view& after, const cutover::judged_view& judged) -> breach {
        if (after.last_validation_at != now->view()) return "has another last_validation_at";
        if (judged.judged == verdict::failed)
          return before.depends_on == after.depends_on ? breach(kept) : "failed and has other dependencies";
        if (!judged.new_dependencies.empty()) {
          return same_dependencies(after.depends_on, judged.new_dependencies) ? breach(kept)
                                                                              : "lacks the new dependencies";
        }
        auto expected = before.depends_on;
        for (dependency& item : expected) {
          if (item.adapter == done->dependee) item = {item.adapter, done->schema_digest, done->version};
        }
        return expected == after.depends_on ? breach(kept) : "does not record the new schema";
      });
}

breach after_a_cutover_every_ready_dependent_has_the_new_schema(const kernel_step& step) {
  const cutover* done = cutover_of(step);
  if (done == nullptr || !step.result.cut_over.activated) return kept;
  return for_each_view(step, [&](view_key key, const view*, const view* after) -> breach {
    if (after == nullptr || after->status.text() != "ready" || knows_schema(*after, *done)) return kept;
    return shown(key) + " is ready and records another schema of " + shown(done->dependee);
  });
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
