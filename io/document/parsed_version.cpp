#include "parsed_version.hpp"

#include <utility>

#include "agentslock/io/lock_document.hpp"

namespace agentslock {

object_version top_of(std::string_view text) {
  const std::size_t begin = json_walker(text).past_space(0);
  return {text, list_container(text, begin)};
}

result<> parse_version(parsed_version& into, std::string text) {
  into.text = std::move(text);
  auto parsed = lock_document::parse(text_buffer(into.text), "");
  if (!parsed) return parsed.error();
  if (const auto known = parsed->document.check_version(); !known) return known.error();
  into.top = top_of(into.text);
  into.file = std::move(parsed->adapters);
  return {};
}

bool has_crlf(std::string_view text) noexcept {
  return text.find("\r\n") != std::string_view::npos;
}

std::string with_newlines(std::string_view text, bool crlf) {
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
    if (text[at] == '\n' && crlf) made += '\r';
    made += text[at];
  }
  return made;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
