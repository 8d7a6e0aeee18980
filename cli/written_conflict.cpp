#include "written_conflict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "git_program.hpp"

namespace agentslock::cli {
namespace {

namespace fs = boost::filesystem;

/// The text with marks of one size and without their names.
std::string bare_marks(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    const std::size_t count = std::min(line.find_first_not_of(line.front()), line.size());
    const bool ends = count == line.size() || std::string_view(" \r\n").find(line[count]) != line.npos;
    if (count >= 7 && ends && std::string_view("<|=>").find(line.front()) != std::string_view::npos) {
      made.append(7, line.front()).append("\n");
    } else {
      made.append(line);
    }
  }
  return made;
}

/// A repository in a temporary directory.
class temporary_repository {
 public:
  temporary_repository() {
    boost::system::error_code failed;
    const fs::path parent = fs::temp_directory_path(failed);
    path_ = parent / fs::unique_path("agentslock-merge-%%%%-%%%%-%%%%-%%%%");
    if (!failed) fs::create_directory(path_, failed);
    if (!failed) fs::permissions(path_, fs::owner_all, failed);
    is_there_ = !failed;
  }
  temporary_repository(const temporary_repository&) = delete;
  temporary_repository& operator=(const temporary_repository&) = delete;
  ~temporary_repository() {
    boost::system::error_code ignored;
    if (is_there_) fs::remove_all(path_, ignored);
  }

  /// Runs git in it. Errors: io_failed also when its status is above `status_max`.
  [[nodiscard]] result<> git(const std::vector<std::string>& arguments, int status_max = 0) const {
    if (!is_there_) return error(errc::io_failed, "could not make a temporary directory");
    const auto done = run_git(arguments, path_.native(), git_settings::none);
    if (!done) return done.error();
    if (done->status < 0 || done->status > status_max) {
      return error(errc::io_failed,
                   fmt::format("git {} in a temporary repository: {}", arguments.front(), done->errors));
    }
    return {};
  }
  /// Commits a version; an empty one is none.
  [[nodiscard]] result<> commit(std::string_view version) const {
    if (!version.empty()) {
      std::ofstream(document(), std::ios::binary | std::ios::trunc) << version;
      if (const auto done = git({"add", "--force", "document"}); !done) return done;
    }
    return git({"commit", "-q", "--allow-empty", "--no-verify", "-m", "version"});
  }
  [[nodiscard]] std::string text() const {
    std::ifstream file(document(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  [[nodiscard]] std::string document() const { return (path_ / "document").native(); }

  fs::path path_;
  bool is_there_ = false;
};

/// What `git merge` leaves of these versions in a working tree, which merges by another algorithm than `git merge-file`.
result<std::string> merged_by_git(const document_versions& versions, const std::string& style) {
  const temporary_repository repository;
  const auto steps = [&]() -> result<> {
    if (auto done = repository.git({"init", "-q", "--template="}); !done) return done;
    if (auto done = repository.git({"config", "merge.conflictStyle", style}); !done) return done;
    if (auto done = repository.commit(versions.base); !done) return done;
    if (auto done = repository.git({"branch", "theirs"}); !done) return done;
    if (auto done = repository.commit(versions.ours); !done) return done;
    if (auto done = repository.git({"checkout", "-q", "-b", "ours"}); !done) return done;
    if (auto done = repository.git({"checkout", "-q", "theirs"}); !done) return done;
    if (auto done = repository.commit(versions.theirs); !done) return done;
    if (auto done = repository.git({"checkout", "-q", "ours"}); !done) return done;
    return repository.git({"merge", "-q", "theirs"}, 1);
  };
  if (const auto done = steps(); !done) return done.error();
  return repository.text();
}

}  // namespace

result<bool> is_written_conflict(std::string_view text, const document_versions& versions) {
  const std::string is = bare_marks(text);
  const auto lines = [](const document_versions& some) { return merge_lines_by_git(some, 7); };
  const auto by_members = merge_documents(versions, {}, lines);
  if (!by_members) return by_members.error();
  if (bare_marks(by_members->text) == is) return true;
  const bool has_base = is.starts_with("|||||||\n") || is.find("\n|||||||\n") != is.npos;
  const std::vector<std::string> styles =
      has_base ? std::vector<std::string>{"diff3", "zdiff3"} : std::vector<std::string>{"merge"};
  for (const std::string& style : styles) {
    const auto merged = merge_lines_by_git(versions, 7, style);
    if (!merged) return merged.error();
    if (bare_marks(merged->text) == is) return true;
  }
  for (const std::string& style : styles) {
    const auto merged = merged_by_git(versions, style);
    if (!merged) return merged.error();
    if (bare_marks(*merged) == is) return true;
  }
  return false;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
