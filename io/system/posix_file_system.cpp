#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdio>
#include <memory>

#include "agentslock/io/file_system.hpp"
#include "blocking_lock.hpp"

namespace agentslock {
namespace {

boost::system::error_code last_error() {
  return {errno, boost::system::system_category()};
}

sys_result<> done(int outcome) {
  if (outcome != 0) return last_error();
  return {};
}

wall_time time_of(const timespec& time) {
  return wall_time(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

file_kind kind_of(unsigned mode) {
  return S_ISREG(mode)   ? file_kind::regular
         : S_ISDIR(mode) ? file_kind::directory
         : S_ISLNK(mode) ? file_kind::symlink
                         : file_kind::other;
}

file_status status_from(const struct stat& raw) {
  file_status status;
  status.id = {raw.st_dev, raw.st_ino};
  status.kind = kind_of(raw.st_mode);
  status.mode = raw.st_mode & 07777U;
  status.owner = raw.st_uid;
  status.group = raw.st_gid;
  status.size_bytes = static_cast<std::uint64_t>(raw.st_size);
  status.hard_links = raw.st_nlink;
  status.modified = time_of(raw.st_mtim);
  status.changed = time_of(raw.st_ctim);
  return status;
}

file_status status_from(const struct statx& raw) {
  const auto time = [](const statx_timestamp& when) {
    return wall_time(std::chrono::seconds(when.tv_sec) + std::chrono::nanoseconds(when.tv_nsec));
  };
  file_status status;
  status.id = {makedev(raw.stx_dev_major, raw.stx_dev_minor), raw.stx_ino};
  status.kind = kind_of(raw.stx_mode);
  status.mode = raw.stx_mode & 07777U;
  status.owner = raw.stx_uid;
  status.group = raw.stx_gid;
  status.size_bytes = raw.stx_size;
  status.hard_links = raw.stx_nlink;
  status.modified = time(raw.stx_mtime);
  status.changed = time(raw.stx_ctime);
  return status;
}

/// Asks the file system itself: network and FUSE file systems else answer for a second from what they remember, and two
/// looks at a file that nobody has touched differ.
sys_result<file_status> status_by(int directory, const char* path, int flags) {
  struct statx fresh;
  if (::statx(directory, path, flags | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &fresh) == 0)
    return status_from(fresh);
  // An old kernel, or a container that forbids the call.
  if (errno != ENOSYS && errno != EPERM && errno != EINVAL) return last_error();
  struct stat raw;
  if (::fstatat(directory, path, &raw, flags) != 0) return last_error();
  return status_from(raw);
}

int flags_of(open_how how) {
  constexpr int always = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  switch (how) {
    case open_how::read:
      return always | O_RDONLY;
    case open_how::read_no_symlink:
      return always | O_RDONLY | O_NOFOLLOW;
    case open_how::directory:
      return always | O_RDONLY | O_DIRECTORY;
    case open_how::create_new:
      return always | O_WRONLY | O_CREAT | O_EXCL;
    case open_how::nameless:
      return always | O_WRONLY | O_TMPFILE;
  }
  return always;
}

class posix_files final : public file_system {
 public:
  sys_result<int> open(const std::string& path, open_how how, unsigned mode) override {
    const int file = ::open(path.c_str(), flags_of(how), mode);
    if (file < 0) return last_error();
    return file;
  }

  sys_result<std::size_t> read(int file, std::span<char> into) override {
    const ssize_t count = ::read(file, into.data(), into.size());
    if (count < 0) return last_error();
    return static_cast<std::size_t>(count);
  }

  sys_result<std::size_t> write(int file, std::span<const std::string_view> pieces) override {
    std::array<iovec, 256> vectors;
    const std::size_t count = std::min(pieces.size(), vectors.size());
    for (std::size_t i = 0; i < count; ++i) {
      vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
    }
    const ssize_t written = ::writev(file, vectors.data(), static_cast<int>(count));
    if (written < 0) return last_error();
    return static_cast<std::size_t>(written);
  }

  sys_result<> sync(int file) override { return done(::fsync(file)); }
  sys_result<> close(int file) override { return done(::close(file)); }

  sys_result<file_status> status_of(int file) override { return status_by(file, "", AT_EMPTY_PATH); }
  sys_result<file_status> status_at(const std::string& path) override {
    return status_by(AT_FDCWD, path.c_str(), 0);
  }
  sys_result<file_status> symlink_status_at(const std::string& path) override {
    return status_by(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW);
  }

  sys_result<std::string> read_symlink(const std::string& path) override {
    std::string target(PATH_MAX, '\0');
    const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
    if (size < 0) return last_error();
    target.resize(static_cast<std::size_t>(size));
    return target;
  }

  sys_result<std::vector<std::string>> list(const std::string& directory) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), ::closedir);
    if (!stream) return last_error();
    std::vector<std::string> names;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(stream.get());
      if (entry == nullptr) break;
      const std::string_view name = static_cast<const char*>(entry->d_name);
      if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) return last_error();
    return names;
  }

  sys_result<> rename(const std::string& from, const std::string& to) override {
    return done(::rename(from.c_str(), to.c_str()));
  }
  sys_result<> rename_new(const std::string& from, const std::string& to) override {
    return done(::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE));
  }
  sys_result<> hard_link(const std::string& from, const std::string& to) override {
    return done(::link(from.c_str(), to.c_str()));
  }
  sys_result<> hard_link_open(int file, std::optional<int> directory, const std::string& to) override {
    // By its name in /proc: without that, only a privileged process could.
    const std::string own = "/proc/self/fd/" + std::to_string(file);
    return done(::linkat(AT_FDCWD, own.c_str(), directory.value_or(AT_FDCWD), to.c_str(), AT_SYMLINK_FOLLOW));
  }
  sys_result<> unlink(const std::string& path) override { return done(::unlink(path.c_str())); }
  sys_result<> remove_directory(const std::string& path) override { return done(::rmdir(path.c_str())); }
  sys_result<> make_directory(const std::string& path) override { return done(::mkdir(path.c_str(), 0777)); }

  sys_result<> set_mode(int file, unsigned mode) override { return done(::fchmod(file, mode)); }
  sys_result<> set_owner(int file, unsigned owner, unsigned group) override {
    return done(::fchown(file, owner, group));
  }

  sys_result<> copy_attributes(int from, int to) override {
    const ssize_t names_size = ::flistxattr(from, nullptr, 0);
    if (names_size < 0) return last_error();
    std::string names(static_cast<std::size_t>(names_size), '\0');
    const ssize_t listed = ::flistxattr(from, names.data(), names.size());
    if (listed < 0) return last_error();
    names.resize(static_cast<std::size_t>(listed));
    struct stat source;
    struct stat target;
    if (::fstat(from, &source) != 0 || ::fstat(to, &target) != 0) return last_error();
    const bool same_users = source.st_uid == target.st_uid && source.st_gid == target.st_gid;
    // One that may not be copied keeps no other from being copied; the first failure is told in the end.
    sys_result<> all;
    for (std::size_t at = 0; at < names.size();) {
      const char* name = names.c_str() + at;
      at += std::string_view(name).size() + 1;
      if (!may_be_copied(name, same_users)) continue;
      if (const auto copied = copy_attribute(from, to, name); !copied && all) all = copied;
    }
    return all;
  }

  sys_result<lock_answer> lock(int file, std::chrono::nanoseconds wait) override {
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return lock_answer::held;
    if (errno != EWOULDBLOCK) return last_error();
    if (wait <= std::chrono::nanoseconds(0)) return lock_answer::not_held;
    return wait_for_lock(file, wait);
  }
  sys_result<> unlock(int file) override { return done(::flock(file, LOCK_UN)); }

  sys_result<file_place> place_of(int file) override {
    struct statfs raw;
    if (::fstatfs(file, &raw) != 0) return last_error();
    constexpr std::array<long, 7> remote{NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, cifs_magic, smb2_magic,
                                         fuse_magic,      AFS_SUPER_MAGIC, ceph_magic};
    const bool is_remote = std::ranges::find(remote, static_cast<long>(raw.f_type)) != remote.end();
    return is_remote ? file_place::remote : file_place::local;
  }

  sys_result<std::string> access_list(int file) override {
    auto list = attribute_of(file, access_list_name);
    if (!list && means_none(list.error().value())) return std::string();
    return list;
  }
  sys_result<> set_access_list(int file, const std::string& list) override {
    if (!list.empty()) return done(::fsetxattr(file, access_list_name, list.data(), list.size(), 0));
    if (::fremovexattr(file, access_list_name) != 0 && !means_none(errno)) return last_error();
    return {};
  }

 private:
  static constexpr const char* access_list_name = "system.posix_acl_access";

  /// Whether an attribute's error says that there is none, or can be none here.
  static bool means_none(int number) { return number == ENODATA || number == EOPNOTSUPP || number == ENOSYS; }

  static bool may_be_copied(std::string_view name, bool same_users) {
    if (name == access_list_name) return false;
    if (name.starts_with("system.")) return same_users;
    return name != "security.capability" && name != "security.ima" && name != "security.evm";
  }

  static sys_result<std::string> attribute_of(int file, const char* name) {
    const ssize_t size = ::fgetxattr(file, name, nullptr, 0);
    if (size < 0) return last_error();
    std::string value(static_cast<std::size_t>(size), '\0');
    const ssize_t got = ::fgetxattr(file, name, value.data(), value.size());
    if (got < 0) return last_error();
    value.resize(static_cast<std::size_t>(got));
    return value;
  }
  static sys_result<> copy_attribute(int from, int to, const char* name) {
    const auto value = attribute_of(from, name);
    if (!value) return value.error();
    return done(::fsetxattr(to, name, value->data(), value->size(), 0));
  }

  // Not every <linux/magic.h> has these.
  static constexpr long cifs_magic = 0xFF534D42L;
  static constexpr long smb2_magic = 0xFE534D42L;
  static constexpr long fuse_magic = 0x65735546L;
  static constexpr long ceph_magic = 0x00C36400L;
};

}  // namespace

file_system& posix_file_system() noexcept {
  static posix_files files;
  return files;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
