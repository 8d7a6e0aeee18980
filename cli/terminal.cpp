#include "terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "agentslock/kernel/utf8.hpp"

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

struct code_point {
  char32_t value;
  std::size_t size_bytes;
};

/// The code point that begins here. Nothing when the text does not begin with one in UTF-8, as a path may.
std::optional<code_point> decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  if (!is_utf8(text.substr(0, size))) return std::nullopt;
  char32_t value = size == 1 ? first : first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i)
    value = value << 6 | (byte(i) & 0x3FU);
  return code_point{value, size};
}

/// Control characters, and what reorders or hides text.
bool is_treacherous(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

/// How many columns a text takes: one a character, which is right for what adapters and views are called.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto c = decode(text);
    const std::size_t size = c ? c->size_bytes : 1;
    const auto value = c ? static_cast<unsigned>(c->value) : static_cast<unsigned char>(text.front());
    if (c && !is_treacherous(c->value)) {
      shown.append(text.substr(0, size));
    } else if (value < 0x100) {
      shown += fmt::format("\\x{:02x}", value);
    } else {
      shown += fmt::format("\\u{:04x}", value);
    }
    text.remove_prefix(size);
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
  return ::isatty(::fileno(stream)) != 0;
}

std::string paint(std::string_view text, colour in, bool coloured) {
  if (!coloured || in == colour::none || text.empty()) return printable(text);
  return fmt::format("{}{}\x1b[0m", escape_of(in), printable(text));
}

std::string table(const std::vector<std::vector<cell>>& rows, bool coloured) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width(printable(row[i].text)));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += "  " + paint(row[i].text, row[i].in, coloured);
      if (i + 1 < row.size()) line.append(widths[i] - width(printable(row[i].text)), ' ');
    }
    text.append(line.substr(0, line.find_last_not_of(' ') + 1)).append("\n");
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
