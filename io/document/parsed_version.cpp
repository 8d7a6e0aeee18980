#include "parsed_version.hpp"

#include <utility>

#include "agentslock/io/lock_document.hpp"

namespace agentslock {

namespace {

std::vector<text_span> entries_in(const lock_document& document) {
  const adapters_index& index = document.index_of_adapters();
  std::vector<text_span> entries;
  if (index.value.size() == 0) return entries;
  entries.reserve(1 + 2 * index.adapters.size() + index.views.size());
  entries.push_back({index.name_at, index.value.end});
  for (const auto& owner : index.adapters) {
    entries.push_back(owner.whole);
    if (owner.views_value.size() != 0) entries.push_back({owner.views_name_at, owner.views_value.end});
    for (std::size_t i = 0; i < owner.view_count; ++i)
      entries.push_back(index.views[owner.first_view + i].whole);
  }
  return entries;
}

}  // namespace

object_version top_of(std::string_view text, std::span<const text_span> known) {
  const std::size_t begin = json_walker(text).past_space(0);
  return {text, list_container(text, begin, known), known};
}

result<> parse_version(parsed_version& into, text_buffer text) {
  into.text = std::move(text);
  auto parsed = lock_document::parse(into.text, "");
  if (!parsed) return parsed.error();
  if (const auto known = parsed->document.check_version(); !known) return known.error();
  into.entries = entries_in(parsed->document);
  into.top = top_of(into.text.view(), into.entries);
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
