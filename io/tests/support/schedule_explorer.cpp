#include "schedule_explorer.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>

namespace agentslock::testing {
namespace {

/// Mixes a text into a hash.
std::uint64_t mix(std::uint64_t hash, std::string_view text) {
  for (char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9ULL + text.size();
}
std::uint64_t mix(std::uint64_t hash, std::uint64_t number) {
  hash ^= number + 0x9E3779B97F4A7C15ULL + (hash << 6) + (hash >> 2);
  return (hash ^ (hash >> 31)) * 0x94D049BB133111EBULL;
}

/// Names of temporary files and of sidecars that were moved aside are unique; nobody looks them up by name.
std::string_view without_unique_part(std::string_view name) {
  for (std::string_view mark : {".tmp-", ".stale-"}) {
    if (const auto at = name.find(mark); at != std::string_view::npos)
      return name.substr(0, at + mark.size());
  }
  return name;
}

std::uint64_t fingerprint(const memory_disk& disk) {
  std::uint64_t hash = mix(1, static_cast<std::uint64_t>(disk.clock.wall.time_since_epoch().count()));
  hash = mix(hash, static_cast<std::uint64_t>(disk.clock.boot.count()));
  for (const auto& [number, node] : disk.inodes()) {
    if (node.hard_links == 0 && !node.lock) continue;
    std::uint64_t one = mix(number, node.data);
    one = mix(one, static_cast<std::uint64_t>(node.modified.time_since_epoch().count()));
    one = mix(one, static_cast<std::uint64_t>(node.changed.time_since_epoch().count()));
    one = mix(one, static_cast<std::uint64_t>(disk.lock_holder(number).value_or(-1)));
    std::uint64_t names = 0;
    for (const auto& [name, to] : node.names)
      names += mix(to, without_unique_part(name));
    hash += mix(one, names);
  }
  return hash;
}

}  // namespace

/// One schedule: the processes, and the scheduler that they yield to.
class schedule_run final : public call_hook {
 public:
  explicit schedule_run(std::unique_ptr<scenario> what) : scenario_(std::move(what)) {
    scenario_->disk = &disk_;
    scenario_->set_up(disk_);
    actors_ = scenario_->actors();
    for (std::size_t i = 0; i < actors_.size(); ++i) {
      auto made = std::make_unique<process_state>(disk_, *this, first_process + static_cast<int>(i));
      made->strand.start([this, i] { actors_[i].program(processes_[i]->process); });
      processes_.push_back(std::move(made));
    }
  }
  ~schedule_run() override { end_all(); }
  schedule_run(const schedule_run&) = delete;
  schedule_run& operator=(const schedule_run&) = delete;

  /// What may happen now, what happens without being told otherwise first. Empty when all have ended.
  [[nodiscard]] std::vector<decision> choices(const schedule_bounds& left);
  /// What a choice takes from the budget.
  [[nodiscard]] schedule_bounds cost(const decision& choice) const;
  void carry_out(const decision& choice);

  [[nodiscard]] std::uint64_t fingerprint_of(const schedule_bounds& left) const;
  [[nodiscard]] scenario& of() noexcept { return *scenario_; }
  [[nodiscard]] std::string describe(const decision& choice) const;

  // What processes do when they come to the scheduler.
  sys_result<> before(const system_call& call) override;
  void wants_lock(int process, int file, std::chrono::nanoseconds until) override {
    process_state& who = *processes_[index_of(process)];
    who.waits = true;
    who.waits_for_file = file;
    who.until = until;
  }
  void wait_for_lock(int process, int file, std::chrono::nanoseconds until) override;
  void sleep(int process, std::chrono::nanoseconds time) override;
  void observed(int process, std::string_view what) override {
    auto& knows = processes_[index_of(process)]->knows;
    knows = mix(knows, what);
  }

 private:
  static constexpr int first_process = 10;

  struct process_state {
    process_state(memory_disk& disk, call_hook& hook, int number) : process(disk, hook, number) {}
    memory_process process;
    fiber strand;
    std::uint64_t knows = 0;
    /// What it waits for, if it does: a lock, or only a time.
    bool waits = false;
    int waits_for_file = -1;
    std::chrono::nanoseconds until{0};
    std::string about_to = "start";
  };

  static std::size_t index_of(int process) { return static_cast<std::size_t>(process - first_process); }
  [[nodiscard]] bool can_go_on(const process_state& who) const {
    if (who.strand.has_finished()) return false;
    if (!who.waits || disk_.clock.boot >= who.until) return true;
    return who.waits_for_file >= 0 && !disk_.is_locked_by_another(who.waits_for_file);
  }
  void end_all();

  memory_disk disk_;
  std::unique_ptr<scenario> scenario_;
  std::vector<actor> actors_;
  std::vector<std::unique_ptr<process_state>> processes_;
  int current_ = -1;
};

sys_result<> schedule_run::before(const system_call& call) {
  process_state& who = *processes_[index_of(call.process)];
  if (scenario_->is_visible(call)) {
    who.about_to = std::string(name(call.kind)) + " " + call.path;
    who.strand.yield();
  }
  who.waits = false;
  who.waits_for_file = -1;
  if (!who.process.has_ended()) scenario_->about_to(call);
  return {};
}

void schedule_run::wait_for_lock(int process, int file, std::chrono::nanoseconds until) {
  process_state& who = *processes_[index_of(process)];
  who.waits = true;
  who.waits_for_file = file;
  who.until = until;
  who.about_to = "wait for the queue";
  who.strand.yield();
  who.waits = false;
  who.waits_for_file = -1;
}

void schedule_run::sleep(int process, std::chrono::nanoseconds time) {
  process_state& who = *processes_[index_of(process)];
  who.waits = true;
  who.until = disk_.clock.boot + time;
  who.about_to = "sleep";
  who.strand.yield();
  who.waits = false;
}

std::vector<decision> schedule_run::choices(const schedule_bounds& left) {
  std::vector<decision> all;
  const auto unfinished = [&](const auto& who) { return !who->strand.has_finished(); };
  if (std::ranges::none_of(processes_, unfinished)) return all;

  const auto any_can = [&] {
    return std::ranges::any_of(processes_, [&](const auto& who) { return can_go_on(*who); });
  };
  if (!any_can()) {
    // Everybody waits: time passes until the first need not.
    auto next = std::chrono::nanoseconds::max();
    for (const auto& who : processes_) {
      if (!who->strand.has_finished() && who->waits) next = std::min(next, who->until);
    }
    disk_.clock.pass(next - disk_.clock.boot);
  }

  const bool current_can = current_ >= 0 && can_go_on(*processes_[index_of(current_)]);
  if (current_can) all.push_back({decision::kind::run, current_, {}});
  for (std::size_t i = 0; i < processes_.size(); ++i) {
    const int number = first_process + static_cast<int>(i);
    if (number == current_ || !can_go_on(*processes_[i])) continue;
    // Of actors that are alike, only the first that has not started.
    const bool another_first = !processes_[i]->strand.has_started() && [&] {
      for (std::size_t k = 0; k < i; ++k) {
        if (actors_[k].kind == actors_[i].kind && !processes_[k]->strand.has_started()) return true;
      }
      return false;
    }();
    const bool idle =
        !processes_[i]->strand.has_started() && current_can && !scenario_->is_worth_starting(number);
    if (!another_first && !idle && (!current_can || left.preemptions > 0))
      all.push_back({decision::kind::run, number, {}});
  }
  if (left.crashes > 0) {
    for (std::size_t i = 0; i < processes_.size(); ++i) {
      const fiber& strand = processes_[i]->strand;
      const int number = first_process + static_cast<int>(i);
      if (strand.has_started() && !strand.has_finished() && scenario_->is_worth_killing(number)) {
        all.push_back({decision::kind::crash, number, {}});
      }
    }
  }
  if (left.time_events > 0 && current_ >= 0) {
    for (const decision& event : scenario_->time_events())
      all.push_back(event);
  }
  return all;
}

schedule_bounds schedule_run::cost(const decision& choice) const {
  const bool current_can = current_ >= 0 && can_go_on(*processes_[index_of(current_)]);
  switch (choice.what) {
    case decision::kind::run:
      return {current_can && choice.process != current_ ? 1 : 0, 0, 0};
    case decision::kind::crash:
      return {0, 1, 0};
    case decision::kind::pass_time:
    case decision::kind::set_clock:
      return {0, 0, 1};
  }
  return {};
}

void schedule_run::carry_out(const decision& choice) {
  switch (choice.what) {
    case decision::kind::run:
      current_ = choice.process;
      processes_[index_of(current_)]->strand.resume();
      break;
    case decision::kind::crash: {
      process_state& who = *processes_[index_of(choice.process)];
      who.process.end();
      scenario_->crashed(choice.process);
      // What it still does has no effect: it only comes to its end.
      while (!who.strand.has_finished())
        who.strand.resume();
      if (current_ == choice.process) current_ = -1;
      break;
    }
    case decision::kind::pass_time:
      disk_.clock.pass(choice.time);
      scenario_->time_has_passed();
      break;
    case decision::kind::set_clock:
      disk_.clock.wall += choice.time;
      scenario_->time_has_passed();
      break;
  }
}

void schedule_run::end_all() {
  for (auto& who : processes_) {
    who->process.end();
    while (!who->strand.has_finished())
      who->strand.resume();
  }
}

std::uint64_t schedule_run::fingerprint_of(const schedule_bounds& left) const {
  std::uint64_t hash = fingerprint(disk_);
  hash = mix(hash, scenario_->fingerprint());
  for (const auto& who : processes_) {
    hash = mix(hash, who->knows);
    hash = mix(hash, who->about_to);
    hash = mix(hash, static_cast<std::uint64_t>(who->waits ? who->until.count() : 0));
    hash = mix(hash, static_cast<std::uint64_t>(who->strand.has_started() ? 1 : 0) +
                         (who->strand.has_finished() ? 2 : 0) + (who->process.has_ended() ? 4 : 0));
  }
  hash = mix(hash, static_cast<std::uint64_t>(current_ + 1));
  return mix(hash,
             static_cast<std::uint64_t>(left.preemptions * 10'000 + left.crashes * 100 + left.time_events));
}

std::string schedule_run::describe(const decision& choice) const {
  const auto seconds =
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(choice.time).count()) + " s";
  switch (choice.what) {
    case decision::kind::pass_time:
      return "        " + seconds + " pass";
    case decision::kind::set_clock:
      return "        the wall clock is set by " + seconds;
    case decision::kind::run:
    case decision::kind::crash:
      break;
  }
  const process_state& who = *processes_[index_of(choice.process)];
  const std::string& called = actors_[index_of(choice.process)].name;
  return choice.what == decision::kind::crash ? called + ": killed before " + who.about_to
                                              : called + ": " + who.about_to;
}

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

}  // namespace

exploration explore(const std::function<std::unique_ptr<scenario>()>& make, schedule_bounds bounds,
                    std::optional<std::chrono::seconds> time_max) {
  const auto begin = std::chrono::steady_clock::now();
  exploration found;
  std::unordered_set<std::uint64_t> seen;
  std::vector<std::vector<decision>> to_do{{}};
  while (!to_do.empty()) {
    if (time_max && std::chrono::steady_clock::now() - begin > *time_max) {
      found.ended = false;
      break;
    }
    std::vector<decision> schedule = std::move(to_do.back());
    to_do.pop_back();
    ++found.schedules;
    const std::size_t given = schedule.size();
    schedule_run run(make());
    schedule_bounds left = bounds;
    const auto violated = [&](std::string what) {
      found.violation = std::move(what);
      found.schedule = write_down(make, bounds, schedule);
      found.states = seen.size();
      return found;
    };
    for (std::size_t step = 0;; ++step) {
      const std::vector<decision> choices = run.choices(left);
      if (choices.empty()) {
        if (auto wrong = run.of().check_end()) return violated(std::move(*wrong));
        break;
      }
      if (step >= given) {
        if (!seen.insert(run.fingerprint_of(left)).second) break;
        for (std::size_t i = 1; i < choices.size(); ++i) {
          std::vector<decision> other = schedule;
          other.push_back(choices[i]);
          to_do.push_back(std::move(other));
        }
        schedule.push_back(choices.front());
      }
      left = left - run.cost(schedule[step]);
      run.carry_out(schedule[step]);
      ++found.steps;
      if (auto wrong = run.of().check_step()) {
        schedule.resize(step + 1);
        return violated(std::move(*wrong));
      }
    }
  }
  found.states = seen.size();
  return found;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
