// Bytes in lower-case hexadecimal digits; private to the io layer.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace agentslock {

inline constexpr std::string_view hex_digits = "0123456789abcdef";

/// Two digits a byte, appended.
inline void append_hex(std::string& to, std::span<const unsigned char> bytes) {
  for (const unsigned char byte : bytes) {
    to += hex_digits[byte >> 4];
    to += hex_digits[byte & 15];
  }
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
