/// What a lockfile holds. Apart from its header, which would else bring <memory>, and with it streams and locales, to all who
/// include it.
#pragma once

#include <memory>
#include <memory_resource>

#include "agentslock/kernel/lockfile.hpp"

namespace agentslock {

struct lockfile::contents {
  std::pmr::monotonic_buffer_resource memory;  // declared first, destroyed last: all below lies in it
  std::shared_ptr<const void> borrowed;
  adapter_map adapters{&memory};
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
