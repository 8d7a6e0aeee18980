// UTF-8, written out so that it does not depend on what it tests.
#pragma once

#include <string>

namespace agentslock::testing {

/// A code point in UTF-8; a surrogate as CESU would spell it, which is no UTF-8.
[[nodiscard]] inline std::string utf8(unsigned code) {
  std::string text;
  const auto put = [&](unsigned byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6), put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  } else {
    put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 63)), put(0x80 | (code >> 6 & 63)),
        put(0x80 | (code & 63));
  }
  return text;
}

[[nodiscard]] inline bool is_surrogate(unsigned code) {
  return code >= 0xD800 && code <= 0xDFFF;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
