// A world small enough to visit all of it: one adapter that others read from, up to three views that read from it, up
// to three schemas. A state is packed into a number; each operation on it is done by the real kernel on a real lockfile.
//
// Beside what a lockfile records, a state knows what the lockfile can't: against which schema a view's program was last
// validated, and what its tables in the store were built from.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "laws/step.hpp"

namespace agentslock::properties {

/// A schema of the dependee, from 1; 0 is none.
using schema_number = std::uint8_t;
inline constexpr schema_number schemas_max = 3;
inline constexpr std::size_t views_max = 3;

struct small_view {
  view_state state = view_state::none;
  /// The schema that the entry records, and the one that its digest says it was built from.
  schema_number recorded = 1;
  schema_number built = 1;
  /// The schema that its program was last validated against.
  schema_number validated = 1;
  /// What the tables in the store were built from; 0 when there are none.
  schema_number stored = 0;

  friend bool operator==(const small_view&, const small_view&) = default;
};

struct small_state {
  schema_number active = 0;
  std::array<small_view, views_max> views;

  friend bool operator==(const small_state&, const small_state&) = default;
};

/// A state as a number, and back.
[[nodiscard]] std::uint32_t packed(const small_state& state);
[[nodiscard]] small_state unpacked(std::uint32_t number);

/// The lockfile of a state. Audit logs are empty.
[[nodiscard]] lockfile lockfile_of(const small_state& state);

/// What the world may do.
struct world_rules {
  std::size_t views = 2;
  schema_number schemas = 3;
  /// Builds name the schemas that they read, so that MarkViewRebuilt can refuse them. Off: the guard is out.
  bool builds_say_what_they_read = true;
  /// Verdicts may bring new dependencies, on a schema of their own.
  bool verdicts_bring_dependencies = true;
  /// Activation by the Go tool's rule, and statuses that an editor garbled.
  bool anything_goes = false;
};

/// One thing that may happen. `number` is small and the same in every run.
struct small_event {
  std::string name;
  /// Whether an operator would do it to get a view ready again; a removal or a change of the store is none.
  bool mends = false;
  /// What the kernel is asked to do in this state; nothing when the event is for the store, or not possible here.
  std::optional<operation> (*todo)(const small_event& event, const small_state& state) = nullptr;
  /// What the event is about.
  std::size_t view = 0;
  schema_number schema = 0;
  std::uint8_t verdicts = 0;
};

[[nodiscard]] std::vector<small_event> events(const world_rules& rules);

/// The state after an event, and the kernel's step when there was one. Nothing when nothing happened.
struct small_step {
  small_state after;
  bool by_kernel = false;
};
[[nodiscard]] std::optional<small_step> happen(const small_event& event, const small_state& before,
                                               const lockfile& file);

/// The state that a lockfile has reached, given the one before and what was done.
[[nodiscard]] small_state state_after(const small_state& before, const operation& done,
                                      const operation_result& result, const lockfile& after);

/// Which of the state's views a key names.
[[nodiscard]] std::size_t place_of(view_key key);

[[nodiscard]] std::string to_string(const small_state& state);

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
