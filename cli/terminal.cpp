#include "terminal.hpp"

#include <fmt/format.h>
#include <locale.h>
#include <unistd.h>
#include <wchar.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <optional>

#include "agentslock/kernel/utf8.hpp"
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

struct code_point {
  char32_t value;
  std::size_t size_bytes;
};

/// The character that a text begins with. Nothing when that is none in UTF-8, as in a path it may be.
std::optional<code_point> first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return code_point{first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  if (!is_utf8(text.substr(0, size))) return std::nullopt;
  char32_t value = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i)
    value = value << 6 | (byte(i) & 0x3FU);
  return code_point{value, size};
}

/// A text that is printable already, in a colour.
std::string painted(std::string_view shown, colour in) {
  if (in == colour::none || shown.empty()) return std::string(shown);
  return fmt::format("{}{}\x1b[0m", escape_of(in), shown);
}

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

/// The characters' widths by the system's table, whatever the locale of the process is. In effect while it lives, for its
/// thread.
class width_table {
 public:
  width_table() {
    static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    before_ = utf8 == nullptr ? nullptr : ::uselocale(utf8);
  }
  width_table(const width_table&) = delete;
  width_table& operator=(const width_table&) = delete;
  ~width_table() {
    if (before_ != nullptr) (void)::uselocale(before_);
  }
  /// How many columns a character takes: 2 for those of East Asia and for emoji, 0 for one that is put onto the one before;
  /// 1 for what the table does not know.
  [[nodiscard]] std::size_t of(char32_t c) const {
    const int columns = c < 0x80 || before_ == nullptr ? 1 : ::wcwidth(static_cast<wchar_t>(c));
    return columns < 0 ? 1 : static_cast<std::size_t>(columns);
  }

 private:
  locale_t before_;
};

/// How many columns a text takes.
std::size_t width(std::string_view text) {
  const width_table table;
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto c = first_character(text);
    columns += c ? table.of(c->value) : 1;
    text.remove_prefix(c ? c->size_bytes : 1);
  }
  return columns;
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
      const std::size_t needed = width(shown_in_cell(row[i]));
      if (needed <= column_width_max) widths[i] = std::max(widths[i], needed);
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string shown = shown_in_cell(row[i]);
      const std::size_t size = width(shown);
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
