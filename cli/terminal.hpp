// How results look to people: symbols, colour, texts of others.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "agentslock/kernel/view_status.hpp"

namespace agentslock::cli {

/// What a text may be made of.
enum class charset : std::uint8_t { utf8, ascii };

/// What standard output takes, by the locale of the environment: ASCII unless that has UTF-8.
[[nodiscard]] charset output_charset();

/// A text fit for a terminal. What hides or reorders text is shown as \u with four digits or \U with eight, control
/// characters of ASCII and bytes that are no UTF-8 as \x with two, and the backslash as two of them: so no text looks
/// like an escape that it is not, and two different texts never look the same. In ASCII all that is not is shown as an escape.
/// Linear.
[[nodiscard]] std::string printable(std::string_view text, charset in = output_charset());

/// JSON fit for a terminal: what hides or reorders text, and what JSON lets stand as it is, as escapes of JSON. It means the
/// same.
/// Precondition: valid JSON. Linear.
[[nodiscard]] std::string printable_json(std::string_view json);

enum class colour : std::uint8_t { none, green, yellow, red, blue, dim };

/// Whether output to this stream is coloured: NO_COLOR forbids it, CLICOLOR_FORCE forces it, else terminals are, but
/// for those that say nothing of themselves or that they can't (TERM is missing, empty or "dumb").
[[nodiscard]] bool wants_colour(std::FILE* stream);

/// A text that is printable already, in a colour.
[[nodiscard]] std::string painted(std::string_view shown, colour in);
/// The text, made printable, in a colour.
[[nodiscard]] std::string paint(std::string_view text, colour in, bool coloured);

/// How a state is shown.
[[nodiscard]] std::string_view symbol(view_state state, charset in = output_charset());
/// What stands between before and after.
[[nodiscard]] std::string_view arrow(charset in = output_charset());
[[nodiscard]] colour colour_of(view_state state) noexcept;
/// "1 view", "2 views".
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
