#include "path_lines.hpp"

#include <algorithm>
#include <climits>
#include <utility>

#include "streams.hpp"

namespace agentslock::cli {
namespace {

/// Without the NUL that PATH_MAX counts.
constexpr std::size_t path_size_max = PATH_MAX - 1;

}  // namespace

result<> check_line(const path_line& line) {
  if (line.is_cut) return error(errc::name_too_long, "the line is longer than 4,095 bytes: no path is");
  std::size_t begin = 0;
  while (begin < line.path.size()) {
    const std::size_t end = std::min(line.path.find('/', begin), line.path.size());
    if (end - begin > NAME_MAX)
      return error(errc::name_too_long, "a part of the path is longer than 255 bytes: no name is");
    begin = end + 1;
  }
  return {};
}

std::vector<path_line> path_lines::next(std::size_t lines_max) {
  std::vector<path_line> lines;
  while (lines.size() < lines_max) {
    if (at_ == filled_) {
      if (!lines.empty()) break;
      if (!refill()) {
        if (!line_.empty()) lines.push_back({std::exchange(line_, {}), false});
        break;
      }
    }
    const auto begin = block_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto found = std::find(begin, block_.begin() + static_cast<std::ptrdiff_t>(filled_), end_);
    const auto size = static_cast<std::size_t>(found - begin);
    if (!skips_) line_.append(begin, begin + static_cast<std::ptrdiff_t>(std::min(size, path_size_max + 1)));
    at_ += size;
    const bool ends = at_ < filled_;
    if (ends) ++at_;
    const bool is_cut = line_.size() > path_size_max;
    if (is_cut) line_.resize(path_size_max);
    if (is_cut || (ends && !skips_)) lines.push_back({std::exchange(line_, {}), is_cut});
    skips_ = !ends && (skips_ || is_cut);
  }
  return lines;
}

bool path_lines::refill() {
  const auto got = read_some(file_, block_);
  if (!got) failure_ = got.error();
  at_ = 0;
  filled_ = got ? *got : 0;
  return filled_ > 0;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
