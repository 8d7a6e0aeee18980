#include "agentslock/kernel/detail/utf8.hpp"

#include <cstddef>

namespace agentslock {
namespace {

/// The byte range of the second byte of a sequence, and the sequence's length; length 0 for a byte that begins
/// none. The later bytes are always 80 to BF.
struct lead {
  std::size_t length;
  unsigned char second_min;
  unsigned char second_max;
};

constexpr lead lead_of(unsigned char first) noexcept {
  if (first >= 0xC2 && first <= 0xDF) return {2, 0x80, 0xBF};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first >= 0xE1 && first <= 0xEF) return {3, 0x80, 0xBF};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first >= 0xF1 && first <= 0xF3) return {4, 0x80, 0xBF};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    if (byte(i) < 0x80) {
      ++i;
      continue;
    }
    const lead sequence = lead_of(byte(i));
    if (sequence.length == 0 || text.size() - i < sequence.length) return false;
    if (byte(i + 1) < sequence.second_min || byte(i + 1) > sequence.second_max) return false;
    for (std::size_t k = 2; k < sequence.length; ++k) {
      if (byte(i + k) < 0x80 || byte(i + k) > 0xBF) return false;
    }
    i += sequence.length;
  }
  return true;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
