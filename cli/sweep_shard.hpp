// A part of a list of documents, of which each is looked at by a run of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace agentslock::cli {

/// Shard `index` of `count`, counted from 1. Every path is in exactly one of them, wherever it stands in whatever list: by the
/// bytes of its text, and so that every version and machine puts it into the same.
struct sweep_shard {
  std::uint64_t index = 1;
  std::uint64_t count = 1;

  [[nodiscard]] bool holds(std::string_view path) const noexcept;
};

/// "I/N", with I from 1 to N, and N up to 1,000,000. Nothing for anything else.
[[nodiscard]] std::optional<sweep_shard> parse_shard(std::string_view text);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
