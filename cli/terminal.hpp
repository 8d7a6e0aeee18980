// How results look to people: columns, symbols, colour.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/view_status.hpp"

namespace agentslock::cli {

/// A text fit for a terminal. What hides or reorders text is shown as \u with four digits or \U with eight, control
/// characters of ASCII and bytes that are no UTF-8 as \x with two, and the backslash as two of them: so no text looks
/// like an escape that it is not, and two different texts never look the same.
/// Linear.
[[nodiscard]] std::string printable(std::string_view text);

/// JSON fit for a terminal: what hides or reorders text, and what JSON lets stand as it is, as escapes of JSON. It means the
/// same.
/// Precondition: valid JSON. Linear.
[[nodiscard]] std::string printable_json(std::string_view json);

enum class colour : std::uint8_t { none, green, yellow, red, blue, dim };

/// A cell of a table: a text that is not yet made printable, and its colour.
struct cell {
  std::string text;
  colour in = colour::none;
  /// Whether the text is only the beginning of one that stands in a row above. It then ends in "\…", as no whole one does.
  bool is_cut = false;
};

/// A cell that repeats the one above it. A long text is cut, so that one which stands in every row is told once.
[[nodiscard]] cell repeated(std::string_view text);

/// Whether output to this stream is coloured: NO_COLOR forbids it, CLICOLOR_FORCE forces it, else terminals are, but
/// for those that say nothing of themselves or that they can't (TERM is missing, empty or "dumb").
[[nodiscard]] bool wants_colour(std::FILE* stream);

/// The text, made printable, in a colour.
[[nodiscard]] std::string paint(std::string_view text, colour in, bool coloured);

/// Columns as wide as they must be but at most 40 columns of the terminal, which a character of East Asia or an emoji takes two
/// of and a combining one none; two spaces between them, two before the first; the last one is
/// not padded. A longer cell moves the rest of its row. Spaces that would not be seen are shown as escapes.
/// The text is as long as the cells are, whatever they are: linear.
[[nodiscard]] std::string table(const std::vector<std::vector<cell>>& rows, bool coloured);

/// How a state is shown.
[[nodiscard]] std::string_view symbol(view_state state) noexcept;
[[nodiscard]] colour colour_of(view_state state) noexcept;
/// Symbol and word. An unrecognised status is shown as its own text.
[[nodiscard]] cell status_cell(view_state state, std::string_view recorded);

/// "1 view", "2 views".
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);

}  // namespace agentslock::cli
