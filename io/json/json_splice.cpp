#include "agentslock/io/detail/json_splice.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

namespace agentslock {

void splice::replace(text_span span, std::string text) {
  if (span.in(base_.view()) == text) return;
  // Edits mostly come in order.
  if (edits_.empty() || !edits_.key_comp()(span, edits_.rbegin()->first)) {
    edits_.emplace_hint(edits_.end(), span, std::move(text));
  } else {
    edits_.emplace(span, std::move(text));
  }
}

std::vector<text_edit> splice::edits() const {
  std::vector<text_edit> edits;
  edits.reserve(edits_.size());
  for (const auto& [span, text] : edits_)
    edits.push_back({span, text});
  return edits;
}

std::vector<std::string_view> splice::pieces() const {
  std::vector<std::string_view> pieces;
  pieces.reserve(2 * edits_.size() + 1);
  const std::string_view base = base_.view();
  std::size_t copied = 0;
  const auto add = [&](std::string_view piece) {
    if (!piece.empty()) pieces.push_back(piece);
  };
  for (const auto& [span, text] : edits_) {
    add(base.substr(copied, span.begin - copied));
    add(text);
    copied = span.end;
  }
  add(base.substr(copied));
  return pieces;
}

std::size_t splice::size() const noexcept {
  std::size_t total = base_.view().size();
  for (const auto& [span, text] : edits_)
    total = total - span.size() + text.size();
  return total;
}

text_buffer splice::text() const {
  if (changes_nothing()) return base_;
  const std::size_t total = size();
  auto bytes = std::make_shared_for_overwrite<char[]>(total);
  char* out = bytes.get();
  for (std::string_view piece : pieces()) {
    std::memcpy(out, piece.data(), piece.size());
    out += piece.size();
  }
  return {std::move(bytes), total};
}

std::string splice::text_of(text_span span) const {
  const std::string_view base = base_.view();
  std::string text;
  std::size_t copied = span.begin;
  for (const auto& [edited, with] : edits_) {
    if (edited.begin < span.begin || edited.end > span.end) continue;
    text.append(base, copied, edited.begin - copied).append(with);
    copied = edited.end;
  }
  return text.append(base, copied, span.end - copied);
}

line_indent indent_before(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t'))
    --begin;
  if (begin == 0 || text[begin - 1] != '\n') return std::nullopt;
  return std::string(text.substr(begin, at - begin));
}

line_indent container_layout::items(std::string_view text, const json_container& container) const {
  if (!container.items.empty()) return indent_before(text, container.items.front().whole.begin);
  if (!owner || document.newline.empty()) return std::nullopt;
  return *owner + document.unit;
}

void edit_container(splice& into, const json_container& container, std::span<const planned_item> plan,
                    const container_layout& layout) {
  const std::string_view text = into.base().view();
  const auto& old = container.items;
  const line_indent indent = layout.items(text, container);
  const std::string between = indent ? "," + layout.document.newline + *indent : "," + layout.document.gap;

  const auto join = [&](std::size_t first, std::size_t last) {
    std::string joined;
    for (std::size_t i = first; i < last; ++i) {
      if (i > first) joined += between;
      joined += plan[i].text;
    }
    return joined;
  };
  // Between two kept items (or an edge and a kept item) stand old items that go and new ones that come.
  // `next_old` is the first old item not dealt with yet; the one before it, if any, was kept.
  std::size_t next_old = 0;
  std::size_t i = 0;
  for (;;) {
    const std::size_t first_new = i;
    while (i < plan.size() && !plan[i].kept)
      ++i;
    const bool at_end = i == plan.size();
    const std::size_t next_kept = at_end ? old.size() : *plan[i].kept;
    const std::string added = join(first_new, i);

    if (next_old > 0) {
      into.replace({old[next_old - 1].whole.end, old[next_kept - 1].whole.end},
                   added.empty() ? "" : between + added);
    } else if (!at_end) {
      into.replace({old.front().whole.begin, old[next_kept].whole.begin},
                   added.empty() ? "" : added + between);
    } else if (!added.empty() && !old.empty()) {
      into.replace({old.front().whole.begin, old.back().whole.end}, added);
    } else {
      // From empty, or to empty: the brackets' inside is written whole.
      std::string inside;
      if (!added.empty()) {
        const std::string& pad = layout.document.padding;
        inside = indent ? layout.document.newline + *indent + added + layout.document.newline + *layout.owner
                        : pad + added + pad;
      }
      const bool unchanged = added.empty() && old.empty();
      if (!unchanged) into.replace({container.span.begin + 1, container.span.end - 1}, std::move(inside));
    }
    if (at_end) return;
    next_old = next_kept + 1;
    ++i;
  }
}

json_layout detect_layout(std::string_view text, const json_container& document) {
  json_layout layout;
  if (document.items.empty()) {
    if (text.find("\r\n") != std::string_view::npos) layout.newline = "\r\n";
    return layout;
  }
  const auto& first = document.items.front();
  const std::string_view lead =
      text.substr(document.span.begin + 1, first.whole.begin - document.span.begin - 1);
  const auto name_end = text.substr(first.whole.begin, first.value.begin - first.whole.begin).rfind('"') + 1;
  layout.colon = text.substr(first.whole.begin + name_end, first.value.begin - first.whole.begin - name_end);

  const std::size_t newline = lead.rfind('\n');
  if (newline == std::string_view::npos) {
    layout.newline.clear();
    layout.unit.clear();
    layout.padding = lead;
    layout.gap = layout.colon.ends_with(' ') ? " " : "";
    if (document.items.size() > 1) {
      const auto& second = document.items[1];
      const std::size_t comma = text.find(',', first.whole.end);
      layout.gap = text.substr(comma + 1, second.whole.begin - comma - 1);
    }
    return layout;
  }
  layout.newline = newline > 0 && lead[newline - 1] == '\r' ? "\r\n" : "\n";
  layout.unit = lead.substr(newline + 1);
  layout.gap = layout.colon.ends_with(' ') ? " " : "";
  return layout;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
