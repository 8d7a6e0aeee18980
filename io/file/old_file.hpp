// The file that is going to be replaced, and what the new one takes over from it; private to the io layer.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "agentslock/io/error.hpp"
#include "agentslock/io/host.hpp"
#include "kept_access.hpp"

namespace agentslock {

class old_file {
 public:
  /// The file at a path; nothing when there is none, or something else than a file. Symlinks are not followed.
  [[nodiscard]] static result<std::optional<old_file>> find(platform on, const std::string& path);

  struct given_mode {
    /// The mode that the new file was to have.
    unsigned mode;
    /// Whether it has another one, as nobody may set it, and may be made again with that one.
    bool make_again;
  };
  /// Gives an open new file, which nobody but its owner may use so far, this one's owner, group, attributes, list and
  /// mode: as far as the system permits, and so that nobody gains a right (kept_access.hpp).
  /// Errors: access_denied when the new file is open to more than it may be, and can't be shut; no_space, io_failed.
  [[nodiscard]] result<given_mode> give_to(file_system& files, int file) const;

 private:
  old_file(std::string path, std::optional<open_file> file, const file_status& status, file_access access)
      : path_(std::move(path)), file_(std::move(file)), status_(status), access_(std::move(access)) {}

  [[nodiscard]] result<taken_over> give_users(file_system& files, int file, const file_status& made) const;
  /// Whether the new file has that mode then; if not, others may do less than it says.
  [[nodiscard]] result<bool> give_mode(file_system& files, int file, unsigned mode) const;

  std::string path_;
  /// Nothing when it may not be opened.
  std::optional<open_file> file_;
  file_status status_;
  file_access access_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
