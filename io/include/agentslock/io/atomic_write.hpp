/// Replaces a file as a whole, durably, or leaves it as it was.
///
/// A reader sees the old or the new file. After a crash at any moment the file is the old or the new one; once
/// `publish` has returned success, the new one. What this does not do is keep two writers apart: that is
/// sidecar_lock.hpp.
///
///     auto write = atomic_write::stage(on, path, pieces);   // a synced temporary file beside it
///     if (!write) return write.error();
///     // ... the last look at the lock and at the file
///     return write->publish();                              // rename, sync of the directory
///
/// The temporary file is removed when the object goes without having been published. If the process is killed
/// first, the next writer removes it: it is known by its name, and by nobody holding its lock.
///
/// A file system that has no fsync of files or of directories gives what it can: there a power cut may undo what was
/// written, and that is no error.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "agentslock/io/file_system.hpp"
#include "agentslock/io/host.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

class old_file;

/// Whether a write waits until the disk has it.
enum class durability : std::uint8_t { synced, unsynced };

class atomic_write {
 public:
  /// What follows the file's name in the name of its temporary file.
  static constexpr std::string_view temporary_infix = ".tmp-";

  /// Writes and syncs a temporary file in the directory of `path`, which must not be a symlink.
  /// The mode of the file that is there is kept, and, as far as the system permits, its owner, group, access-control
  /// list and extended attributes; a new file obeys the umask and its directory's default list. What can't be kept gives
  /// nobody a right to the file that he did not have: where the group can't be, its bits go. A file that may not be
  /// written (0444) is replaced too: that needs the right to write in its directory only.
  /// Errors: access_denied, no_space, io_failed, name_too_long; the file is as it was and no temporary file is
  /// left. Linear in the size; copies nothing.
  [[nodiscard]] static result<atomic_write> stage(platform on, std::string path,
                                                  std::span<const std::string_view> pieces,
                                                  durability wanted = durability::synced);

  atomic_write(atomic_write&& other) noexcept;
  atomic_write& operator=(atomic_write&&) = delete;
  ~atomic_write();

  /// The file that is renamed into place.
  [[nodiscard]] file_id id() const noexcept { return id_; }

  /// Renames the temporary file into place and syncs the directory.
  /// Errors: not_durable: the new file is in place, but a power cut may undo that. access_denied, no_space,
  /// io_failed: the file is as it was.
  /// Precondition: not called before.
  [[nodiscard]] result<> publish();

 private:
  atomic_write(platform on, std::string path, std::string temporary, durability wanted)
      : on_(on), path_(std::move(path)), temporary_(std::move(temporary)), wanted_(wanted) {}

  [[nodiscard]] result<> create(const std::optional<old_file>& old);
  [[nodiscard]] result<> create_with(unsigned mode);
  [[nodiscard]] result<> fill(std::span<const std::string_view> pieces);

  platform on_;
  std::string path_;
  /// Empty once there is nothing to remove.
  std::string temporary_;
  durability wanted_;
  open_file file_;
  /// What it should be, when there is an old file.
  unsigned mode_ = 0;
  file_id id_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
