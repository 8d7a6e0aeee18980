// The calls of the C interface that are made while memory runs out.
#pragma once

#include <agentslock.h>

#include <cstdint>
#include <functional>
#include <span>

inline constexpr std::int64_t noon = 1782907200;

[[nodiscard]] inline agentslock_text text(const char* of) {
  return agentslock_text_of(of);
}

// What is called back: a store that has another digest, a program that passes, and one more adapter. They allocate.
int32_t answer_presence(void*, const agentslock_key*, agentslock_answer* answer);
int32_t answer_passed(void*, const agentslock_facts*, agentslock_answer* answer);
int32_t activate_other(void*, agentslock_lockfile* file);

/// What the calls work on. All of it is made before memory runs out.
struct world {
  agentslock_document* document = nullptr;
  agentslock_lockfile* file = nullptr;
  agentslock_lockfile* as_given = nullptr;
  agentslock_gate* gate = nullptr;
  agentslock_presence* presence = nullptr;
  agentslock_validator* validator = nullptr;
  agentslock_builder* builder = nullptr;
  agentslock_changes* changes = nullptr;
  agentslock_error* why = nullptr;
  agentslock_report* report = nullptr;
};

/// One call. Whether it may have written when memory ran out after that: it does more than one thing.
struct memory_call {
  const char* name;
  std::function<agentslock_code(world&)> make;
  bool writes_several_times = false;
  /// Whether it changes the lockfile in memory before it writes that.
  bool changes_before = false;
};

[[nodiscard]] std::span<const memory_call> memory_calls();
// SPDX-License-Identifier: Apache-2.0
