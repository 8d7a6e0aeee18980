// A hash of texts that others choose; private to the io layer.
#pragma once

#include <cstdint>
#include <string_view>

namespace agentslock {

/// 128 bits that nobody else knows.
struct hash_key {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

/// SipHash-2-4 (Aumasson and Bernstein). Who does not know the key can't choose texts whose hashes are alike.
[[nodiscard]] std::uint64_t keyed_hash(hash_key key, std::string_view text) noexcept;

/// This process's own key, random.
[[nodiscard]] hash_key own_hash_key() noexcept;

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
