// Where the document of a test lies on the disk in memory.
#pragma once

namespace agentslock::testing {

inline constexpr const char* directory = "/project";
inline constexpr const char* document_path = "/project/.agentsrc.lock";
inline constexpr const char* symlink_path = "/project/link.lock";
inline constexpr const char* sidecar_path = "/project/.agentsrc.lock.lock";
inline constexpr const char* holder_path = "/project/.agentsrc.lock.lock/holder";

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
