/// The few system calls that we need, behind one narrow interface.
///
/// There are two: the real one (posix_file_system), and in the tests one that lives in memory, makes any call fail, and
/// knows what is durable. Every function is one system call or close to it:
/// no retry, no policy; what to do about EINTR or a short write is decided by the callers, so that tests can see
/// them decide. Safe from any thread.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/io/error.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// Wall-clock time, in nanoseconds since 1970.
using wall_time = std::chrono::sys_time<std::chrono::nanoseconds>;

enum class file_kind : std::uint8_t { regular, directory, symlink, other };

/// Which object: it stays the same through renames.
struct file_id {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  friend auto operator<=>(const file_id&, const file_id&) = default;
};

struct file_status {
  file_id id;
  file_kind kind = file_kind::other;
  /// Permission bits, set-id bits included.
  unsigned mode = 0;
  unsigned owner = 0;
  unsigned group = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t hard_links = 0;
  wall_time modified;
  wall_time changed;

  /// Whether a file is still, to all appearances, the one that was looked at.
  [[nodiscard]] bool same_version(const file_status& other) const noexcept {
    return id == other.id && size_bytes == other.size_bytes && modified == other.modified &&
           changed == other.changed;
  }
};

/// How a path is opened. Always close-on-exec, and never so that opening waits or takes a terminal.
enum class open_how : std::uint8_t {
  /// For reading; symlinks are followed.
  read,
  /// For reading; a symlink in the last place is an error.
  read_no_symlink,
  /// A directory, to sync or lock it.
  directory,
  /// A new file for writing; a name that exists is an error. The mode obeys the umask.
  create_new,
  /// A new file for writing in the directory that the path names, without a name. The mode obeys the umask.
  nameless,
};

enum class lock_answer : std::uint8_t { held, not_held };
enum class file_place : std::uint8_t { local, remote };

class file_system {
 public:
  virtual ~file_system() = default;

  virtual sys_result<int> open(const std::string& path, open_how how, unsigned mode) = 0;
  virtual sys_result<std::size_t> read(int file, std::span<char> into) = 0;
  /// Writes some of the pieces, one after the other; returns the bytes written.
  virtual sys_result<std::size_t> write(int file, std::span<const std::string_view> pieces) = 0;
  virtual sys_result<> sync(int file) = 0;
  virtual sys_result<> close(int file) = 0;

  virtual sys_result<file_status> status_of(int file) = 0;
  /// Links are followed.
  virtual sys_result<file_status> status_at(const std::string& path) = 0;
  /// Links are not followed.
  virtual sys_result<file_status> symlink_status_at(const std::string& path) = 0;
  /// Where a symlink points to, as it stands in it.
  virtual sys_result<std::string> read_symlink(const std::string& path) = 0;
  /// The names in a directory, in any order, without "." and "..".
  virtual sys_result<std::vector<std::string>> list(const std::string& directory) = 0;

  virtual sys_result<> rename(const std::string& from, const std::string& to) = 0;
  /// Renames to a name that nothing has: EEXIST when something has it.
  virtual sys_result<> rename_new(const std::string& from, const std::string& to) = 0;
  virtual sys_result<> hard_link(const std::string& from, const std::string& to) = 0;
  /// Gives an open file a name that nothing has: a path, or a name in a directory that is open.
  virtual sys_result<> hard_link_open(int file, std::optional<int> directory, const std::string& to) = 0;
  virtual sys_result<> unlink(const std::string& path) = 0;
  virtual sys_result<> remove_directory(const std::string& path) = 0;
  virtual sys_result<> make_directory(const std::string& path) = 0;

  virtual sys_result<> set_mode(int file, unsigned mode) = 0;
  virtual sys_result<> set_owner(int file, unsigned owner, unsigned group) = 0;
  /// Copies the extended attributes: each that may be copied, then the first failure. Not among them are what vouches
  /// for a file's bytes (capabilities, IMA, EVM), access_list, and other access-control lists (NFSv4) between files of
  /// different owners or groups, for whom they would mean something else.
  virtual sys_result<> copy_attributes(int from, int to) = 0;

  /// Takes the advisory lock of an open file or directory (flock), alone; waits for it at most that long. It goes when
  /// it is unlocked, or when the last descriptor of this opening is closed.
  virtual sys_result<lock_answer> lock(int file, std::chrono::nanoseconds wait) = 0;
  virtual sys_result<> unlock(int file) = 0;
  /// Whether the file system is in this machine's kernel (local), or on a network or FUSE (remote).
  virtual sys_result<file_place> place_of(int file) = 0;

  /// An open file's POSIX access-control list, as Linux keeps it in an attribute; empty when it has none beside its mode.
  virtual sys_result<std::string> access_list(int file) = 0;
  /// Gives an open file that list; the empty one takes it away.
  virtual sys_result<> set_access_list(int file, const std::string& list) = 0;
};

/// The system's own. Stateless.
[[nodiscard]] file_system& posix_file_system() noexcept;

/// An open file that closes itself.
class open_file {
 public:
  open_file() = default;
  open_file(file_system& files, int descriptor) noexcept : files_(&files), descriptor_(descriptor) {}
  open_file(open_file&& other) noexcept
      : files_(other.files_), descriptor_(std::exchange(other.descriptor_, none)) {}
  open_file& operator=(open_file&& other) noexcept {
    if (this != &other) {
      close();
      files_ = other.files_;
      descriptor_ = std::exchange(other.descriptor_, none);
    }
    return *this;
  }
  ~open_file() { close(); }

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  explicit operator bool() const noexcept { return descriptor_ != none; }

  /// Closes now. What close says is not told: nothing that matters is left to be written then.
  void close() noexcept {
    if (descriptor_ != none) (void)files_->close(std::exchange(descriptor_, none));
  }

 private:
  static constexpr int none = -1;
  file_system* files_ = nullptr;
  int descriptor_ = none;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
