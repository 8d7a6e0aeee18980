#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/filesystem.hpp>
#include <optional>

#include "commands.hpp"
#include "git_program.hpp"
#include "merge_report.hpp"
#include "next_commands.hpp"
#include "table.hpp"
#include "written_conflict.hpp"

namespace agentslock::cli {
namespace {

namespace fs = boost::filesystem;

/// The versions of a document in conflict, and where they were found.
struct found_versions {
  split_versions texts;
  std::string_view from;
};

/// Whether a stage of git's index has the document.
bool has_stage(std::string_view unmerged, char stage) {
  for (std::size_t at = 0; at < unmerged.size();) {
    const std::size_t end = std::min(unmerged.find('\0', at), unmerged.size());
    const std::string_view line = unmerged.substr(at, end - at);
    const std::size_t tab = line.find('\t');
    if (tab != line.npos && tab > 0 && line[tab - 1] == stage) return true;
    at = end + 1;
  }
  return false;
}

/// The versions in git's index; nothing where it has no conflict of the document, or there is no git.
result<std::optional<found_versions>> from_index(const std::string& directory, const std::string& name) {
  const auto unmerged = run_git({"ls-files", "-u", "-z", "--", name}, directory);
  if (!unmerged || unmerged->status != 0 || unmerged->output.empty()) return std::optional<found_versions>();
  found_versions found{{}, "index"};
  const std::array<std::string*, 3> texts{&found.texts.base, &found.texts.ours, &found.texts.theirs};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const char stage = static_cast<char>('1' + i);
    if (!has_stage(unmerged->output, stage)) {
      if (i == 0) continue;  // both added it
      return error(errc::invalid_argument,
                   fmt::format("one side removed {}: decide by git rm, or by git checkout --{} and git add",
                               name, i == 1 ? "theirs" : "ours"));
    }
    auto text = run_git({"cat-file", "--filters", fmt::format(":{}:./{}", stage, name)}, directory);
    if (!text) return text.error();
    if (text->status != 0)
      return error(errc::io_failed, fmt::format("git could not show a side of {}: {}", name, text->errors));
    *texts[i] = std::move(text->output);
  }
  return std::optional(std::move(found));
}

result<found_versions> find_versions(const std::string& path, std::string_view text) {
  const fs::path document = path;
  const std::string directory = document.parent_path().empty() ? "." : document.parent_path().native();
  auto indexed = from_index(directory, document.filename().native());
  if (!indexed) return indexed.error();
  auto marked = split_conflicts(text);
  if (*indexed) {
    const split_versions& sides = (*indexed)->texts;
    if (!marked && text != sides.ours && text != sides.theirs) {
      return error(errc::conflict,
                   fmt::format("{} has no marks and is neither side any more: somebody has resolved it; "
                               "git add it, or begin again by git checkout -m",
                               path));
    }
    if (marked) {
      const auto untouched = is_written_conflict(text, {sides.base, sides.ours, sides.theirs});
      if (!untouched) return untouched.error();
      if (!*untouched) {
        return error(
            errc::conflict,
            fmt::format("{} has marks, and was edited since they were written: resolve would undo that. "
                        "Finish it by hand, then git add it, or begin again by git checkout -m -- {}",
                        path, shell_word(path)));
      }
    }
    return std::move(**indexed);
  }
  if (!marked) return error(errc::invalid_argument, fmt::format("{} is not in conflict", path));
  return found_versions{std::move(*marked), "marks"};
}

}  // namespace

outcome_report run_resolve(const common_options& common) {
  if (const auto is_file = check_is_file(common, "git merges files alone"); !is_file)
    return report_error(is_file.error());
  const lockfile_store store = document_of(common);
  const document_store& documents = store.documents();
  const auto stored = documents.read();
  if (!stored) return report_error(stored.error());
  if (!stored->exists) return report_error(missing_document(store.path()));
  const auto versions = find_versions(store.path(), stored->text.view());
  if (!versions) return report_error(versions.error());
  const merge_options options;
  const auto lines = [&](const document_versions& texts) {
    return merge_lines_by_git(texts, options.mark_size);
  };
  const split_versions& texts = versions->texts;
  const auto merged = merge_documents({texts.base, texts.ours, texts.theirs}, options, lines);
  if (!merged) return report_error(merged.error());
  if (merged->text != stored->text.view()) {
    const std::array<std::string_view, 1> pieces{merged->text};
    const auto done = documents.store_if(*stored->revision, pieces);
    if (!done) return report_error(done.error());
  }
  const std::string next = fmt::format("git add {}", shell_word(store.path()));
  const bool resolved = merged->conflicts.empty();
  json_report json;
  json.text("document", store.path());
  json.boolean("resolved", resolved);
  json.text("from", versions->from);
  json.boolean("by_lines", merged->by_lines);
  add_conflicts(json, merged->conflicts);
  json.text("next", next);
  std::string text;
  if (resolved) {
    text = fmt::format("{}: resolved, from {}\nnext: {}\n", printable(store.path()),
                       versions->from == "index" ? "git's index" : "its conflict marks", next);
  } else {
    text = fmt::format("{}: choose between the marks, then {}\n", printable(store.path()), next);
    text += listed_conflicts(merged->conflicts);
  }
  return {resolved ? exit_code::fine : exit_code::failed, std::move(text), std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
