/// What a lockfile holds. Apart from its header, which would else bring <memory>, and with it streams and locales, to all who
/// include it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <memory_resource>

#include "agentslock/kernel/lockfile.hpp"

namespace agentslock {

struct lockfile::contents {
  /// Takes so many bytes with the first entry, more as they are needed.
  explicit contents(std::size_t memory_bytes)
      : memory(std::max(memory_bytes, memory_bytes_min)), adapters(&memory) {}
  /// Without the map's: all that it holds lies in `memory`, which ends as a whole, without a walk over the entries.
  ~contents() {}
  contents(const contents&) = delete;
  contents& operator=(const contents&) = delete;

  static constexpr std::size_t memory_bytes_min = 1024;

  std::pmr::monotonic_buffer_resource memory;
  std::shared_ptr<const void> borrowed;
  union {
    adapter_map adapters;
  };
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
