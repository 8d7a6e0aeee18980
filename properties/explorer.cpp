#include "explorer.hpp"

#include <algorithm>

namespace agentslock::properties {
namespace {

constexpr std::uint32_t not_seen = UINT32_MAX;

/// How a state was reached first.
struct arrival {
  std::uint32_t from;
  std::uint16_t event;
};

/// From a state's number to its place in the order of discovery. Open addressing; a quarter of it stays free.
class places {
 public:
  /// The place of a number; not_seen when it has none yet. Valid until the next call.
  std::uint32_t& of(std::uint32_t number) {
    if (4 * (used_ + 1) > 3 * slots_.size()) grow();
    slot& found = find(number);
    if (found.place == not_seen && found.number == not_seen) {
      found.number = number;
      ++used_;
    }
    return found.place;
  }

 private:
  struct slot {
    std::uint32_t number = not_seen;
    std::uint32_t place = not_seen;
  };

  slot& find(std::uint32_t number) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = (number * 2654435769U) & mask;
    while (slots_[at].number != number && slots_[at].number != not_seen)
      at = (at + 1) & mask;
    return slots_[at];
  }

  void grow() {
    std::vector<slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const slot& one : old) {
      if (one.number != not_seen) find(one.number) = one;
    }
  }

  std::vector<slot> slots_ = std::vector<slot>(1U << 16U);
  std::size_t used_ = 0;
};

}  // namespace

exploration explore(const world_rules& rules, const exploration_laws& laws) {
  const std::vector<small_event> possible = events(rules);
  exploration explored;
  places seen;
  std::vector<arrival> arrivals;

  const auto visit = [&](const small_state& state, arrival how) {
    std::uint32_t& place = seen.of(packed(state));
    if (place == not_seen) {
      place = static_cast<std::uint32_t>(explored.states.size());
      explored.states.push_back(packed(state));
      arrivals.push_back(how);
    }
    return place;
  };
  const auto report = [&](std::string broken, std::uint32_t at, const std::string& last,
                          const small_state& end) {
    counterexample found{std::move(broken), {}, end};
    if (!last.empty()) found.way.push_back(last);
    for (; at != 0; at = arrivals[at].from)
      found.way.push_back(possible[arrivals[at].event].name);
    std::ranges::reverse(found.way);
    explored.found = std::move(found);
  };

  visit({}, {0, 0});
  for (std::uint32_t at = 0; at < explored.states.size(); ++at) {
    const small_state state = unpacked(explored.states[at]);
    const lockfile file = lockfile_of(state);
    if (auto broken = laws.in_state(state, file)) {
      report(*broken, at, "", state);
      return explored;
    }
    for (std::uint16_t number = 0; number < possible.size(); ++number) {
      const small_event& event = possible[number];
      std::optional<small_step> step;
      if (laws.of_step && event.todo != nullptr) {
        const auto todo = event.todo(event, state);
        if (!todo) continue;
        const laws::kernel_step taken = laws::take_step(file, *todo);
        step = small_step{taken.result.refused ? state : state_after(state, *todo, taken.result, taken.after),
                          true};
        if (auto broken = laws.of_step(taken)) {
          report(*broken, at, event.name, step->after);
          return explored;
        }
      } else {
        step = happen(event, state, file);
      }
      if (!step) continue;
      explored.transitions.push_back({at, visit(step->after, {at, number}), event.mends});
    }
  }
  return explored;
}

std::optional<small_state> dead_end(const exploration& explored) {
  const auto all_ready = [](const small_state& state) {
    return std::ranges::all_of(state.views, [](const small_view& view) {
      return view.state == view_state::none || view.state == view_state::ready;
    });
  };
  // Transitions by where they lead, so that the way can be walked backwards.
  std::vector<std::uint32_t> first(explored.states.size() + 1, 0);
  for (const auto& one : explored.transitions) {
    if (one.mends) ++first[one.to + 1];
  }
  for (std::size_t i = 1; i < first.size(); ++i)
    first[i] += first[i - 1];
  std::vector<std::uint32_t> from(first.back());
  std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
  for (const auto& one : explored.transitions) {
    if (one.mends) from[next[one.to]++] = one.from;
  }
  std::vector<bool> arrives(explored.states.size());
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < explored.states.size(); ++i) {
    if (!all_ready(unpacked(explored.states[i]))) continue;
    arrives[i] = true;
    open.push_back(i);
  }
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    for (std::uint32_t i = first[at]; i < first[at + 1]; ++i) {
      if (arrives[from[i]]) continue;
      arrives[from[i]] = true;
      open.push_back(from[i]);
    }
  }
  const auto stuck = std::ranges::find(arrives, false);
  if (stuck == arrives.end()) return std::nullopt;
  return unpacked(explored.states[static_cast<std::size_t>(stuck - arrives.begin())]);
}

std::string to_string(const counterexample& found) {
  std::string text = found.broken + "\n";
  for (const std::string& step : found.way)
    text += "  " + step + "\n";
  return text + "  => " + to_string(found.end);
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
