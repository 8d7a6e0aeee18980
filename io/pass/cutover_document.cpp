#include "agentslock/io/cutover_document.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "chosen_views.hpp"

namespace agentslock {
namespace {

/// The facts of a view as they are to be judged: with the new schema in place of the active one.
view_facts facts_for(const lockfile& file, view_key key, const new_dependee& wanted) {
  view_facts facts = facts_of(file, key);
  for (dependee_schemas& one : facts.dependees) {
    if (one.adapter == wanted.name) one.now = schema_identity{wanted.schema_digest, wanted.version};
  }
  return facts;
}

/// One round: the facts that were given, what was answered, and the step that follows.
class round_of_judging {
 public:
  round_of_judging(const lockfile& as_given, const new_dependee& wanted, view_validator& validator,
                   const work_options& how)
      : as_given_(as_given), wanted_(wanted) {
    for (const owned_key& key : as_given.cutover_candidates(wanted.name, wanted.schema_digest))
      facts_.push_back(facts_for(as_given, key, wanted));
    if (!facts_.empty()) answers_ = validator.judge(facts_, how);
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      for (const owned_dependency& one : answers_[i].new_dependencies)
        new_dependencies_[i].push_back({one.adapter, one.schema_digest, one.version});
    }
  }

  [[nodiscard]] std::vector<cut_over::judged_view> judged() const {
    std::vector<cut_over::judged_view> all;
    for (std::size_t i = 0; i < facts_.size(); ++i)
      all.push_back({{facts_[i].adapter, facts_[i].view}, answers_[i].verdict, answers_[i].why});
    return all;
  }

  /// Does the step. Precondition: everyone was judged.
  [[nodiscard]] outcome<cutover_report> apply(lockfile& file, timestamp now) const {
    std::vector<cutover_verdict> verdicts;
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      const bool passed = answers_[i].verdict == program_verdict::passed;
      const auto found = new_dependencies_.find(i);
      verdicts.push_back({{facts_[i].adapter, facts_[i].view},
                          passed ? verdict::passed : verdict::failed,
                          found == new_dependencies_.end() ? std::span<const dependency>() : found->second});
    }
    return file.cutover({wanted_.name, wanted_.source_digest, wanted_.schema_digest, wanted_.version},
                        verdicts, as_given_, now);
  }

 private:
  const lockfile& as_given_;
  const new_dependee& wanted_;
  std::vector<view_facts> facts_;
  std::vector<validator_answer> answers_;
  /// Borrowed from the answers.
  std::map<std::size_t, std::vector<dependency>> new_dependencies_;
};

void take_over(cut_over& into, const cutover_report& report) {
  into.frozen = report.frozen;
  into.blockers = report.blockers;
  into.activated = report.activated;
}

bool must_judge_again(refusal_code why) noexcept {
  return why == refusal_code::facts_are_stale || why == refusal_code::verdict_missing;
}

}  // namespace

bool cut_over::undecided() const noexcept {
  return std::ranges::any_of(
      judged, [](const judged_view& one) { return one.verdict == program_verdict::could_not_tell; });
}

result<cut_over> cutover_document(const lockfile_store& store, const new_dependee& wanted,
                                  view_validator& validator, const work_options& how, cutover_mode mode) {
  for (int round = 0; round < work_rounds_max; ++round) {
    auto loaded = store.load();
    if (!loaded) return loaded.error();
    const lockfile as_given = loaded->file();
    const round_of_judging judging(as_given, wanted, validator, how);
    cut_over done;
    done.judged = judging.judged();
    if (done.undecided()) return done;

    if (mode == cutover_mode::check) {
      const auto report = judging.apply(loaded->file(), store.now());
      if (!report) return error(report.why());
      take_over(done, *report);
      return done;
    }
    bool again = false;
    const auto written = store.update([&](lockfile& file) -> result<> {
      const auto report = judging.apply(file, store.now());
      again = !report && must_judge_again(report.why().code);
      if (!report) return error(report.why());
      take_over(done, *report);
      return {};
    });
    if (written) return done;
    if (!again) return written.error();
  }
  return error(errc::conflict, "the views in " + store.path() + " that read from " + wanted.name +
                                   " keep being changed by other programs while they are judged; try again");
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
