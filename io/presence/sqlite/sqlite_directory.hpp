// The files of an SQLite store as they stand from outside; private to the SQLite source.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"

namespace agentslock {

/// How the name of an adapter's database begins and ends.
inline constexpr std::string_view sqlite_file_prefix = "kg_";
inline constexpr std::string_view sqlite_file_suffix = ".db";

/// The clock that stamps files advances every 10 ms at the latest.
inline constexpr std::chrono::milliseconds stamp_step_max(20);

/// A file as it stands from outside.
struct file_stamp {
  dev_t device;
  ino_t inode;
  off_t size_bytes;
  std::chrono::nanoseconds modified;
  std::chrono::nanoseconds changed;
  /// Whether the last change is so long past that the next one can't have the same time.
  bool is_at_rest;

  friend bool operator==(const file_stamp&, const file_stamp&) = default;
};

/// The place of one adapter's database.
class sqlite_place {
 public:
  sqlite_place(std::string_view directory, std::string_view adapter);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// What messages call it.
  [[nodiscard]] const std::string& where() const noexcept { return where_; }

  /// Whether the store's directory is there.
  [[nodiscard]] result<> check_directory() const;
  /// The database as it stands now. Nothing when it is missing in a directory that holds others.
  [[nodiscard]] result<std::optional<file_stamp>> look() const;

 private:
  [[nodiscard]] error directory_failure(int number) const;
  [[nodiscard]] error failed_look(int number) const;
  [[nodiscard]] error name_too_long(int number) const;
  [[nodiscard]] result<> check_not_empty() const;

  std::string directory_;
  std::string adapter_;
  std::string path_;
  std::string where_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
