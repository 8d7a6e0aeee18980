#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <list>
#include <thread>
#include <utility>

#include "agentslock/io/program.hpp"
#include "running_program.hpp"

namespace agentslock {
namespace {

using std::chrono::milliseconds;

/// How long to wait before a program is started again for which the system was short of something, and how often when none
/// of ours runs that could give it back.
constexpr milliseconds between_starts{50};
constexpr int starts_max = 40;
/// How long to wait at once where nothing would wake us when a stop is asked for.
constexpr milliseconds between_looks{50};
constexpr std::chrono::seconds between_tellings{1};

/// Becomes readable when a stop is asked for.
class stop_waker {
 public:
  explicit stop_waker(const std::stop_token& stop)
      : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), callback_(stop, ring{event_.number()}) {}

  [[nodiscard]] pollfd waits_for() const noexcept { return {event_.number(), POLLIN, 0}; }
  [[nodiscard]] bool wakes() const noexcept { return static_cast<bool>(event_); }

 private:
  /// Called in the thread that asks for the stop.
  struct ring {
    int event;
    void operator()() const noexcept { (void)::eventfd_write(event, 1); }
  };

  descriptor event_;
  std::stop_callback<ring> callback_;
};

/// Runs programs in one thread, around poll(2).
class program_runner {
 public:
  program_runner(std::span<const program_call> calls, const program_limits& limits,
                 program_output_visitor output, program_progress_visitor progress)
      : calls_(calls),
        limits_(limits),
        output_(output),
        progress_(progress),
        waker_(limits.stop),
        outcomes_(calls.size()) {}

  [[nodiscard]] std::vector<program_outcome> run() && {
    for (;;) {
      start_more();
      if (running_.empty() && next_ == calls_.size()) return std::move(outcomes_);
      wait();
      go_on();
    }
  }

 private:
  struct slot {
    slot(started_program started, std::size_t number, const program_limits& limits,
         program_clock::time_point now)
        : program(std::move(started), number, limits, now), told_at(now + between_tellings) {}

    running_program program;
    program_clock::time_point told_at;
  };

  void start_more() {
    while (next_ < calls_.size()) {
      if (limits_.stop.stop_requested()) return start_none();
      if (running_.size() >= std::max<std::size_t>(limits_.jobs, 1)) return;
      if (start_at_ && program_clock::now() < *start_at_) return;
      const auto now = program_clock::now();
      auto started = start_program(calls_[next_]);
      if (started) {
        starts_ = 0;
        start_at_.reset();
        running_.emplace_back(std::move(*started), next_, limits_, now);
        tell(program_phase::started, next_++, {}, nullptr);
      } else if (started.error().passing && (!running_.empty() || ++starts_ < starts_max)) {
        start_at_ = now + between_starts;
        return;
      } else {
        starts_ = 0;
        start_at_.reset();
        outcomes_[next_].why = std::move(started.error().what);
        ended(next_++);
      }
    }
  }

  void start_none() {
    for (; next_ < calls_.size(); ++next_)
      outcomes_[next_].why = "it was not started, as a stop was asked for";
  }

  /// Waits until something happens or is due.
  void wait() {
    std::vector<pollfd> wait_for;
    wait_for.reserve(running_.size() * running_program::descriptors + 1);
    std::optional<program_clock::time_point> until;
    const auto not_after = [&](program_clock::time_point when) {
      until = until ? std::min(*until, when) : when;
    };
    for (const slot& one : running_) {
      for (const pollfd& each : one.program.waits_for())
        wait_for.push_back(each);
      if (const auto due = one.program.due()) not_after(*due);
      not_after(one.told_at);
    }
    if (next_ < calls_.size() && start_at_) not_after(*start_at_);
    if (!stopping_) wait_for.push_back(waker_.waits_for());
    const auto now = program_clock::now();
    if (!stopping_ && !waker_.wakes()) not_after(now + between_looks);
    // Rounded up: else the last millisecond would be spent asking again and again.
    const auto left = until ? std::chrono::ceil<milliseconds>(*until - now) : milliseconds(60'000);
    const auto bounded = std::clamp(left, milliseconds(0), milliseconds(60'000));
    if (::poll(wait_for.data(), wait_for.size(), static_cast<int>(bounded.count())) < 0 && errno != EINTR)
      std::this_thread::sleep_for(milliseconds(10));  // no memory for it
  }

  void go_on() {
    stopping_ = limits_.stop.stop_requested();
    for (auto one = running_.begin(); one != running_.end();) {
      const std::size_t number = one->program.number();
      const auto now = program_clock::now();
      if (auto outcome = one->program.go_on(now, stopping_, output_)) {
        outcomes_[number] = std::move(*outcome);
        one = running_.erase(one);
        ended(number);
        continue;
      }
      if (now >= one->told_at) {
        one->told_at = now + between_tellings;
        tell(program_phase::running, number, now - one->program.began(), nullptr);
      }
      ++one;
    }
  }

  void ended(std::size_t number) {
    ++ended_;
    tell(program_phase::ended, number, outcomes_[number].took, &outcomes_[number]);
  }

  void tell(program_phase phase, std::size_t number, std::chrono::nanoseconds took,
            const program_outcome* outcome) {
    progress_({phase, number, calls_[number].name, took, ended_, calls_.size(), outcome});
  }

  std::span<const program_call> calls_;
  const program_limits& limits_;
  program_output_visitor output_;
  program_progress_visitor progress_;
  stop_waker waker_;
  std::vector<program_outcome> outcomes_;
  std::list<slot> running_;
  /// The next call to be started.
  std::size_t next_ = 0;
  std::size_t ended_ = 0;
  /// How often its start was tried, and when it is tried again.
  int starts_ = 0;
  std::optional<program_clock::time_point> start_at_;
  bool stopping_ = false;
};

}  // namespace

std::string to_string(const program_progress& progress) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(progress.took).count();
  return std::to_string(progress.ended) + "/" + std::to_string(progress.total) + " " +
         std::string(progress.name) + " " + std::to_string(seconds) + " s";
}

program_outcome run_program(const program_call& call, const program_limits& limits,
                            program_output_visitor output) {
  auto outcomes = program_runner({&call, 1}, limits, output, ignored_progress).run();
  return std::move(outcomes.front());
}

std::vector<program_outcome> run_programs(std::span<const program_call> calls, const program_limits& limits,
                                          program_output_visitor output, program_progress_visitor progress) {
  return program_runner(calls, limits, output, progress).run();
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
