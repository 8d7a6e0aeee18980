// One sidecar file: claiming its name, taking it away. Private to the io layer.
//
// The name is only ever given by a hard link (or exclusive creation) and only ever taken away by a rename to a name that
// nobody uses, after which the renamed object is checked. It is never unlinked in place: between a look and an unlink
// it could have become somebody else's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agentslock/io/detail/sidecar_identity.hpp"
#include "agentslock/io/host.hpp"
#include "agentslock/kernel/function_ref.hpp"
#include "sidecar_occupant.hpp"

namespace agentslock {

/// What a document's path is followed by in its sidecar's.
inline constexpr std::string_view sidecar_suffix = ".lock";
/// What a sidecar's path is followed by, and then by a unique part, in the names that it is moved aside to.
inline constexpr std::string_view aside_infix = ".stale-";

/// How a claim went.
enum class claim_outcome : std::uint8_t {
  claimed,
  occupied,
  /// The file system has no hard links.
  no_hard_links,
  /// It has no files without a name, or the system does not let them be named.
  no_nameless_files,
  /// A Go tool's release swept our file away before it could be linked: nothing stands in the way of trying again.
  swept,
  /// The name's directory is not the one that it should lie in: it was replaced.
  elsewhere,
};

/// Claims the name for an identity by linking a file that already says it and has no other name: nobody can sweep it, and
/// the directory changes once. With the name's directory open, it is claimed in that one, whatever has its path now.
[[nodiscard]] sys_result<claim_outcome> claim_by_nameless_file(platform on, const std::string& name,
                                                               std::optional<int> directory,
                                                               const sidecar_identity& identity);
/// The same with a file that has a name beside it, and with what the name's directory must be.
[[nodiscard]] sys_result<claim_outcome> claim_by_hard_link(platform on, const std::string& name,
                                                           std::optional<file_id> directory,
                                                           const sidecar_identity& identity);
/// Claims the name where there are no hard links: created alone, written, read back.
[[nodiscard]] sys_result<claim_outcome> claim_by_creation(platform on, const std::string& name,
                                                          const sidecar_identity& identity);

/// What became of an occupant that was to be taken away.
enum class removal : std::uint8_t {
  /// It is gone, or was before.
  removed,
  /// Something else was there, and has its name again.
  was_another,
  /// Something else was there, and its name was claimed before it could be put back: it stays aside. Its holder, and
  /// whoever claimed the name, may both believe that they hold the lock.
  displaced_another,
};

/// Moves whatever has the name aside, asks whether it is the expected occupant and removes it; puts it back
/// otherwise.
[[nodiscard]] sys_result<removal> take_away(platform on, const std::string& name,
                                            function_ref<bool(const occupant&)> is_expected);

/// Removes a name that only we know. It may be a directory that an old release of the Go tool left.
void discard(platform on, const std::string& name);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
