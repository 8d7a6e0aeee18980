// Every law of the kernel, held against every script of three operations out of a handful.
#include <agentslock/laws/operations.hpp>
#include <agentslock/laws/query_gate.hpp>
#include <agentslock/laws/tables.hpp>

#include <chrono>
#include <iostream>
#include <vector>

using namespace agentslock;

int main() {
  const timestamp now{std::chrono::seconds(1782907200)};
  const owned_key key("comp", "summary");
  const std::vector<operation> handful{
      {operations::activate{"crg", "s", "d0"}, now},
      {operations::register_view{key, "v0", {{"crg", "d0", ""}}}, now},
      {operations::mark_dependee_bumped{"crg", "d1", "2"}, now},
      {operations::resolve_recompat{key, verdict::passed, {}}, now},
      {operations::mark_view_rebuilt{key, "v1", std::vector<owned_schema>{{"crg", "d0"}}}, now},
      {operations::reconcile{}, now},
      {operations::cutover{"crg", "s", "d1", "2", {{key, verdict::failed, {}}}}, now},
      {operations::remove_view{key}, now},
  };
  if (!laws::refused_by(transition_table).empty() ||
      !laws::refused_by(reconcile_table, transition_table).empty())
    return 1;
  std::vector<lockfile> now_reached(1);
  std::size_t steps = 0;
  for (int length = 0; length < 4; ++length) {
    std::vector<lockfile> next;
    for (const lockfile& file : now_reached) {
      for (const operation& one : handful) {
        laws::kernel_step step = laws::take_step(file, one);
        ++steps;
        auto broken = laws::first_broken(laws::step_laws(), step);
        if (!broken) broken = laws::first_broken(laws::lockfile_laws(), step.after);
        if (!broken) broken = laws::first_broken(laws::gate_laws(), step.after, view_key(key));
        if (broken) {
          std::cerr << *broken << "\n";
          return 2;
        }
        next.push_back(std::move(step.after));
      }
    }
    now_reached = std::move(next);
  }
  std::cout << steps << " steps keep " << laws::step_laws().size() << " laws\n";
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
