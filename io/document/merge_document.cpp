#include "agentslock/io/merge_document.hpp"

#include <optional>
#include <utility>

#include "conflict_document.hpp"
#include "document_size.hpp"
#include "merge_composition.hpp"
#include "parsed_version.hpp"
#include "view_decode.hpp"

namespace agentslock {
namespace {

std::string pointer_of(const entry_path& path) {
  std::string pointer;
  for (const std::string& name : path)
    pointer += "/" + pointer_token(name);
  return pointer;
}

/// Merges the lines of whole documents.
result<merged_document> merged_by_lines(const document_versions& versions, line_merge by_lines) {
  auto lines = by_lines(versions);
  if (!lines) return lines.error();
  merged_document merged{std::move(lines->text), {}, true};
  if (!lines->clean) merged.conflicts.emplace_back();
  return merged;
}

/// The lines of whole documents that were read, where they merge without a conflict and say of the adapters just what was merged.
/// Nothing where they do not: lines of two sides may make a view ready that neither had so.
result<std::optional<std::string>> clean_lines(const document_versions& versions,
                                               const merged_lockfile& merged, line_merge by_lines) {
  if (!merged.conflicts.empty()) return std::optional<std::string>();
  auto lines = by_lines(versions);
  if (!lines) return lines.error();
  parsed_version made;
  const std::string& text = lines->text;
  if (!lines->clean || !parse_version(made, text_buffer(text)) || made.file != merged.file ||
      has_repeated_name(text, json_walker(text).past_space(0)))
    return std::optional<std::string>();
  return std::optional(std::move(lines->text));
}

}  // namespace

result<merged_document> merge_documents(const document_versions& versions, const merge_options& options,
                                        line_merge by_lines) {
  if (versions.ours == versions.theirs || versions.theirs == versions.base)
    return merged_document{std::string(versions.ours), {}, false};
  if (versions.ours == versions.base) return merged_document{std::string(versions.theirs), {}, false};

  const bool base_crlf = versions.base.empty() ? has_crlf(versions.ours) : has_crlf(versions.base);
  const bool crlf = has_crlf(versions.ours) != base_crlf ? !base_crlf : has_crlf(versions.theirs);
  const auto spelt = [&](std::string_view text) {
    return text_buffer(has_crlf(text) == crlf ? text : with_newlines(text, crlf));
  };
  parsed_version base;
  parsed_version ours;
  parsed_version theirs;
  if (!parse_version(ours, spelt(versions.ours)) || !parse_version(theirs, spelt(versions.theirs)))
    return merged_by_lines(versions, by_lines);
  if (!parse_version(base, spelt(versions.base))) base = parsed_version();

  merge_composition made(base, ours, theirs, by_lines);
  auto text = made.compose(merge_side::ours);
  if (!text) return text.error();
  merged_document merged{std::move(*text), {}, false};
  const std::vector<entry_conflict> conflicts = made.conflicts();
  if (!conflicts.empty()) {
    auto lines =
        clean_lines({base.text.view(), ours.text.view(), theirs.text.view()}, made.merged(), by_lines);
    if (!lines) return lines.error();
    if (*lines) return merged_document{std::move(**lines), {}, true};
    const auto other = made.compose(merge_side::theirs);
    if (!other) return other.error();
    auto marked = with_marks(merged.text, *other, base, ours, theirs, conflicts, options, by_lines);
    if (!marked) return marked.error();
    merged.text = std::move(*marked);
    for (const entry_conflict& one : conflicts)
      merged.conflicts.push_back(pointer_of(one.path));
  }
  if (const auto fits = check_size_of_written(merged.text.size(), "the document"); !fits) return fits.error();
  return merged;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
