#include "terminal.hpp"

#include <fmt/format.h>
#include <langinfo.h>
#include <locale.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "display_width.hpp"
#include "environment.hpp"
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

/// The name of the locale for characters, where setlocale looks for it.
std::string locale_in_environment() {
  for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (std::string value = from_environment(variable); !value.empty()) return value;
  }
  return {};
}

/// Whether printable() leaves it as it is in every charset.
constexpr bool is_plain(char c) noexcept {
  return c >= ' ' && c <= '~' && c != '\\';
}

}  // namespace

charset output_charset() {
  static const charset by_locale = [] {
    // Each system has it, and it says what it is: to look for it is a tenth of what a small document's show takes.
    if (locale_in_environment() == "C.UTF-8") return charset::utf8;
    const locale_t locale = ::newlocale(LC_CTYPE_MASK, "", nullptr);
    if (locale == nullptr) return charset::ascii;
    const bool is_utf8 = std::string_view(::nl_langinfo_l(CODESET, locale)) == "UTF-8";
    ::freelocale(locale);
    return is_utf8 ? charset::utf8 : charset::ascii;
  }();
  return by_locale;
}

std::string printable(std::string_view text, charset in) {
  std::string shown;
  shown.reserve(text.size());
  for (;;) {
    const auto as_it_is = std::ranges::find_if_not(text, is_plain);
    shown.append(text.begin(), as_it_is);
    text.remove_prefix(static_cast<std::size_t>(as_it_is - text.begin()));
    if (text.empty()) return shown;
    const auto c = first_character(text);
    const auto byte = static_cast<unsigned char>(text.front());
    if (!c || c->value < 0x20 || c->value == 0x7F) {
      fmt::format_to(std::back_inserter(shown), "\\x{:02x}", byte);
    } else if (c->value == '\\') {
      shown += "\\\\";
    } else if (!is_hidden(c->value) && (in == charset::utf8 || c->value < 0x7F)) {
      shown.append(text.substr(0, c->size_bytes));
    } else if (c->value <= 0xFFFF) {
      fmt::format_to(std::back_inserter(shown), "\\u{:04x}", static_cast<unsigned>(c->value));
    } else {
      fmt::format_to(std::back_inserter(shown), "\\U{:08x}", static_cast<unsigned>(c->value));
    }
    text.remove_prefix(c ? c->size_bytes : 1);
  }
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

std::string painted(std::string_view shown, colour in) {
  if (in == colour::none || shown.empty()) return std::string(shown);
  return fmt::format("{}{}\x1b[0m", escape_of(in), shown);
}

std::string paint(std::string_view text, colour in, bool coloured) {
  return coloured ? painted(printable(text), in) : printable(text);
}

std::string_view symbol(view_state state, charset in) {
  const bool is_ascii = in == charset::ascii;
  switch (state) {
    case view_state::ready:
      return is_ascii ? "+" : "✓";
    case view_state::pending_recompat_check:
      return "?";
    case view_state::pending_rebuild:
      return is_ascii ? "~" : "…";
    case view_state::dsl_update_required:
      return is_ascii ? "x" : "✗";
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

std::string_view arrow(charset in) {
  return in == charset::ascii ? "->" : "→";
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
