/// A view's name in a report that outlives the lockfile.
#pragma once

#include "agentslock/kernel/entries.hpp"

namespace agentslock {

using named_view = owned_key;

/// A copy of a key that borrows its names.
[[nodiscard]] inline named_view owned(view_key key) {
  return key;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
