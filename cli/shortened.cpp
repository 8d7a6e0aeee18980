#include "shortened.hpp"

namespace agentslock::cli {

std::string shortened(std::string_view name, std::size_t size_bytes_max) {
  if (name.size() <= size_bytes_max) return std::string(name);
  std::size_t end = size_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80)
    --end;
  return std::string(name.substr(0, end)) + "…";
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
