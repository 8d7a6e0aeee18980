// What memory_bench does in a process of its own.
#pragma once

#include <string>

namespace agentslock::bench {

inline constexpr const char* one_pass_flag = "--one-pass";

/// Loads a document, reconciles it, writes what changed, and puts into a file how much memory that took at most.
[[nodiscard]] int one_pass(const std::string& path, const std::string& report);

}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
