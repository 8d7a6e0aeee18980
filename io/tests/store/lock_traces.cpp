// Prints what the processes of every schedule do, for proofs/code_trace.py.
//
//     lock_traces                         the names of the setups
//     lock_traces SETUP [PREEMPTIONS]     the traces of one; with so many preemptions, one crash and no time event
//
// AGENTSLOCK_EXPLORE says how far, as for the schedules themselves. Of a trace only those lines are printed that the last one
// had not: "@ N" stands for its first N lines. A line "." ends it. After all of them stands "ended".

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "support/lock_trace.hpp"

namespace agentslock::testing {
namespace {

/// The setups that the model speaks of: without the old Go tool, symlinks, directories that are replaced, clocks that are set.
std::vector<lock_setup> setups_in_the_model(exploring how_far) {
  std::vector<lock_setup> setups = lock_setups(how_far);
  std::erase_if(setups, [](const lock_setup& one) {
    return one.old_go_tools > 0 || one.path_is_symlink || one.directory_is_replaced || !one.time_passes;
  });
  for (lock_setup& one : setups)
    one.clock_is_set = false;
  return setups;
}

int print_traces(const lock_setup& setup) {
  std::vector<std::string> last;
  const auto print = [&](const std::vector<std::string>& lines) {
    const auto same = static_cast<std::size_t>(std::ranges::mismatch(lines, last).in1 - lines.begin());
    std::printf("@ %zu\n", same);
    for (std::size_t i = same; i < lines.size(); ++i)
      std::printf("%s\n", lines[i].c_str());
    std::printf(".\n");
    last = lines;
  };
  const exploration found = explore([&] { return std::make_unique<lock_trace>(setup, print); }, setup.bounds);
  if (found.violation) {
    std::fprintf(stderr, "%s: %s\n%s", setup.what, found.violation->c_str(), found.schedule.c_str());
    return 1;
  }
  std::printf("ended\n");
  return 0;
}

int run(int count, char** arguments) {
  for (const lock_setup& setup : setups_in_the_model(how_far())) {
    if (count < 2) {
      std::printf("%s\n", setup.what);
    } else if (std::strcmp(setup.what, arguments[1]) == 0) {
      lock_setup chosen = setup;
      if (count > 2) chosen.bounds = {std::atoi(arguments[2]), 1, 0};
      return print_traces(chosen);
    }
  }
  if (count < 2) return 0;
  std::fprintf(stderr, "there is no setup '%s'\n", arguments[1]);
  return 2;
}

}  // namespace
}  // namespace agentslock::testing

int main(int count, char** arguments) {
  return agentslock::testing::run(count, arguments);
}
// SPDX-License-Identifier: Apache-2.0
