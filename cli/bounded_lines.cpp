#include "bounded_lines.hpp"

#include <algorithm>
#include <utility>

#include "streams.hpp"

namespace agentslock::cli {

std::vector<bounded_line> bounded_lines::next(std::size_t lines_max) {
  std::vector<bounded_line> lines;
  while (lines.size() < lines_max) {
    if (at_ == filled_) {
      if (!lines.empty()) break;
      if (!refill()) {
        if (!failure_ && !line_.empty()) lines.push_back({std::exchange(line_, {}), false});
        break;
      }
    }
    const auto begin = block_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto found = std::find(begin, block_.begin() + static_cast<std::ptrdiff_t>(filled_), end_);
    const auto size = static_cast<std::size_t>(found - begin);
    if (!skips_) line_.append(begin, begin + static_cast<std::ptrdiff_t>(std::min(size, bytes_max_ + 1)));
    at_ += size;
    const bool ends = at_ < filled_;
    if (ends) ++at_;
    const bool is_cut = line_.size() > bytes_max_;
    if (is_cut) line_.resize(bytes_max_);
    if (is_cut || (ends && !skips_)) lines.push_back({std::exchange(line_, {}), is_cut});
    skips_ = !ends && (skips_ || is_cut);
  }
  return lines;
}

bool bounded_lines::refill() {
  if (failure_) return false;
  const auto got = read_some(file_, block_);
  if (!got) failure_ = got.error();
  at_ = 0;
  filled_ = got ? *got : 0;
  return filled_ > 0;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
