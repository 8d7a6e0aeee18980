// Lines of a stream, as they arrive, in bounded memory.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

struct bounded_line {
  std::string text;
  /// Whether the line is longer than it may be. Then this is only its beginning.
  bool is_cut = false;
};

/// Reads the lines of a file; the last one may lack its newline. Or, where lines end in another character, as in lists with
/// NULs, that one.
/// Memory is bounded: of a line that is longer than it may be only the beginning is kept, and told as soon as that is known; its
/// rest is read and forgotten.
class bounded_lines {
 public:
  bounded_lines(int file, std::size_t line_bytes_max, char end = '\n')
      : file_(file), bytes_max_(line_bytes_max), end_(end) {}

  /// The next lines: at most so many, and no more than have arrived, so that whoever writes them need not wait. Empty at
  /// the end, or when reading failed: what stands there then may be half a line, and is not told.
  [[nodiscard]] std::vector<bounded_line> next(std::size_t lines_max);
  /// What the read that failed said; no error when none did.
  [[nodiscard]] boost::system::error_code failure() const noexcept { return failure_; }

 private:
  /// Whether there is something in the block again.
  [[nodiscard]] bool refill();

  int file_;
  std::size_t bytes_max_;
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
