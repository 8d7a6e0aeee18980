// Results in columns.
#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "terminal.hpp"

namespace agentslock::cli {

/// A cell of a table: a text that is not yet made printable, and its colour.
struct cell {
  std::string text;
  colour in = colour::none;
  /// Whether the text is only the beginning of one that stands in a row above. It then ends in "\…", as no whole one does ("\..." in ASCII).
  bool is_cut = false;
};

/// A cell that repeats the one above it. A long text is cut, so that one which stands in every row is told once.
[[nodiscard]] cell repeated(std::string_view text);

/// Symbol and word. An unrecognised status is shown as its own text.
[[nodiscard]] cell status_cell(view_state state, std::string_view recorded, charset in = output_charset());

/// How many columns a stream has: those of its terminal; nothing when it is none, or does not say.
[[nodiscard]] std::optional<std::size_t> columns_of(std::FILE* stream);

/// Columns as wide as they must be but at most 40 columns of the terminal, which a character of East Asia or an emoji takes two
/// of and a combining one none; two spaces between them, two before the first; the last one is
/// not padded. A longer cell moves the rest of its row. Spaces that would not be seen are shown as escapes.
/// The text is as long as the cells are, whatever they are: linear.
/// Where so many columns are not enough, the cells that do not fit stand below the others, and what is longer still is broken.
[[nodiscard]] std::string table(const std::vector<std::vector<cell>>& rows, bool coloured,
                                std::optional<std::size_t> columns_max = columns_of(stdout));
/// A text of one line, broken behind commas and colons where it has more columns than that. It may be coloured.
[[nodiscard]] std::string wrapped(std::string_view line, std::optional<std::size_t> columns_max);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
