// Who may do what with a file that takes another one's place; private to the io layer. Pure: no file is touched here.
#pragma once

#include <string>

namespace agentslock {

/// The parts of a mode: what the classes of users may do, and as whom a program in the file runs.
inline constexpr unsigned permission_bits = 0777;
inline constexpr unsigned set_id_bits = 06000;

/// A file's permissions, as POSIX.1e has them.
struct file_access {
  /// Permission bits, set-id bits included. With a list the group's are its mask.
  unsigned mode = 0;
  /// The access-control list as Linux keeps it in an attribute; empty where there is none.
  std::string access_list;

  friend bool operator==(const file_access&, const file_access&) = default;
};

/// What the new file could take over from the old one.
struct taken_over {
  bool owner = true;
  bool group = true;
  bool access_list = true;
};

/// The widest access to the new file that gives nobody a right that he did not have to the old one. The new file's owner
/// is the exception: he is the writer, who knows the bytes and may put any file in that place.
///
/// - Where the group could not be kept, its bits go, but for those that everybody had; and so that the members of the
///   old group, who are anybody now, gain nothing, everybody keeps only what that group had.
/// - Where the owner could not be kept, the old one is anybody now, and nobody keeps what he did not have.
/// - Where the list could not be kept, nobody keeps what it denied to somebody.
/// - Set-id bits stay only with owner and group.
[[nodiscard]] file_access access_to_keep(const file_access& old, taken_over taken);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
