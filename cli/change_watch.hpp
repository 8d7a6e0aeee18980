// Waiting for a document to change, wherever it lives.
#pragma once

#include <chrono>

namespace agentslock::cli {

/// For one thread at a time. Changes between two calls are seen by the next one.
class change_watch {
 public:
  using clock = std::chrono::steady_clock;

  change_watch() = default;
  change_watch(const change_watch&) = delete;
  change_watch& operator=(const change_watch&) = delete;
  virtual ~change_watch() = default;

  /// Waits until the document may have changed since the object was made or the last call that said so; true then, also
  /// where it turns out that it has not. False when the time is over first.
  [[nodiscard]] virtual bool wait_until(clock::time_point deadline) = 0;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
