#include "agentslock/io/detail/json_text.hpp"

#include <algorithm>
#include <utility>

#include "agentslock/io/detail/json_walk.hpp"
#include "hex.hpp"

namespace agentslock {
namespace {

/// Appends a text to the inside of a JSON string, escaping what the Go tool escapes even in JSON that it is
/// given; with `all`, also what must be escaped in any JSON string.
void append_escaped(std::string& out, std::string_view text, bool all) {
  std::size_t copied = 0;
  const auto escape = [&](std::size_t from, std::size_t size, std::string_view as) {
    out.append(text, copied, from - copied).append(as);
    copied = from + size;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '<' || c == '>' || c == '&') {
      escape(i, 1, c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : "\\u0026");
    } else if (c == 0xE2 && text.substr(i, 3) == "\u2028") {
      escape(i, 3, "\\u2028");
    } else if (c == 0xE2 && text.substr(i, 3) == "\u2029") {
      escape(i, 3, "\\u2029");
    } else if (!all || (c >= 0x20 && c != '"' && c != '\\')) {
      continue;
    } else {
      switch (c) {
        case '"':
          escape(i, 1, "\\\"");
          break;
        case '\\':
          escape(i, 1, "\\\\");
          break;
        case '\b':
          escape(i, 1, "\\b");
          break;
        case '\f':
          escape(i, 1, "\\f");
          break;
        case '\n':
          escape(i, 1, "\\n");
          break;
        case '\r':
          escape(i, 1, "\\r");
          break;
        case '\t':
          escape(i, 1, "\\t");
          break;
        default: {
          const char code[] = {'\\', 'u', '0', '0', hex_digits[c >> 4], hex_digits[c & 15]};
          escape(i, 1, {code, sizeof code});
        }
      }
    }
  }
  out.append(text, copied);
}

/// The end of the JSON string that begins at `at` in valid JSON.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

}  // namespace

std::string quote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  append_escaped(out, text, true);
  out += '"';
  return out;
}

std::string unquote(std::string_view json_string) {
  std::string scratch;
  const auto text = json_walker(json_string).string(0, scratch);
  return text ? std::string(text->text) : std::string();
}

json_writer::json_writer(const json_layout& layout, line_indent indent)
    : layout_(layout), indent_(std::move(indent)) {
  if (layout_.newline.empty()) indent_.reset();
}

void json_writer::name(std::string_view name) {
  before_item();
  text_.append(quote(name)).append(layout_.colon);
  after_name_ = true;
}

void json_writer::string(std::string_view text) {
  before_item();
  text_.append(quote(text));
}

void json_writer::value(std::string_view json) {
  for (std::size_t at = 0; at < json.size();) {
    const char c = json[at];
    switch (c) {
      case '{':
      case '[':
        begin(c);
        ++at;
        break;
      case '}':
      case ']':
        end(c);
        ++at;
        break;
      case ':':
        text_.append(layout_.colon);
        after_name_ = true;
        ++at;
        break;
      case ',':
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        ++at;
        break;
      case '"': {
        const std::size_t end = end_of_string(json, at);
        before_item();
        append_escaped(text_, json.substr(at, end - at), false);
        at = end;
        break;
      }
      default: {
        const std::size_t end = std::min(json.find_first_of(",:]} \t\r\n", at), json.size());
        before_item();
        text_.append(json, at, end - at);
        at = end;
      }
    }
  }
}

void json_writer::begin(char bracket) {
  before_item();
  text_ += bracket;
  has_item_.push_back(false);
}

void json_writer::end(char bracket) {
  const bool had_items = has_item_.back();
  has_item_.pop_back();
  if (had_items && indent_) new_line();
  if (had_items && !indent_) text_ += layout_.padding;
  text_ += bracket;
}

void json_writer::before_item() {
  if (std::exchange(after_name_, false) || has_item_.empty()) return;
  const bool first = !has_item_.back();
  has_item_.back() = true;
  if (!first) text_ += ',';
  if (indent_) {
    new_line();
  } else {
    text_ += first ? layout_.padding : layout_.gap;
  }
}

void json_writer::new_line() {
  text_.append(layout_.newline).append(*indent_);
  for (std::size_t i = 0; i < has_item_.size(); ++i)
    text_.append(layout_.unit);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
