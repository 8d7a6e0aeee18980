// What killed processes left beside a document. Private to the io layer.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "agentslock/io/host.hpp"

namespace agentslock {

/// Whether a name ends, after its stem, as our unique names or the Go tool's do: PROCESS-NANOSECONDS, or
/// PROCESS-NANOSECONDS-NUMBER.
[[nodiscard]] bool has_unique_suffix(std::string_view name, std::string_view stem) noexcept;

/// Removes what has not changed for that long and is certainly a leftover: siblings of the sidecar that hold an identity or
/// the remains of a claim, and temporary files that nobody has locked. Anything else is a user's and stays, whatever
/// it is called.
void sweep_leftovers(platform on, const std::string& document, std::chrono::nanoseconds older_than);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
