// How much room a text takes on a terminal.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace agentslock::cli {

struct code_point {
  char32_t value;
  std::size_t size_bytes;
};

/// The character that a text begins with. Nothing when that is none in UTF-8, as in a path it may be.
/// Precondition: the text is not empty. Constant time.
[[nodiscard]] std::optional<code_point> first_character(std::string_view text);

/// How many columns a text takes: two for a character of East Asia or an emoji, none for one that is put onto the one before;
/// one for what the system's table does not know, and for a byte that is no text. By the system's table, whatever the
/// locale of the process is. Linear.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// The text, or, where it is wider, as much of its beginning as fits, with "…" to so many columns.
/// Precondition: at least one column. Linear in what is kept.
[[nodiscard]] std::string cut_to_width(std::string_view text, std::size_t columns);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
