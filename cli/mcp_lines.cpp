#include "mcp_lines.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "streams.hpp"

namespace agentslock::cli {

bool mcp_lines::refill() {
  if (failure_) return false;
  const auto got = read_some(file_, block_);
  if (!got) failure_ = got.error();
  at_ = 0;
  filled_ = got ? *got : 0;
  return filled_ > 0;
}

std::optional<mcp_line> mcp_lines::next() {
  for (;;) {
    if (at_ == filled_ && !refill()) {
      // What stands there when reading failed may be half a message.
      if (failure_ || line_.empty()) return std::nullopt;
      return mcp_line{std::exchange(line_, {})};
    }
    const std::string_view rest(block_.data() + at_, filled_ - at_);
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const bool has_end = end < rest.size();
    at_ += end + (has_end ? 1 : 0);
    if (!skips_) line_.append(rest.substr(0, end));
    if (line_.size() > mcp_message_bytes_max) {
      skips_ = !has_end;
      line_.resize(mcp_message_bytes_max);
      return mcp_line{std::exchange(line_, {}), true};
    }
    if (!has_end) continue;
    if (!std::exchange(skips_, false)) return mcp_line{std::exchange(line_, {})};
  }
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
