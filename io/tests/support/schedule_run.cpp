#include "schedule_run.hpp"

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

schedule_run::schedule_run(std::unique_ptr<scenario> what) : scenario_(std::move(what)) {
  scenario_->disk = &disk_;
  scenario_->set_up(disk_);
  actors_ = scenario_->actors();
  for (std::size_t i = 0; i < actors_.size(); ++i) {
    auto made = std::make_unique<process_state>(disk_, *this, first_process + static_cast<int>(i));
    made->strand.start([this, i] { actors_[i].program(processes_[i]->process); });
    processes_.push_back(std::move(made));
  }
}

bool schedule_run::can_go_on(const process_state& who) const {
  if (who.strand.has_finished()) return false;
  if (!who.waits || disk_.clock.boot >= who.until) return true;
  return who.waits_for_file >= 0 && !disk_.is_locked_by_another(who.waits_for_file);
}

void schedule_run::wants_lock(int process, int file, std::chrono::nanoseconds until) {
  process_state& who = *processes_[index_of(process)];
  who.waits = true;
  who.waits_for_file = file;
  who.until = until;
}

void schedule_run::observed(int process, std::string_view what) {
  auto& knows = processes_[index_of(process)]->knows;
  knows = mix(knows, what);
}

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

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
