#include "path_line.hpp"

#include <algorithm>

namespace agentslock::cli {

result<> check_path_line(const bounded_line& line) {
  if (line.is_cut) return error(errc::name_too_long, "the line is longer than 4,095 bytes: no path is");
  std::size_t begin = 0;
  while (begin < line.text.size()) {
    const std::size_t end = std::min(line.text.find('/', begin), line.text.size());
    if (end - begin > NAME_MAX)
      return error(errc::name_too_long, "a part of the path is longer than 255 bytes: no name is");
    begin = end + 1;
  }
  return {};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
