// Running git: no shell is asked, and nothing is read from standard input.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/error.hpp"
#include "agentslock/io/merge_document.hpp"

namespace agentslock::cli {

/// How git ended.
struct git_answer {
  /// Its exit status; -1 when a signal ended it.
  int status = 0;
  std::string output;
  /// The beginning of what it said of failures, on one line.
  std::string errors;
};

/// Which git is run.
enum class git_settings : std::uint8_t {
  /// As the user has it.
  of_the_user,
  /// With no configuration but the repository's, and no variable that names another repository or index.
  none,
};

/// Runs git with these arguments, in a directory; empty: here.
/// Errors: io_failed, also when there is no git; too_large when more comes out than a document may have.
[[nodiscard]] result<git_answer> run_git(const std::vector<std::string>& arguments,
                                         const std::string& directory = {},
                                         git_settings settings = git_settings::of_the_user);

/// What `git merge-file` makes of three texts, with marks of this size, in a style of merge.conflictStyle; empty: the user's.
/// Writes no file.
/// Errors: as run_git; io_failed when git can't merge them.
[[nodiscard]] result<merged_lines> merge_lines_by_git(const document_versions& versions,
                                                      std::size_t mark_size, const std::string& style = {});

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
