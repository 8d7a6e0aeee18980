#include <algorithm>

#include "lock_scenario.hpp"

namespace agentslock::testing {

std::vector<lock_setup> lock_setups(exploring how_far) {
  // Bounds: preemptions, crashes, time events.
  std::vector<lock_setup> setups{
      {.what = "2 of ours", .with_queue = 2, .bounds = {3, 1, 1}, .queue_too = true},
      {.what = "3 of ours", .with_queue = 3, .bounds = {3, 1, 1}},
      {.what = "4 of ours", .with_queue = 4, .bounds = {3, 1, 1}},
      {.what = "4 of ours, a stale sidecar",
       .with_queue = 4,
       .stale_sidecar = true,
       .bounds = {3, 1, 1},
       .clock_is_set = false},
      {.what = "2 of ours, a stale sidecar", .with_queue = 2, .stale_sidecar = true, .bounds = {2, 1, 1}},
      {.what = "1 of ours, 1 Go tool", .with_queue = 1, .go_tools = 1, .bounds = {3, 1, 1}},
      {.what = "1 of ours, 1 Go tool, a clock that jumps",
       .with_queue = 1,
       .go_tools = 1,
       .bounds = {4, 0, 1},
       .time_passes = false},
      {.what = "2 of ours, 1 Go tool", .with_queue = 2, .go_tools = 1, .bounds = {3, 1, 0}},
      {.what = "3 of ours, 1 Go tool", .with_queue = 3, .go_tools = 1, .bounds = {3, 1, 0}},
      {.what = "3 of ours, 1 Go tool, pauses",
       .with_queue = 3,
       .go_tools = 1,
       .bounds = {2, 0, 1},
       .clock_is_set = false},
      {.what = "1 of ours, 1 Go tool, no nameless files",
       .with_queue = 1,
       .go_tools = 1,
       .nameless_files = false,
       .bounds = {3, 1, 0}},
      {.what = "2 of ours, 1 Go tool, no nameless files",
       .with_queue = 2,
       .go_tools = 1,
       .nameless_files = false,
       .bounds = {2, 1, 0}},
      {.what = "1 of ours, 1 old Go tool", .with_queue = 1, .old_go_tools = 1, .bounds = {2, 1, 1}},
      {.what = "2 of ours, 1 old Go tool", .with_queue = 2, .old_go_tools = 1, .bounds = {3, 1, 0}},
      {.what = "1 of ours, 1 Go tool, 1 old Go tool",
       .with_queue = 1,
       .go_tools = 1,
       .old_go_tools = 1,
       .bounds = {2, 1, 0}},
      {.what = "1 of ours, 2 Go tools", .with_queue = 1, .go_tools = 2, .bounds = {3, 1, 0}},
      {.what = "1 of ours, 2 Go tools, a clock that jumps",
       .with_queue = 1,
       .go_tools = 2,
       .bounds = {3, 0, 1},
       .time_passes = false},
      {.what = "1 of ours, 1 Go tool, a holder that leaves",
       .with_queue = 1,
       .go_tools = 1,
       .holder_leaves = true,
       .bounds = {4, 1, 0}},
      {.what = "2 of ours, 1 Go tool, a holder that leaves",
       .with_queue = 2,
       .go_tools = 1,
       .holder_leaves = true,
       .bounds = {3, 1, 0}},
      {.what = "2 without a queue", .without_queue = 2, .bounds = {2, 1, 1}, .clock_is_set = false},
      {.what = "2 without a queue, a stale sidecar",
       .without_queue = 2,
       .stale_sidecar = true,
       .bounds = {2, 0, 1}},
      {.what = "4 without a queue, a stale sidecar",
       .without_queue = 4,
       .stale_sidecar = true,
       .bounds = {2, 0, 0}},
      {.what = "2 of ours, 1 without a queue", .with_queue = 2, .without_queue = 1, .bounds = {3, 1, 0}},
      {.what = "1 of ours, 1 without a queue, 1 Go tool",
       .with_queue = 1,
       .without_queue = 1,
       .go_tools = 1,
       .bounds = {2, 1, 0}},
      {.what = "2 of ours, by a symlink and by its target",
       .with_queue = 2,
       .path_is_symlink = true,
       .bounds = {3, 1, 1},
       .clock_is_set = false},
      {.what = "1 of ours by a symlink, 1 Go tool",
       .with_queue = 1,
       .go_tools = 1,
       .path_is_symlink = true,
       .bounds = {2, 1, 0}},
      {.what = "2 of ours, an editor", .with_queue = 2, .editor = true, .bounds = {3, 1, 0}},
      {.what = "2 of ours, no nameless files, the directory is replaced",
       .with_queue = 2,
       .directory_is_replaced = true,
       .nameless_files = false,
       .bounds = {2, 0, 0}},
      {.what = "2 of ours, the directory is replaced",
       .with_queue = 2,
       .directory_is_replaced = true,
       .bounds = {2, 0, 1},
       .clock_is_set = false},
  };
  for (lock_setup& setup : setups) {
    if (how_far == exploring::small) {
      setup.bounds.preemptions = std::min(setup.bounds.preemptions, 1);
      setup.bounds.time_events = 0;
    } else if (how_far == exploring::large) {
      setup.bounds.preemptions += 1;
      setup.bounds.time_events = std::max(setup.bounds.time_events, 1);
    }
  }
  return setups;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
