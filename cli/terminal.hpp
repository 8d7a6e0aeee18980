// How results look to people: columns, symbols, colour.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/view_status.hpp"

namespace agentslock::cli {

/// A text fit for a terminal: control characters, the formatting characters that could make it look like another
/// text, and bytes that are no UTF-8 are shown as escapes.
[[nodiscard]] std::string printable(std::string_view text);

enum class colour : std::uint8_t { none, green, yellow, red, blue, dim };

/// A cell of a table: a text that is not yet made printable, and its colour.
struct cell {
  std::string text;
  colour in = colour::none;
};

/// Whether output to this stream is coloured: NO_COLOR forbids it, CLICOLOR_FORCE forces it, else terminals are.
[[nodiscard]] bool wants_colour(std::FILE* stream);

/// The text, made printable, in a colour.
[[nodiscard]] std::string paint(std::string_view text, colour in, bool coloured);

/// Columns as wide as they must be, two spaces between them, two before the first; the last one is not padded.
[[nodiscard]] std::string table(const std::vector<std::vector<cell>>& rows, bool coloured);

/// How a state is shown.
[[nodiscard]] std::string_view symbol(view_state state) noexcept;
[[nodiscard]] colour colour_of(view_state state) noexcept;
/// Symbol and word. An unrecognised status is shown as its own text.
[[nodiscard]] cell status_cell(view_state state, std::string_view recorded);

/// "1 view", "2 views".
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);

}  // namespace agentslock::cli
