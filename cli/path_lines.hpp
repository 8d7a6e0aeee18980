// Lines of a file, as they arrive.
#pragma once

#include <array>
#include <climits>
#include <cstddef>
#include <string>
#include <vector>

namespace agentslock::cli {

/// Reads the paths that stand in a file, each on a line of its own; the last line may lack its newline.
/// Memory is bounded: what a line has beyond the longest path that the system knows is not kept.
class path_lines {
 public:
  explicit path_lines(int file) : file_(file) {}

  /// The next lines: at most so many, and no more than have arrived, so that whoever writes them need not wait. Empty at
  /// the end, or when reading failed.
  [[nodiscard]] std::vector<std::string> next(std::size_t lines_max);
  /// The errno of the read that failed; 0 when none did.
  [[nodiscard]] int failure() const noexcept { return failure_; }

 private:
  static constexpr std::size_t line_size_max = PATH_MAX;

  /// Whether there is something in the block again.
  [[nodiscard]] bool refill();

  int file_;
  int failure_ = 0;
  std::array<char, 1 << 14> block_{};
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  /// The beginning of a line whose end has not arrived.
  std::string line_;
};

}  // namespace agentslock::cli
