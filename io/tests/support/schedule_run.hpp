// One schedule of several processes on a simulated machine.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fiber.hpp"
#include "memory_platform.hpp"
#include "schedule_explorer.hpp"

namespace agentslock::testing {

/// One schedule: the processes, and the scheduler that they yield to.
class schedule_run final : public call_hook {
 public:
  explicit schedule_run(std::unique_ptr<scenario> what);
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
  void wants_lock(int process, int file, std::chrono::nanoseconds until) override;
  void wait_for_lock(int process, int file, std::chrono::nanoseconds until) override;
  void sleep(int process, std::chrono::nanoseconds time) override;
  void observed(int process, std::string_view what) override;

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
  [[nodiscard]] bool can_go_on(const process_state& who) const;
  void end_all();

  memory_disk disk_;
  std::unique_ptr<scenario> scenario_;
  std::vector<actor> actors_;
  std::vector<std::unique_ptr<process_state>> processes_;
  int current_ = -1;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
