#include "hidden_characters.hpp"

#include <algorithm>
#include <array>

namespace agentslock::cli {
namespace {

struct range {
  char32_t first;
  char32_t last;
};

// By Unicode 15: the categories Cc, Cf, Zl, Zp, Zs and Co, and what is Default_Ignorable_Code_Point.
// clang-format off
constexpr std::array hidden_ranges{
    range{0x0000, 0x001F},      // control characters
    range{0x007F, 0x00A0},      // more of them, no-break space
    range{0x00AD, 0x00AD},      // soft hyphen
    range{0x034F, 0x034F},      // combining grapheme joiner
    range{0x0600, 0x0605},      // Arabic number signs
    range{0x061C, 0x061C},      // Arabic letter mark
    range{0x06DD, 0x06DD},      // Arabic end of ayah
    range{0x070F, 0x070F},      // Syriac abbreviation mark
    range{0x0890, 0x0891},      // Arabic pound and piastre marks
    range{0x08E2, 0x08E2},      // Arabic disputed end of ayah
    range{0x115F, 0x1160},      // Hangul fillers
    range{0x1680, 0x1680},      // Ogham space
    range{0x17B4, 0x17B5},      // Khmer inherent vowels
    range{0x180B, 0x180F},      // Mongolian variation selectors, vowel separator
    range{0x2000, 0x200F},      // spaces of many widths and none, joiners, direction marks
    range{0x2028, 0x202F},      // line and paragraph separator, embeddings and overrides, narrow space
    range{0x205F, 0x206F},      // mathematical space, invisible operators, isolates
    range{0x2800, 0x2800},      // Braille blank
    range{0x3000, 0x3000},      // ideographic space
    range{0x3164, 0x3164},      // Hangul filler
    range{0xE000, 0xF8FF},      // private use
    range{0xFDD0, 0xFDEF},      // no characters
    range{0xFE00, 0xFE0F},      // variation selectors
    range{0xFEFF, 0xFEFF},      // byte order mark
    range{0xFFA0, 0xFFA0},      // halfwidth Hangul filler
    range{0xFFF0, 0xFFFB},      // interlinear annotation
    range{0x110BD, 0x110BD},    // Kaithi number signs
    range{0x110CD, 0x110CD},
    range{0x13430, 0x1343F},    // hieroglyph joiners
    range{0x1BCA0, 0x1BCA3},    // shorthand format
    range{0x1D173, 0x1D17A},    // musical format
    range{0xE0000, 0xE0FFF},    // tags, more variation selectors
    range{0xF0000, 0x10FFFF},   // private use
};
// clang-format on

static_assert(std::ranges::adjacent_find(hidden_ranges, [](range a, range b) { return a.last >= b.first; }) ==
              hidden_ranges.end());

}  // namespace

bool is_hidden(char32_t c) noexcept {
  if ((c & 0xFFFE) == 0xFFFE) return true;  // the last two of every plane are no characters
  const auto* const after = std::ranges::upper_bound(hidden_ranges, c, {}, &range::first);
  return after != hidden_ranges.begin() && c <= std::prev(after)->last;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
