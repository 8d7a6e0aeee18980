// Paths that stand in a file, as they arrive.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

/// A path as it stood on its line.
struct path_line {
  std::string path;
  /// Whether the line is longer than any path that the system knows. Then this is only its beginning.
  bool is_cut = false;
};

/// Why a path can be none, whatever there is: it is cut, or a part of it is longer than any name may be. Cleaning such a
/// path could take that part away, and leave the path of another document.
/// Errors: name_too_long.
[[nodiscard]] result<> check_line(const path_line& line);

/// Reads the paths that stand in a file, each on a line of its own; the last line may lack its newline. Or, where lines end in
/// another character, as in lists with NULs, that one.
/// Memory is bounded: of a line that is too long only the beginning is kept, and told as soon as it is known.
class path_lines {
 public:
  explicit path_lines(int file, char end = '\n') : file_(file), end_(end) {}

  /// The next lines: at most so many, and no more than have arrived, so that whoever writes them need not wait. Empty at
  /// the end, or when reading failed.
  [[nodiscard]] std::vector<path_line> next(std::size_t lines_max);
  /// What the read that failed said; no error when none did.
  [[nodiscard]] boost::system::error_code failure() const noexcept { return failure_; }

 private:
  /// Whether there is something in the block again.
  [[nodiscard]] bool refill();

  int file_;
  char end_;
  boost::system::error_code failure_;
  std::array<char, 1 << 14> block_{};
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  /// The beginning of a line whose end has not arrived.
  std::string line_;
  /// Whether what arrives is the rest of a line that was told already.
  bool skips_ = false;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
