#include "table.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <algorithm>

#include "display_width.hpp"

namespace agentslock::cli {
namespace {

/// A table's column gets no wider: one long name must not pad every row.
constexpr std::size_t column_width_max = 40;

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
  if (!of.is_cut) return shown;
  return shown + (output_charset() == charset::utf8 ? "\\…" : "\\...");
}

/// Where the first part of a line ends, behind a comma or a colon.
std::size_t end_of_part(std::string_view line) {
  for (std::size_t at = line.find(' '); at != line.npos; at = line.find(' ', at + 1)) {
    if (at > 0 && (line[at - 1] == ',' || line[at - 1] == ':')) return at;
  }
  return line.npos;
}

/// How many columns a text takes that may be coloured.
std::size_t width_without_colour(std::string_view text) {
  std::size_t columns = 0;
  for (;;) {
    const std::size_t escape = std::min(text.find('\x1b'), text.size());
    columns += display_width(text.substr(0, escape));
    if (escape == text.size()) return columns;
    text.remove_prefix(std::min(text.find('m', escape), text.size() - 1) + 1);
  }
}

/// How many of a table's columns stand side by side.
std::size_t columns_in_line(const std::vector<std::size_t>& widths, std::optional<std::size_t> columns_max) {
  std::size_t used = 0;
  for (std::size_t i = 0; columns_max && i < widths.size(); ++i) {
    used += 2 + widths[i];
    if (used > *columns_max) return std::max<std::size_t>(i, 1);
  }
  return widths.size();
}

/// A row of a table as it is written, on as many lines as it needs.
class table_line {
 public:
  explicit table_line(std::optional<std::size_t> columns_max) : columns_max_(columns_max) {}

  /// What follows stands below.
  void go_on_below() { is_below_ = true; }

  /// A cell, printable, padded to so many columns.
  void add(std::string_view shown, std::size_t padded, colour in) {
    const std::size_t size = display_width(shown);
    if (is_below_ && size == 0) return;
    const bool is_first_below = is_below_ && used_ > 0 && !has_broken_;
    if (is_first_below || (used_ > below_indent && does_not_fit(2 + size))) break_line();
    append_spaces(used_ == below_indent && has_broken_ ? 0 : 2);
    std::size_t rest = size;
    while (does_not_fit(rest)) {
      const std::string_view head = shown.substr(0, head_that_fits(shown));
      text_ += painted(head, in);
      rest -= display_width(head);
      shown.remove_prefix(head.size());
      break_line();
    }
    text_ += painted(shown, in);
    used_ += rest;
    if (size < padded) append_spaces(padded - size);
  }

  [[nodiscard]] std::string finish() && {
    trim();
    return std::move(text_) + "\n";
  }

 private:
  static constexpr std::size_t below_indent = 6;

  [[nodiscard]] bool does_not_fit(std::size_t size) const {
    return columns_max_ && used_ + size > *columns_max_;
  }

  /// How many bytes of a text fit into the line: up to a space where there is one, at least one character.
  [[nodiscard]] std::size_t head_that_fits(std::string_view shown) const {
    std::size_t end = 0;
    std::size_t after_space = 0;
    while (end < shown.size()) {
      const auto next = first_character(shown.substr(end));
      const std::size_t after = end + (next ? next->size_bytes : 1);
      if (end > 0 && does_not_fit(display_width(shown.substr(0, after)))) break;
      end = after;
      if (shown[end - 1] == ' ') after_space = end;
    }
    return after_space > 0 ? after_space : end;
  }

  void break_line() {
    trim();
    text_ += "\n" + std::string(below_indent, ' ');
    used_ = below_indent;
    has_broken_ = true;
  }
  void append_spaces(std::size_t count) {
    text_.append(count, ' ');
    used_ += count;
  }
  void trim() { text_.erase(text_.find_last_not_of(' ') + 1); }

  std::optional<std::size_t> columns_max_;
  std::string text_;
  std::size_t used_ = 0;
  bool is_below_ = false;
  bool has_broken_ = false;
};

}  // namespace

cell repeated(std::string_view text) {
  std::size_t end = 0;
  std::size_t characters = 0;
  for (; end < text.size(); ++end) {
    if (begins_character(text[end]) && characters++ == column_width_max) break;
  }
  return {std::string(text.substr(0, end)), colour::none, end < text.size()};
}

std::optional<std::size_t> columns_of(std::FILE* stream) {
  winsize size{};
  if (::ioctl(::fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

std::string table(const std::vector<std::vector<cell>>& rows, bool coloured,
                  std::optional<std::size_t> columns_max) {
  std::vector<std::size_t> widths;
  std::vector<std::string> shown;  // the cells of all rows
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::size_t needed = display_width(shown.emplace_back(shown_in_cell(row[i])));
      if (needed <= column_width_max) widths[i] = std::max(widths[i], needed);
    }
  }
  const std::size_t in_line = columns_in_line(widths, columns_max);
  std::string text;
  auto next = shown.begin();
  for (const auto& row : rows) {
    table_line line(columns_max);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i == in_line) line.go_on_below();
      const std::size_t padded = i + 1 < row.size() && i < in_line ? widths[i] : 0;
      line.add(*next++, padded, coloured ? row[i].in : colour::none);
    }
    text.append(std::move(line).finish());
  }
  return text;
}

std::string wrapped(std::string_view line, std::optional<std::size_t> columns_max) {
  if (!columns_max) return std::string(line);
  std::string text;
  std::size_t used = 0;
  while (!line.empty()) {
    const std::size_t end = std::min(end_of_part(line), line.size());
    const std::string_view word = line.substr(0, end);
    const std::size_t size = width_without_colour(word);
    if (used > 0 && used + 1 + size > *columns_max) {
      text += "\n  ";
      used = 2;
    } else if (used > 0) {
      text += ' ';
      ++used;
    }
    text += word;
    used += size;
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return text;
}

cell status_cell(view_state state, std::string_view recorded, charset in) {
  const std::string word =
      is_status(state) ? std::string(spelling(status_of(state))) : fmt::format("\"{}\"", recorded);
  return {fmt::format("{} {}", symbol(state, in), word), colour_of(state)};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
