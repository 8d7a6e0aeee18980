#include "conflict_document.hpp"

#include <optional>
#include <utility>

#include "conflict_marks.hpp"

namespace agentslock {
namespace {

/// The entry at a path, and whether it stands there.
const json_container::item* find_entry(const object_version& top, const entry_path& path,
                                       object_version& holder) {
  holder = top;
  for (std::size_t i = 0; i + 1 < path.size(); ++i)
    holder = holder.object(path[i]);
  return holder.find(path.back());
}

std::optional<std::string> entry_at(const object_version& top, const entry_path& path) {
  object_version holder;
  return find_entry(top, path, holder) == nullptr ? std::nullopt : holder.whole(path.back());
}

}  // namespace

result<std::string> with_marks(const std::string& ours, const std::string& theirs, const parsed_version& base,
                               const parsed_version& our_side, const parsed_version& their_side,
                               const std::vector<entry_conflict>& conflicts, const merge_options& options,
                               line_merge by_lines) {
  const object_version our_top = top_of(ours);
  const object_version their_top = top_of(theirs);
  splice into{text_buffer(ours)};
  const std::string newline = has_crlf(ours) ? "\r\n" : "\n";
  for (const auto& [path, as_it_stands] : conflicts) {
    object_version holder;
    const auto* item = find_entry(our_top, path, holder);
    if (item == nullptr) continue;
    entry_versions versions{entry_at(base.top, path), entry_at(our_top, path), entry_at(their_top, path)};
    if (as_it_stands) {
      versions.ours = entry_at(our_side.top, path);
      versions.theirs = entry_at(their_side.top, path);
    }
    const bool is_foreign = path.size() == 1;
    if (is_foreign && !entry_at(our_side.top, path)) versions.ours.reset();
    if (is_foreign && !entry_at(their_side.top, path)) versions.theirs.reset();
    auto marked =
        mark_entry(ours, item->whole, versions, options.mark_size, newline, is_foreign ? &by_lines : nullptr);
    if (!marked) return marked.error();
    into.replace(marked->span, std::move(marked->text));
  }
  return std::string(into.text().view());
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
