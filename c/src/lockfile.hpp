// A lockfile in C's hands.
#pragma once

#include <optional>

#include "agentslock/io/lockfile_store.hpp"
#include "gate.hpp"

struct agentslock_lockfile {
  /// One that was loaded.
  explicit agentslock_lockfile(agentslock::loaded_lockfile from) : loaded(std::move(from)) {}
  /// One that a callback is lent.
  explicit agentslock_lockfile(agentslock::lockfile& of) : lent(&of) {}

  [[nodiscard]] agentslock::lockfile& file() noexcept { return lent != nullptr ? *lent : loaded->file(); }
  [[nodiscard]] const agentslock::lockfile& file() const noexcept {
    return lent != nullptr ? *lent : loaded->file();
  }
  /// For a look. Throws wrong_call when an operation was ended by an exception, after which nothing is certain.
  [[nodiscard]] const agentslock::lockfile& whole() const {
    if (half_changed)
      throw agentslock::c::wrong_call{"an operation on this lockfile ran out of memory: load it again"};
    return file();
  }

  std::optional<agentslock::loaded_lockfile> loaded;
  agentslock::lockfile* lent = nullptr;
  /// Set while an operation runs: it stays when an exception ends that.
  bool half_changed = false;
  agentslock::c::gate_telling telling;
};
// SPDX-License-Identifier: Apache-2.0
