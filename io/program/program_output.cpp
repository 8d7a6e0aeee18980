#include "program_output.hpp"

#include <algorithm>

#include "agentslock/kernel/detail/utf8.hpp"

namespace agentslock {
namespace {

constexpr std::string_view white_space = " \t\r\v\f";
constexpr std::size_t utf8_bytes_max = 4;

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Where to cut a text that is longer than `limit`: there, or before the character that begins shortly before. No
/// character is as long as the limit.
std::size_t cut_before(std::string_view text, std::size_t limit) {
  std::size_t at = limit;
  while (limit - at < utf8_bytes_max && continues_character(text[at]))
    --at;
  return continues_character(text[at]) ? limit : at;
}

/// How many bytes of the text are its first character; 0 when none begins there.
std::size_t character_size(std::string_view text) {
  for (std::size_t size = 1; size <= std::min(utf8_bytes_max, text.size()); ++size) {
    if (is_utf8(text.substr(0, size))) return size;
  }
  return 0;
}

}  // namespace

void line_splitter::take(std::string_view bytes, line_visitor visit) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    const bool goes_on = !begun_.empty();
    if (goes_on) line = begun_.append(line);
    while (line.size() > program_line_bytes_max) {
      const std::size_t cut = cut_before(line, program_line_bytes_max);
      visit(line.substr(0, cut), false);
      line.remove_prefix(cut);
    }
    if (end != std::string_view::npos) {
      visit(line, true);
      begun_.clear();
    } else if (goes_on) {
      begun_.erase(0, begun_.size() - line.size());  // what is left is its end
    } else {
      begun_.assign(line);
    }
  }
}

void line_splitter::finish(line_visitor visit) {
  if (!begun_.empty()) visit(begun_, false);
  begun_.clear();
}

void last_line::take(std::string_view text, bool ended) {
  // One byte more than is shown, so that it can be seen that something was cut off.
  constexpr std::size_t kept_max = program_reason_bytes_max + 1;
  if (current_.empty()) text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
  current_.append(text.substr(0, kept_max - std::min(kept_max, current_.size())));
  if (ended && !current_.empty()) {
    last_.swap(current_);
    current_.clear();
  }
}

std::string last_line::text() const {
  return as_reason(current_.empty() ? last_ : current_);
}

void kept_output::take(std::string_view bytes) {
  const std::size_t room = program_output_bytes_max - text_.size();
  cut_ = cut_ || bytes.size() > room;
  text_.append(bytes.substr(0, room));
}

std::string as_reason(std::string_view text) {
  const bool cut = text.size() > program_reason_bytes_max;
  if (cut) text = text.substr(0, cut_before(text, program_reason_bytes_max));
  text = text.substr(0, text.find_last_not_of(white_space) + 1);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    out.append(size > 0 ? text.substr(0, size) : std::string_view("\uFFFD"));
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return cut ? out.append("…") : out;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
