// What memory_bench does in a process of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace agentslock::bench {

inline constexpr const char* bare_pass_flag = "--one-bare-pass";
inline constexpr const char* whole_pass_flag = "--one-whole-pass";

/// Loads a document, reconciles it, writes what changed, and puts into a file how much memory that took at most. Nothing when the flag is
/// neither of the two.
[[nodiscard]] std::optional<int> one_pass(std::string_view flag, const std::string& path,
                                          const std::string& report);

}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
