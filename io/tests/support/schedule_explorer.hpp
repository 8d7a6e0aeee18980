// Runs several processes on one simulated machine under every schedule, up to a bound.
//
// The processes run the real code. Wherever one is about to touch something that another could see, the explorer decides
// who goes on, who dies, and whether time passes. It explores all such decisions depth first, running everything anew for
// each schedule; a state that has been reached before with the same budget left is not explored again. Two states are the
// same when the disk, the clocks and everything that each process has come to know are the same.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fiber.hpp"
#include "memory_platform.hpp"

namespace agentslock::testing {

/// What one schedule may hold beside the processes running to their next wait, each in turn.
struct schedule_bounds {
  /// How often a process that could go on must wait for another.
  int preemptions = 3;
  /// How many processes are killed.
  int crashes = 1;
  /// How often time passes, or the clock is set, while a process is on its way.
  int time_events = 1;
};

/// What happens at one point of a schedule.
struct decision {
  enum class kind : std::uint8_t { run, crash, pass_time, set_clock };
  kind what = kind::run;
  int process = 0;
  std::chrono::nanoseconds time{0};

  friend bool operator==(const decision&, const decision&) = default;
};

class schedule_run;

/// One process of a scenario.
struct actor {
  std::string name;
  std::function<void(memory_process&)> program;
  /// Actors of the same kind are interchangeable: they are started in their order only.
  int kind = 0;
};

/// What is to be explored, and what must hold. Made anew for each schedule.
class scenario {
 public:
  virtual ~scenario() = default;
  virtual void set_up(memory_disk& disk) = 0;
  [[nodiscard]] virtual std::vector<actor> actors() = 0;
  /// Whether other processes could see, or be seen by, this call: only there a schedule branches.
  [[nodiscard]] virtual bool is_visible(const system_call& call) const = 0;
  /// Whether starting, or killing, a process now could lead to anything that starting it later, or killing it at another
  /// moment, could not: what a process that only waits in a queue does, it can as well do later.
  [[nodiscard]] virtual bool is_worth_starting(int /*process*/) const { return true; }
  [[nodiscard]] virtual bool is_worth_killing(int /*process*/) const { return true; }
  /// Is told each call right before it is made, of each death, and when time has passed that nobody waited for.
  virtual void about_to(const system_call&) {}
  virtual void crashed(int /*process*/) {}
  virtual void time_has_passed() {}
  /// Is told after each step; says what is wrong, if something is.
  [[nodiscard]] virtual std::optional<std::string> check_step() { return std::nullopt; }
  /// Is asked when all processes have ended.
  [[nodiscard]] virtual std::optional<std::string> check_end() { return std::nullopt; }
  /// What of the scenario's own memory two states must share to be the same.
  [[nodiscard]] virtual std::uint64_t fingerprint() const { return 0; }
  /// What may pass while a process waits to go on.
  [[nodiscard]] virtual std::vector<decision> time_events() const { return {}; }

  memory_disk* disk = nullptr;
};

struct exploration {
  std::size_t schedules = 0;
  std::size_t states = 0;
  std::size_t steps = 0;
  /// Whether every schedule within the bounds was run, and not as many as there was time for.
  bool ended = true;
  /// What the processors have given it, earlier runs included.
  std::chrono::milliseconds processor_time{0};
  /// Nothing, or for a line that says how far this came: that it did not end, and what it took until then.
  [[nodiscard]] std::string unless_ended() const;
  /// The first violation: what, and the schedule that leads to it, a step a line.
  std::optional<std::string> violation;
  std::string schedule;
};

/// How long an exploration may go on, and where it is kept until then.
struct exploration_limits {
  /// The processors' time for all runs together; nothing is no limit.
  std::optional<std::chrono::seconds> time_max = std::nullopt;
  /// How many schedules this run alone may go through; nothing is no limit.
  std::optional<std::size_t> schedules_max = std::nullopt;
  /// A file: a run goes on with what an earlier one has left there, and leaves what it has come to.
  std::optional<std::string> kept = std::nullopt;
};

/// Explores a scenario until the bound is reached, a violation is found, or the time is over.
[[nodiscard]] exploration explore(const std::function<std::unique_ptr<scenario>()>& make,
                                  schedule_bounds bounds, const exploration_limits& limits = {});

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
