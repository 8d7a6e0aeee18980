#include "display_width.hpp"

#include <locale.h>
#include <wchar.h>

#include "agentslock/kernel/detail/utf8.hpp"

namespace agentslock::cli {
namespace {

/// What this command itself prints that is not ASCII: symbols, an arrow, what a cut leaves. One column each.
constexpr std::u32string_view own_characters = U"✓…✗→";

/// The characters' widths by the system's table, whatever the locale of the process is. In effect while it lives, for its
/// thread, from the first character that is neither ASCII nor our own: few texts need it, and it is loaded from a file.
class width_table {
 public:
  width_table() = default;
  width_table(const width_table&) = delete;
  width_table& operator=(const width_table&) = delete;
  ~width_table() {
    if (before_ != nullptr) (void)::uselocale(before_);
  }
  /// How many columns a character takes: 2 for those of East Asia and for emoji, 0 for one that is put onto the one before;
  /// 1 for what the table does not know.
  [[nodiscard]] std::size_t of(char32_t c) {
    if (c < 0x80 || own_characters.find(c) != std::u32string_view::npos) return 1;
    if (before_ == nullptr) {
      static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
      if (utf8 == nullptr) return 1;
      before_ = ::uselocale(utf8);
    }
    const int columns = ::wcwidth(static_cast<wchar_t>(c));
    return columns < 0 ? 1 : static_cast<std::size_t>(columns);
  }

 private:
  locale_t before_ = nullptr;
};

}  // namespace

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

std::size_t display_width(std::string_view text) {
  width_table table;
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto c = first_character(text);
    columns += c ? table.of(c->value) : 1;
    text.remove_prefix(c ? c->size_bytes : 1);
  }
  return columns;
}

std::string cut_to_width(std::string_view text, std::size_t columns) {
  width_table table;
  std::size_t used = 0;
  std::size_t kept_bytes = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = first_character(text.substr(at));
    used += c ? table.of(c->value) : 1;
    if (used > columns) return std::string(text.substr(0, kept_bytes)) + "…";
    at += c ? c->size_bytes : 1;
    if (used < columns) kept_bytes = at;
  }
  return std::string(text);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
