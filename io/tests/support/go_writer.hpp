// A process that plays the Go writer: its protocol, and the theft that it was measured to commit.
#pragma once

#include <string>

#include "agentslock/io/error.hpp"
#include "memory_platform.hpp"

namespace agentslock::testing {

/// Adds a section to the document as the Go writer would: claims the sidecar by link, waits for it, reclaims it after
/// 30 s; loads under the lock, writes without a sync, renames, releases.
/// It does not enter the gate, has no lease and never looks again. When the sidecar's name vanishes between its two
/// looks, it takes away whatever stands there next, without a check.
[[nodiscard]] result<> go_writer_adds_section(memory_process& process, const std::string& path,
                                              const std::string& section);

}  // namespace agentslock::testing
