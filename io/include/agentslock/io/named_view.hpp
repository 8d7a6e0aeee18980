/// A view's name in a report that outlives the lockfile.
#pragma once

#include "agentslock/kernel/entries.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

using named_view = owned_key;

/// A copy of a key that borrows its names.
[[nodiscard]] inline named_view owned(view_key key) {
  return key;
}

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
