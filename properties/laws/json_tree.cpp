#include "json_tree.hpp"

#include <algorithm>
#include <utility>

namespace agentslock::laws {
namespace {

void append_utf8(std::string& out, unsigned long code) {
  const auto put = [&](unsigned long byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6), put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 0x3F)), put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

unsigned long hex4(std::string_view digits) {
  unsigned long value = 0;
  for (char c : digits.substr(0, 4)) {
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value << 4 | static_cast<unsigned long>(digit);
  }
  return value;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Reads by recursive descent. Whether the bytes are UTF-8 it does not ask.
class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {}

  std::optional<json_node> whole() {
    json_node value;
    space();
    if (!read(value, 0)) return std::nullopt;
    space();
    if (at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) { return peek() == c && at_ < text_.size() ? (++at_, true) : false; }
  void space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')
      ++at_;
  }

  // Recursive: as deep as the document, which has a limit
  bool read(json_node& into, int depth) {
    if (depth > 4000) return false;
    into.begin = at_;
    bool ok = false;
    if (peek() == '{') {
      ok = object(into, depth);
    } else if (peek() == '[') {
      ok = array(into, depth);
    } else if (peek() == '"') {
      into.what = json_node::kind::string;
      ok = string(into.spelling);
    } else {
      ok = other(into.spelling);
    }
    into.end = at_;
    return ok;
  }

  bool object(json_node& into, int depth) {
    into.what = json_node::kind::object;
    ++at_;
    space();
    if (take('}')) return true;
    do {
      space();
      json_member& member = into.members.emplace_back();
      member.begin = at_;
      if (peek() != '"' || !string(member.name_spelling)) return false;
      space();
      if (!take(':')) return false;
      space();
      if (!read(member.value, depth + 1)) return false;
      space();
    } while (take(','));
    return take('}');
  }

  bool array(json_node& into, int depth) {
    into.what = json_node::kind::array;
    ++at_;
    space();
    if (take(']')) return true;
    do {
      space();
      if (!read(into.items.emplace_back(), depth + 1)) return false;
      space();
    } while (take(','));
    return take(']');
  }

  bool string(std::string& spelling) {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && peek() != '"') {
      if (static_cast<unsigned char>(peek()) < 0x20) return false;
      if (!take('\\')) {
        ++at_;
        continue;
      }
      if (take('u')) {
        if (!escaped_character()) return false;
      } else if (std::string_view("\"\\/bfnrt").find(peek()) == std::string_view::npos ||
                 at_ >= text_.size()) {
        return false;
      } else {
        ++at_;
      }
    }
    if (!take('"')) return false;
    spelling = text_.substr(begin, at_ - begin);
    return true;
  }

  /// Past the digits of an escape, and of its second half when the first is a surrogate. One alone is no character.
  bool escaped_character() {
    const auto unit = [&](unsigned long& value) {
      for (std::size_t i = 0; i < 4; ++i) {
        if (at_ + i >= text_.size() || !is_hex(text_[at_ + i])) return false;
      }
      value = hex4(text_.substr(at_));
      at_ += 4;
      return true;
    };
    unsigned long first = 0;
    unsigned long second = 0;
    if (!unit(first)) return false;
    if (first < 0xD800 || first > 0xDFFF) return true;
    return first < 0xDC00 && take('\\') && take('u') && unit(second) && second >= 0xDC00 && second <= 0xDFFF;
  }

  bool digits() {
    if (!is_digit(peek())) return false;
    while (is_digit(peek()))
      ++at_;
    return true;
  }

  bool other(std::string& spelling) {
    const std::size_t begin = at_;
    for (std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        spelling = word;
        return true;
      }
    }
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    spelling = text_.substr(begin, at_ - begin);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

const json_node* json_node::find(std::string_view name) const {
  for (const json_member& one : members) {
    if (one.name() == name) return &one.value;
  }
  return nullptr;
}

json_node* json_node::find(std::string_view name) {
  return const_cast<json_node*>(std::as_const(*this).find(name));
}

std::string json_node::text() const {
  return what == kind::string ? unescaped(spelling) : std::string();
}
std::string json_member::name() const {
  return unescaped(name_spelling);
}

std::optional<json_node> read_json(std::string_view text) {
  return reader(text).whole();
}

std::string unescaped(std::string_view spelling) {
  std::string out;
  for (std::size_t i = 1; i + 1 < spelling.size(); ++i) {
    if (spelling[i] != '\\') {
      out += spelling[i];
      continue;
    }
    const char c = spelling[++i];
    constexpr std::string_view from = "bfnrt";
    constexpr std::string_view to = "\b\f\n\r\t";
    if (const auto known = from.find(c); known != std::string_view::npos) {
      out += to[known];
    } else if (c != 'u') {
      out += c;
    } else {
      unsigned long code = hex4(spelling.substr(i + 1));
      i += 4;
      const bool leads = code >= 0xD800 && code < 0xDC00 && spelling.substr(i + 1).starts_with("\\u");
      if (leads) {
        code = 0x10000 + ((code & 0x3FF) << 10 | (hex4(spelling.substr(i + 3)) & 0x3FF));
        i += 6;
      }
      append_utf8(out, code);
    }
  }
  return out;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
