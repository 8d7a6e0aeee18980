#include "agentslock/io/validate_document.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "agentslock/kernel/waiting.hpp"
#include "chosen_views.hpp"

namespace agentslock {
namespace {

/// Records one verdict. Why it could not be, when it could not.
std::optional<std::string> record(lockfile& file, const view_facts& facts, const validator_answer& answer,
                                  timestamp now) {
  std::vector<dependency> printed;
  for (const owned_dependency& one : answer.new_dependencies)
    printed.push_back({one.adapter, one.schema_digest, one.version});
  const verdict judged = answer.verdict == program_verdict::passed ? verdict::passed : verdict::failed;
  const outcome<> done = file.revalidate({facts.adapter, facts.view}, judged, printed, now);
  if (!done) return done.why().message;
  return std::nullopt;
}

/// Whether a view is to be judged, of those that the choice covers.
bool is_due(const lockfile& file, const waiting& waits, view_key key, const view_choice& chosen) {
  if (!chosen.covers(key)) return false;
  if (file.state(key) == view_state::dsl_update_required) return chosen.retry || chosen.view.has_value();
  return waits.is_validation_due(key);
}

/// One round's verdicts.
class round_of_verdicts {
 public:
  round_of_verdicts(const lockfile& as_given, std::span<const view_facts> facts,
                    std::span<const validator_answer> answers)
      : as_given_(as_given), facts_(facts), answers_(answers) {}

  [[nodiscard]] bool any_counts() const {
    return std::ranges::any_of(
        answers_, [](const validator_answer& one) { return one.verdict != program_verdict::could_not_tell; });
  }

  /// Records what counts. May be called again, with the document as another program made it.
  void apply(lockfile& file, timestamp now) {
    found_.clear();
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      const view_key key{facts_[i].adapter, facts_[i].view};
      validated::judged_view one{owned(key), answers_[i].verdict, answers_[i].why, facts_[i].status,
                                 facts_[i].status};
      if (one.verdict != program_verdict::could_not_tell) {
        // What has changed meanwhile is judged again, if it is still due.
        if (!file.same_facts(as_given_, key)) continue;
        if (auto why = record(file, facts_[i], answers_[i], now)) {
          one.verdict = program_verdict::could_not_tell;
          one.why = std::move(*why);
        }
        one.to = file.find_view(key)->status.text();
      }
      found_.insert_or_assign(one.key, std::move(one));
    }
  }

  /// Whether the last application recorded a verdict.
  [[nodiscard]] bool recorded_any() const {
    return std::ranges::any_of(
        found_, [](const auto& one) { return one.second.verdict != program_verdict::could_not_tell; });
  }

  [[nodiscard]] std::map<named_view, validated::judged_view>& found() noexcept { return found_; }

 private:
  const lockfile& as_given_;
  std::span<const view_facts> facts_;
  std::span<const validator_answer> answers_;
  std::map<named_view, validated::judged_view> found_;
};

}  // namespace

std::size_t validated::count(program_verdict verdict) const noexcept {
  return static_cast<std::size_t>(std::ranges::count(views, verdict, &judged_view::verdict));
}

result<validated> validate_document(const lockfile_store& store, const view_choice& chosen,
                                    view_validator& validator, const work_options& how) {
  validated done;
  // Those whose facts changed while they were judged; nothing before the first round.
  std::optional<std::map<named_view, std::string>> again;
  for (int round = 0; round < work_rounds_max; ++round) {
    const auto loaded = store.load();
    if (!loaded) return loaded.error();
    const lockfile& file = loaded->file();
    if (const auto known = check_choice(file, chosen); !known) return known.error();
    const waiting waits(file);
    const std::vector<view_facts> facts = facts_of_views(file, [&](view_key key) {
      return is_due(file, waits, key, chosen) && (!again || again->contains(owned(key)));
    });
    again.emplace();
    if (facts.empty()) break;
    const std::vector<validator_answer> answers = validator.judge(facts, how);
    round_of_verdicts verdicts(file, facts, answers);
    if (verdicts.any_counts()) {
      const auto written = store.update([&](lockfile& now) -> result<> {
        verdicts.apply(now, store.now());
        return {};
      });
      if (!written) return written.error();
      done.written = done.written || verdicts.recorded_any();
    } else {
      lockfile unchanged = file;
      verdicts.apply(unchanged, store.now());
    }
    for (const view_facts& one : facts) {
      const named_view key{one.adapter, one.view};
      if (const auto found = verdicts.found().find(key); found != verdicts.found().end()) {
        done.views.push_back(std::move(found->second));
      } else {
        again->emplace(key, one.status);
      }
    }
    if (again->empty()) break;
  }
  for (const auto& [key, status] : *again) {
    done.views.push_back({key, program_verdict::could_not_tell,
                          "other programs kept changing it or a schema that it reads while it was judged",
                          status, status});
  }
  std::ranges::sort(done.views, {}, &validated::judged_view::key);
  return done;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
