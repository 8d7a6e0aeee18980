// A directory of its own for a test, and what a test wants to know about the files in it.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace agentslock::testing {

/// A new directory, removed with all that is in it when the object goes.
class temporary_directory {
 public:
  temporary_directory() : path_(::testing::TempDir() + "agentslock-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory: " + path_);
  }
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  ~temporary_directory() {
    boost::system::error_code ignored;
    // A directory that a test took the rights from can't be emptied by its owner.
    for (const auto& path : directories_)
      ::chmod(path.c_str(), 0700);
    ::chmod(path_.c_str(), 0700);
    boost::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

  /// Lets every user in; mkdtemp lets in its maker only.
  void let_all_in(mode_t mode = 0755) const { set_mode(path_, mode); }

  /// Makes a directory in it.
  std::string make_directory(std::string_view name, mode_t mode = 0755) {
    std::string made = *this / name;
    boost::filesystem::create_directories(made);
    set_mode(made, mode);
    directories_.push_back(made);
    return made;
  }

  /// Makes a file in it.
  std::string make_file(std::string_view name, std::string_view bytes, mode_t mode = 0644) const {
    std::string made = *this / name;
    std::ofstream(made, std::ios::binary | std::ios::trunc) << bytes;
    set_mode(made, mode);
    return made;
  }

 private:
  static void set_mode(const std::string& path, mode_t mode) {
    if (::chmod(path.c_str(), mode) != 0) throw std::runtime_error("no mode for " + path);
  }

  std::string path_;
  std::vector<std::string> directories_;
};

/// A file's bytes; nothing when it can't be read.
[[nodiscard]] inline std::optional<std::string> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// The names in a directory, in byte order.
[[nodiscard]] inline std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : boost::filesystem::directory_iterator(directory))
    names.push_back(entry.path().filename().native());
  std::ranges::sort(names);
  return names;
}

/// All that must be the same of a file that was not touched.
struct file_snapshot {
  std::optional<std::string> bytes;
  mode_t mode = 0;
  uid_t owner = 0;
  gid_t group = 0;
  ino_t inode = 0;
  nlink_t hard_links = 0;
  timespec modified{};
  timespec changed{};

  friend bool operator==(const file_snapshot& a, const file_snapshot& b) {
    const auto same = [](timespec x, timespec y) { return x.tv_sec == y.tv_sec && x.tv_nsec == y.tv_nsec; };
    return a.bytes == b.bytes && a.mode == b.mode && a.owner == b.owner && a.group == b.group &&
           a.inode == b.inode && a.hard_links == b.hard_links && same(a.modified, b.modified) &&
           same(a.changed, b.changed);
  }
  friend void PrintTo(const file_snapshot& file, std::ostream* out) {
    *out << (file.bytes ? std::to_string(file.bytes->size()) + " bytes" : "no bytes") << ", mode " << std::oct
         << file.mode << std::dec << ", inode " << file.inode << ", hard links " << file.hard_links << ", of "
         << file.owner << ":" << file.group << ", modified " << file.modified.tv_sec << "."
         << file.modified.tv_nsec << ", changed " << file.changed.tv_sec << "." << file.changed.tv_nsec;
  }
};

/// What a path is now; all zero when there is nothing. Links are not followed but for the bytes.
[[nodiscard]] inline file_snapshot snapshot_of(const std::string& path) {
  struct stat raw {};
  if (::lstat(path.c_str(), &raw) != 0) return {};
  // Only of a regular file: opening a pipe would wait.
  boost::system::error_code ignored;
  auto bytes = boost::filesystem::is_regular_file(path, ignored) ? bytes_of(path) : std::nullopt;
  return {std::move(bytes), raw.st_mode,  raw.st_uid,  raw.st_gid,
          raw.st_ino,       raw.st_nlink, raw.st_mtim, raw.st_ctim};
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
