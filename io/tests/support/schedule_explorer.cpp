#include "schedule_explorer.hpp"

#include <ctime>
#include <utility>

#include "kept_exploration.hpp"
#include "schedule_run.hpp"

namespace agentslock::testing {
namespace {

schedule_bounds operator-(schedule_bounds a, schedule_bounds b) {
  return {a.preemptions - b.preemptions, a.crashes - b.crashes, a.time_events - b.time_events};
}

/// Writes down a schedule, a line a step; steps of one process in a row stand together.
std::string write_down(const std::function<std::unique_ptr<scenario>()>& make, schedule_bounds left,
                       const std::vector<decision>& schedule) {
  schedule_run run(make());
  std::string text;
  for (const decision& step : schedule) {
    (void)run.choices(left);  // lets time pass where everybody waits
    left = left - run.cost(step);
    text += "  " + run.describe(step) + "\n";
    run.carry_out(step);
  }
  return text;
}

/// The time that the processors have given this program.
std::chrono::milliseconds processor_time() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::seconds(now.tv_sec) +
                                                               std::chrono::nanoseconds(now.tv_nsec));
}

/// Goes on with `part` until `is_over`.
exploration go_on(const std::function<std::unique_ptr<scenario>()>& make, schedule_bounds bounds,
                  explored_part& part, const std::function<bool()>& is_over) {
  exploration found;
  while (!part.to_do.empty()) {
    if (is_over()) {
      found.ended = false;
      break;
    }
    std::vector<decision> schedule = std::move(part.to_do.back());
    part.to_do.pop_back();
    ++part.schedules;
    const std::size_t given = schedule.size();
    schedule_run run(make());
    schedule_bounds left = bounds;
    const auto violated = [&](std::string what) {
      found.violation = std::move(what);
      found.schedule = write_down(make, bounds, schedule);
      return found;
    };
    for (std::size_t step = 0;; ++step) {
      const std::vector<decision> choices = run.choices(left);
      if (choices.empty()) {
        if (auto wrong = run.of().check_end()) return violated(std::move(*wrong));
        break;
      }
      if (step >= given) {
        if (!part.seen.insert(run.fingerprint_of(left)).second) break;
        for (std::size_t i = 1; i < choices.size(); ++i) {
          std::vector<decision> other = schedule;
          other.push_back(choices[i]);
          part.to_do.push_back(std::move(other));
        }
        schedule.push_back(choices.front());
      }
      left = left - run.cost(schedule[step]);
      run.carry_out(schedule[step]);
      ++part.steps;
      if (auto wrong = run.of().check_step()) {
        schedule.resize(step + 1);
        return violated(std::move(*wrong));
      }
    }
  }
  return found;
}

}  // namespace

std::string exploration::unless_ended() const {
  if (ended) return {};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(processor_time);
  return ", not ended after " + std::to_string(seconds.count()) + " s of a processor";
}

exploration explore(const std::function<std::unique_ptr<scenario>()>& make, schedule_bounds bounds,
                    const exploration_limits& limits) {
  explored_part part;
  if (limits.kept) part = read_kept(*limits.kept);
  const auto before = part.processor_time;
  const auto begin = processor_time();
  const std::size_t schedules_before = part.schedules;
  exploration found = go_on(make, bounds, part, [&] {
    if (limits.schedules_max && part.schedules - schedules_before >= *limits.schedules_max) return true;
    return limits.time_max && before + processor_time() - begin > *limits.time_max;
  });
  part.processor_time = before + processor_time() - begin;
  found.schedules = part.schedules;
  found.states = part.seen.size();
  found.steps = part.steps;
  found.processor_time = part.processor_time;
  if (limits.kept && !found.violation) write_kept(*limits.kept, part);
  return found;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
