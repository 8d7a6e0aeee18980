#include "terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "display_width.hpp"
#include "hidden_characters.hpp"

namespace agentslock::cli {
namespace {

std::string_view escape_of(colour in) noexcept {
  switch (in) {
    case colour::green:
      return "\x1b[32m";
    case colour::yellow:
      return "\x1b[33m";
    case colour::red:
      return "\x1b[31m";
    case colour::blue:
      return "\x1b[34m";
    case colour::dim:
      return "\x1b[2m";
    case colour::none:
      break;
  }
  return "";
}

/// A table's column gets no wider: one long name must not pad every row.
constexpr std::size_t column_width_max = 40;

/// A text that is printable already, in a colour.
std::string painted(std::string_view shown, colour in) {
  if (in == colour::none || shown.empty()) return std::string(shown);
  return fmt::format("{}{}\x1b[0m", escape_of(in), shown);
}

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

/// A cell's text, printable. Spaces that padding or the gap between columns would swallow are shown.
std::string shown_in_cell(const cell& of) {
  const std::string_view text = of.text;
  std::string shown;
  bool after_space = true;  // as the gap before the cell is
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t space = std::min(text.find(' ', at), text.size());
    shown += printable(text.substr(at, space - at));
    if (space == text.size()) break;
    after_space = after_space && space == at;
    const bool is_plain = !after_space && space + 1 < text.size();
    shown += is_plain ? " " : "\\x20";
    after_space = true;
    at = space + 1;
  }
  return of.is_cut ? shown + "\\…" : shown;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto c = first_character(text);
    const auto byte = static_cast<unsigned char>(text.front());
    if (!c || c->value < 0x20 || c->value == 0x7F) {
      fmt::format_to(std::back_inserter(shown), "\\x{:02x}", byte);
    } else if (c->value == '\\') {
      shown += "\\\\";
    } else if (!is_hidden(c->value)) {
      shown.append(text.substr(0, c->size_bytes));
    } else if (c->value <= 0xFFFF) {
      fmt::format_to(std::back_inserter(shown), "\\u{:04x}", static_cast<unsigned>(c->value));
    } else {
      fmt::format_to(std::back_inserter(shown), "\\U{:08x}", static_cast<unsigned>(c->value));
    }
    text.remove_prefix(c ? c->size_bytes : 1);
  }
  return shown;
}

std::string printable_json(std::string_view json) {
  std::string shown;
  shown.reserve(json.size());
  while (!json.empty()) {
    const auto c = first_character(json);
    if (!c || c->value < 0x7F || !is_hidden(c->value)) {
      shown.append(json.substr(0, c ? c->size_bytes : 1));
    } else if (c->value <= 0xFFFF) {
      fmt::format_to(std::back_inserter(shown), "\\u{:04x}", static_cast<unsigned>(c->value));
    } else {
      const auto beyond = static_cast<unsigned>(c->value) - 0x10000U;
      fmt::format_to(std::back_inserter(shown), "\\u{:04x}\\u{:04x}", 0xD800U + (beyond >> 10U),
                     0xDC00U + (beyond & 0x3FFU));
    }
    json.remove_prefix(c ? c->size_bytes : 1);
  }
  return shown;
}

bool wants_colour(std::FILE* stream) {
  const auto value_of = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string_view(value == nullptr ? "" : value);
  };
  if (!value_of("NO_COLOR").empty()) return false;
  if (const auto force = value_of("CLICOLOR_FORCE"); !force.empty() && force != "0") return true;
  const std::string_view terminal = value_of("TERM");
  return !terminal.empty() && terminal != "dumb" && ::isatty(::fileno(stream)) != 0;
}

std::string paint(std::string_view text, colour in, bool coloured) {
  return coloured ? painted(printable(text), in) : printable(text);
}

cell repeated(std::string_view text) {
  std::size_t end = 0;
  std::size_t characters = 0;
  for (; end < text.size(); ++end) {
    if (begins_character(text[end]) && characters++ == column_width_max) break;
  }
  return {std::string(text.substr(0, end)), colour::none, end < text.size()};
}

std::string table(const std::vector<std::vector<cell>>& rows, bool coloured) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::size_t needed = display_width(shown_in_cell(row[i]));
      if (needed <= column_width_max) widths[i] = std::max(widths[i], needed);
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string shown = shown_in_cell(row[i]);
      const std::size_t size = display_width(shown);
      line.append("  ").append(coloured ? painted(shown, row[i].in) : shown);
      if (i + 1 < row.size() && size < widths[i]) line.append(widths[i] - size, ' ');
    }
    text.append(line, 0, line.find_last_not_of(' ') + 1).append("\n");
  }
  return text;
}

std::string_view symbol(view_state state) noexcept {
  switch (state) {
    case view_state::ready:
      return "✓";
    case view_state::pending_recompat_check:
      return "?";
    case view_state::pending_rebuild:
      return "…";
    case view_state::dsl_update_required:
      return "✗";
    case view_state::unrecognised:
      return "!";
    case view_state::none:
      break;
  }
  return "-";
}

colour colour_of(view_state state) noexcept {
  switch (state) {
    case view_state::ready:
      return colour::green;
    case view_state::pending_recompat_check:
      return colour::blue;
    case view_state::pending_rebuild:
      return colour::yellow;
    case view_state::dsl_update_required:
    case view_state::unrecognised:
      return colour::red;
    case view_state::none:
      break;
  }
  return colour::dim;
}

cell status_cell(view_state state, std::string_view recorded) {
  const std::string word =
      is_status(state) ? std::string(spelling(status_of(state))) : fmt::format("\"{}\"", recorded);
  return {fmt::format("{} {}", symbol(state), word), colour_of(state)};
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace agentslock::cli
