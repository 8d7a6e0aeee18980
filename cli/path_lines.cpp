#include "path_lines.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace agentslock::cli {

std::vector<std::string> path_lines::next(std::size_t lines_max) {
  std::vector<std::string> lines;
  while (lines.size() < lines_max) {
    if (at_ == filled_) {
      if (!lines.empty()) break;
      if (!refill()) {
        if (!line_.empty()) lines.push_back(std::exchange(line_, {}));
        break;
      }
    }
    const auto begin = block_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto newline = std::find(begin, block_.begin() + static_cast<std::ptrdiff_t>(filled_), '\n');
    const auto size = static_cast<std::size_t>(newline - begin);
    line_.append(begin, begin + static_cast<std::ptrdiff_t>(std::min(size, line_size_max - line_.size())));
    at_ += size;
    if (at_ == filled_) continue;
    ++at_;
    lines.push_back(std::exchange(line_, {}));
  }
  return lines;
}

bool path_lines::refill() {
  ssize_t got = 0;
  do {
    got = ::read(file_, block_.data(), block_.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) failure_ = errno;
  at_ = 0;
  filled_ = got > 0 ? static_cast<std::size_t>(got) : 0;
  return filled_ > 0;
}

}  // namespace agentslock::cli
