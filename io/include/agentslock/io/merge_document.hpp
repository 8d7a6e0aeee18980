/// Merging lock documents: three texts into one, by members and views, with the bytes of what nobody merged.
///
/// What becomes of the adapters section is decided by merge_lockfiles; this finds the bytes for it. A view, an adapter and a section that only
/// one side changed is taken with its bytes; a section that both changed is given to a merge of lines, and taken if
/// what comes of it is JSON. What a person must choose stands between conflict marks, around that entry alone.
///
///     auto merged = merge_documents({base, ours, theirs}, {}, merge_lines);
///     if (merged && merged->conflicts.empty()) report(merged->text);
///
/// Touches no file, runs no program: the merge of lines is the caller's, as `git merge-file` is the command's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/error.hpp"
#include "agentslock/kernel/function_ref.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// The three versions of a document. The base is empty where there is none, as when both sides added the document.
struct document_versions {
  std::string_view base;
  std::string_view ours;
  std::string_view theirs;
};

/// What a merge of lines makes of three texts.
struct merged_lines {
  std::string text;
  /// Whether no conflict marks were left in it.
  bool clean = false;
};

using line_merge = function_ref<result<merged_lines>(const document_versions&)>;

struct merge_options {
  /// How many characters a conflict mark has: git's %L.
  std::size_t mark_size = 7;
};

struct merged_document {
  std::string text;
  /// The places that a person must decide, as JSON pointers; "" is the whole document.
  std::vector<std::string> conflicts;
  /// Whether the lines of the whole document were merged: a side could not be read, or they merge without a conflict where its
  /// members do not.
  bool by_lines = false;
};

/// Merges three documents.
/// A side that is as the base gives the other's bytes. A side that can't be read, or whose lock_version this program does not
/// know, leaves the whole document to the merge of lines. What merges without a conflict by its lines, and then says of the
/// adapters what merge_lockfiles does, is no conflict. A base that can't be read, as one with conflict marks, counts as none:
/// then nothing is taken for unchanged or removed. Line endings are those of the side that changed them.
/// Errors: what `by_lines` returns; too_large, when the result could not be read again.
/// Three passes over the texts, linear but for the logs; holds a few copies.
[[nodiscard]] result<merged_document> merge_documents(const document_versions& versions,
                                                      const merge_options& options, line_merge by_lines);

/// Reads the versions back from a text with conflict marks of any one size. The base is what stands between marks of four
/// kinds (git's merge.conflictStyle diff3), and else unknown: empty.
/// Nothing when the text has no whole conflict. Linear.
struct split_versions {
  std::string base;
  std::string ours;
  std::string theirs;
};
[[nodiscard]] std::optional<split_versions> split_conflicts(std::string_view text);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
