// Messages of a stream, each on a line of its own.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

/// How long a message may be.
inline constexpr std::size_t mcp_message_bytes_max = std::size_t{1} << 20;

struct mcp_line {
  std::string text;
  /// Whether the line is longer than any message may be. Then this is only its beginning.
  bool is_too_long = false;
};

/// Reads them as they arrive; the last line may lack its newline. Memory is bounded: a line that is too long is told as soon as
/// that is known, and its rest is read and forgotten.
class mcp_lines {
 public:
  explicit mcp_lines(int file) : file_(file) {}

  /// The next line, without its newline; nothing at the end, or when reading failed.
  [[nodiscard]] std::optional<mcp_line> next();
  /// What the read that failed said; no error when none did.
  [[nodiscard]] boost::system::error_code failure() const noexcept { return failure_; }

 private:
  [[nodiscard]] bool refill();

  int file_;
  boost::system::error_code failure_;
  std::array<char, 1 << 16> block_{};
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  std::string line_;
  /// Whether what arrives is the rest of a line that was told already.
  bool skips_ = false;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
