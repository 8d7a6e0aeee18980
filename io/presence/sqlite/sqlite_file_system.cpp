#include "sqlite_file_system.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <new>

namespace agentslock {
namespace {

std::optional<failed_open>& failed_here() {
  static thread_local std::optional<failed_open> failed;
  return failed;
}

sqlite3_vfs* own_file_system() {
  return sqlite3_vfs_find("unix");
}

/// The methods of a file that is open.
struct file_methods {
  sqlite3_io_methods ours;
  const sqlite3_io_methods* own;
};

/// Where they are kept in the memory of a file: what SQLite's own part has left free.
std::size_t methods_offset() {
  constexpr std::size_t step = alignof(file_methods);
  return (static_cast<std::size_t>(own_file_system()->szOsFile) + step - 1) / step * step;
}

/// SQLite takes some answers of the system to a read, EIO before all, for damage of the database. They are what any other
/// failure is: nobody knows what stands there.
int read_unchanging(sqlite3_file* file, void* into, int bytes, sqlite3_int64 at) {
  const void* const methods = reinterpret_cast<const char*>(file) + methods_offset();
  const int got = static_cast<const file_methods*>(methods)->own->xRead(file, into, bytes, at);
  return got == SQLITE_IOERR_CORRUPTFS ? SQLITE_IOERR_READ : got;
}

/// Makes a file one that has no index that could be relied on.
void hide_index(sqlite3_io_methods& methods) {
  methods.xShmMap = [](sqlite3_file*, int, int, int, void volatile** page) {
    *page = nullptr;
    return SQLITE_READONLY_CANTINIT;
  };
  methods.xShmLock = [](sqlite3_file*, int, int, int) { return SQLITE_OK; };
  methods.xShmBarrier = [](sqlite3_file*) {};
  methods.xShmUnmap = [](sqlite3_file*, int) { return SQLITE_OK; };
}

int open_unchanging(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* opened_as) {
  file->pMethods = nullptr;
  if (const std::string_view kind = path == nullptr ? "" : kind_of_no_file(path); !kind.empty()) {
    failed_here() = {path, kind, 0};
    return SQLITE_CANTOPEN;
  }
  if ((flags & SQLITE_OPEN_WAL) != 0 && look_into_log(path) == log_content::nothing) {
    errno = ENOENT;
    return SQLITE_CANTOPEN;
  }
  flags &= ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_DELETEONCLOSE | SQLITE_OPEN_EXCLUSIVE);
  flags |= SQLITE_OPEN_READONLY;
  // These two kinds would be given to the database's owner; the third is opened in the same way, and is not.
  constexpr int given_away = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
  if ((flags & given_away) != 0) flags = (flags & ~given_away) | SQLITE_OPEN_SUPER_JOURNAL;
  const int opened = own_file_system()->xOpen(own_file_system(), path, file, flags, opened_as);
  if (opened != SQLITE_OK) {
    const int number = errno;
    if (path != nullptr && number != ENOENT) failed_here() = {path, {}, number};
    errno = number;
    return opened;
  }
  void* const free_memory = reinterpret_cast<char*>(file) + methods_offset();
  auto* const methods = new (free_memory) file_methods{*file->pMethods, file->pMethods};
  methods->ours.xRead = read_unchanging;
  const bool is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  if (is_database && sqlite3_uri_boolean(path, "readonly_shm", 0) == 0) hide_index(methods->ours);
  file->pMethods = &methods->ours;
  return opened;
}

int access_unchanging(sqlite3_vfs*, const char* path, int flags, int* answer) {
  if (flags == SQLITE_ACCESS_EXISTS && std::string_view(path).ends_with("-wal")) {
    *answer = static_cast<int>(look_into_log(path) != log_content::nothing);
    return SQLITE_OK;
  }
  return own_file_system()->xAccess(own_file_system(), path, flags, answer);
}

using log_header = std::array<unsigned char, 32>;

std::uint32_t word_at(const log_header& header, std::size_t offset, bool is_big_endian = true) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i)
    word = word << 8 | header[offset + (is_big_endian ? i : 3 - i)];
  return word;
}

bool is_valid(const log_header& header) {
  constexpr std::uint32_t magic = 0x377f0682;  // the last bit: the checksum is over big-endian words
  if ((word_at(header, 0) & ~std::uint32_t{1}) != magic) return false;
  const bool is_big_endian = (word_at(header, 0) & 1) != 0;
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  for (std::size_t i = 0; i < 24; i += 8) {
    first += word_at(header, i, is_big_endian) + second;
    second += word_at(header, i + 4, is_big_endian) + first;
  }
  return first == word_at(header, 24) && second == word_at(header, 28);
}

}  // namespace

const char* unchanging_file_system() {
  if (own_file_system() == nullptr) return "";
  static sqlite3_vfs unchanging = [] {
    sqlite3_vfs made = *own_file_system();
    made.pNext = nullptr;
    made.zName = "agentslock-unchanging";
    made.szOsFile = static_cast<int>(methods_offset() + sizeof(file_methods));
    made.xOpen = open_unchanging;
    made.xAccess = access_unchanging;
    made.xDelete = [](sqlite3_vfs*, const char*, int) { return SQLITE_READONLY; };
    return made;
  }();
  static const bool registered = sqlite3_vfs_register(&unchanging, 0) == SQLITE_OK;
  return registered ? unchanging.zName : "";
}

bool must_leave_index_alone() {
  uid_t real = 0;
  uid_t effective = 0;
  uid_t saved = 0;
  return ::getresuid(&real, &effective, &saved) != 0 || real == 0 || effective == 0 || saved == 0;
}

const std::optional<failed_open>& last_failed_open() {
  return failed_here();
}

void forget_failed_open() {
  failed_here().reset();
}

std::string_view kind_of_no_file(const std::string& path) {
  struct stat raw;
  if (::lstat(path.c_str(), &raw) != 0) return {};
  switch (raw.st_mode & S_IFMT) {
    case S_IFREG:
      return {};
    case S_IFIFO:
      return "a pipe";
    case S_IFDIR:
      return "a directory";
    case S_IFLNK:
      return "a symlink";
    case S_IFSOCK:
      return "a socket";
    default:
      return "a device";
  }
}

log_content look_into_log(const std::string& path) {
  // SQLite has no locks on a log, so that closing a descriptor of one takes none away.
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (file < 0) {
    // Where the name of a log would be too long there can be none.
    return errno == ENOENT || errno == ENAMETOOLONG ? log_content::nothing : log_content::something;
  }
  struct stat raw;
  log_header header;
  ssize_t got = -1;
  const bool is_file = ::fstat(file, &raw) == 0 && S_ISREG(raw.st_mode);
  if (is_file) got = ::pread(file, header.data(), header.size(), 0);
  ::close(file);
  if (!is_file || got < 0) return log_content::something;
  constexpr std::uint32_t version_known = 3007000;
  if (raw.st_size <= static_cast<off_t>(header.size()) || got < static_cast<ssize_t>(header.size()) ||
      !is_valid(header)) {
    return log_content::nothing;
  }
  return word_at(header, 4) == version_known ? log_content::something : log_content::of_newer_version;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
