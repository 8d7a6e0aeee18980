// A process that plays the Go tool: its protocol, and the theft that it was measured to commit.
#pragma once

#include <string>

#include "agentslock/io/error.hpp"
#include "memory_platform.hpp"

namespace agentslock::testing {

/// Adds a section to the document as the Go tool would: claims the sidecar by link, waits for it, reclaims it after
/// 30 s; loads under the lock, writes without a sync, renames, releases.
/// It does not enter the queue, has no lease and never looks again. When the sidecar's name vanishes between its two
/// looks, it takes away whatever stands there next, without a check.
/// A release sweeps every sibling of the sidecar that is called as one that was moved aside: also the file of a claim
/// that is being made.
[[nodiscard]] result<> go_tool_adds_section(memory_process& process, const std::string& path,
                                            const std::string& section);

/// The same by an old release of it: its lock is a directory with a holder file in it. It takes whatever it can't read a
/// holder of, a sidecar that is a file too, for what a crash left, and takes it away after 2 s without a check.
[[nodiscard]] result<> old_go_tool_adds_section(memory_process& process, const std::string& path,
                                                const std::string& section);

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
