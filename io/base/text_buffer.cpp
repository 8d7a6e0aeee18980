#include "agentslock/io/text_buffer.hpp"

#include <cstring>
#include <memory>

namespace agentslock {

text_buffer::text_buffer(std::string_view text) : size_(text.size()) {
  auto bytes = std::make_shared_for_overwrite<char[]>(text.size());
  if (!text.empty()) std::memcpy(bytes.get(), text.data(), text.size());
  bytes_ = std::move(bytes);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
