/// A replacement that writes nothing: tells which of its steps were taken, and does between them what a test wants.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agentslock/io/sidecar_lock.hpp"

namespace agentslock::testing {

struct publication {
  result<> checked;
  result<> was_put;
  bool seen = true;
  std::function<void()> while_putting = [] {};
  /// The steps that were taken.
  std::string order;

  /// Publishes under a lock: nothing, or why not.
  std::optional<errc> under(const sidecar_lock& lock) {
    const auto done = lock.publish({
        .check =
            [this] {
              order += "check ";
              return checked;
            },
        .put =
            [this] {
              order += "put ";
              while_putting();
              return was_put;
            },
        .is_seen =
            [this] {
              order += "see ";
              return seen;
            },
    });
    if (done) return std::nullopt;
    return done.error().code();
  }
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
