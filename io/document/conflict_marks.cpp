#include "conflict_marks.hpp"

#include <algorithm>
#include <cstdint>

namespace agentslock {
namespace {

bool is_blank(std::string_view text) noexcept {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// The lines of the entry, and how a version of it is spelt there.
struct entry_lines {
  text_span span;
  std::string before;
  std::string indent;
  bool comma_before = false;
  bool comma_after = false;

  [[nodiscard]] std::string spelt(const std::optional<std::string>& version, std::string_view newline) const {
    if (!version) return {};
    std::string text;
    if (comma_before) text.append(indent).append(",").append(newline);
    return text.append(indent).append(*version).append(comma_after ? "," : "").append(newline);
  }
};

entry_lines lines_of(std::string_view document, text_span whole, bool may_be_missing,
                     std::string_view newline) {
  entry_lines lines;
  std::size_t begin = document.rfind('\n', whole.begin == 0 ? 0 : whole.begin - 1);
  begin = begin == std::string_view::npos ? 0 : begin + 1;
  const bool begins_line = is_blank(document.substr(begin, whole.begin - begin));
  if (begins_line) lines.indent = document.substr(begin, whole.begin - begin);
  lines.span.begin = begins_line ? begin : whole.begin;

  std::size_t end = whole.end;
  const std::size_t next = document.find_first_not_of(" \t\r\n", end);
  lines.comma_after = next != std::string_view::npos && document[next] == ',';
  if (lines.comma_after) {
    end = next + 1;
  } else if (may_be_missing) {
    // The last entry: the comma before it belongs to it.
    const std::size_t previous = document.find_last_not_of(" \t\r\n", whole.begin - 1);
    if (previous != std::string_view::npos && document[previous] == ',') {
      lines.comma_before = true;
      lines.span.begin = previous;
    }
  }
  const bool on_a_line = begins_line && !lines.comma_before;
  if (!on_a_line) lines.before = newline;
  const std::size_t line_end = std::min(document.find('\n', end), document.size());
  if (is_blank(document.substr(end, line_end - end))) end = std::min(line_end + 1, document.size());
  lines.span.end = end;
  return lines;
}

}  // namespace

result<marked_entry> mark_entry(std::string_view document, text_span whole, const entry_versions& versions,
                                std::size_t mark_size, std::string_view newline, line_merge* lines) {
  const bool may_be_missing = !versions.ours || !versions.theirs;
  const entry_lines place = lines_of(document, whole, may_be_missing, newline);
  const std::string ours = place.spelt(versions.ours, newline);
  const std::string theirs = place.spelt(versions.theirs, newline);
  if (lines != nullptr && !may_be_missing) {
    const std::string base = place.spelt(versions.base, newline);
    auto merged = (*lines)({base, ours, theirs});
    if (!merged) return merged.error();
    if (!merged->clean) return marked_entry{place.span, place.before + merged->text};
  }
  std::string text = place.before;
  text.append(mark_size, '<').append(" ours").append(newline).append(ours);
  text.append(mark_size, '=').append(newline).append(theirs);
  text.append(mark_size, '>').append(" theirs").append(newline);
  return marked_entry{place.span, std::move(text)};
}

std::optional<split_versions> split_conflicts(std::string_view text) {
  enum class part : std::uint8_t { common, ours, base, theirs };
  split_versions versions;
  part now = part::common;
  std::size_t size = 0;
  bool found = false;
  bool with_base = false;
  bool every_base = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    std::string_view bare = line;
    while (bare.ends_with('\n') || bare.ends_with('\r'))
      bare.remove_suffix(1);
    const auto is_mark = [&](char character) {
      if (bare.empty() || bare.front() != character) return false;
      const std::size_t count = std::min(bare.find_first_not_of(character), bare.size());
      if (count < bare.size() && (bare[count] != ' ' || character == '=')) return false;
      return size == 0 ? count >= 7 : count == size;
    };
    if (now == part::common && is_mark('<')) {
      size = std::min(bare.find_first_not_of('<'), bare.size());
      now = part::ours;
      with_base = false;
    } else if (now == part::ours && is_mark('|')) {
      now = part::base;
      with_base = true;
    } else if ((now == part::ours || now == part::base) && is_mark('=')) {
      now = part::theirs;
    } else if (now == part::theirs && is_mark('>')) {
      every_base = every_base && with_base;
      now = part::common;
      found = true;
    } else {
      if (now == part::common || now == part::ours) versions.ours.append(line);
      if (now == part::common || now == part::theirs) versions.theirs.append(line);
      if (now == part::common || now == part::base) versions.base.append(line);
    }
  }
  if (!found || now != part::common) return std::nullopt;
  if (!every_base) versions.base.clear();
  return versions;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
