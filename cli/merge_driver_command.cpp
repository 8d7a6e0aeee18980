#include <fmt/format.h>

#include <array>
#include <boost/filesystem.hpp>
#include <fstream>
#include <iterator>

#include "agentslock/io/atomic_write.hpp"
#include "commands.hpp"
#include "git_program.hpp"
#include "input.hpp"
#include "merge_report.hpp"
#include "page_file.hpp"
#include "table.hpp"

namespace agentslock::cli {
namespace {

namespace fs = boost::filesystem;

/// What git runs. Where the command is missing, too old or fails, git's own merge of lines is done: else the working tree would
/// hold our side without marks, and `git add` would lose theirs. A conflict is believed only if its marks are there.
constexpr const char* driver_program =
    "if command -v agentslock >/dev/null 2>&1; then agentslock merge-driver %O %A %B %L %P; status=$?; "
    "if test $status -eq 0; then exit 0; fi; "
    "if test $status -eq 1 && grep -q '^<<<<<<<' %A; then exit 1; fi; fi; "
    "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B";

/// Sets a value of the clone's configuration.
result<> configure(const std::string& directory, const std::string& name, const std::string& value) {
  const auto done = run_git({"config", name, value}, directory);
  if (!done) return done.error();
  if (done->status != 0) return error(errc::io_failed, fmt::format("git config {}: {}", name, done->errors));
  return {};
}

result<std::string> top_of_clone(const std::string& directory) {
  const auto top = run_git({"rev-parse", "--show-toplevel"}, directory);
  if (!top) return top.error();
  if (top->status != 0)
    return error(errc::invalid_argument, fmt::format("there is no clone of git here: {}", top->errors));
  return top->output.substr(0, top->output.find_last_not_of('\n') + 1);
}

}  // namespace

outcome_report run_merge_driver(const merge_driver_options& options) {
  const auto base = read_input(options.base);
  if (!base) return report_error(base.error());
  const auto ours = read_input(options.ours);
  if (!ours) return report_error(ours.error());
  const auto theirs = read_input(options.theirs);
  if (!theirs) return report_error(theirs.error());
  const auto lines = [&](const document_versions& versions) {
    return merge_lines_by_git(versions, options.mark_size);
  };
  const auto merged =
      merge_documents({base->view(), ours->view(), theirs->view()}, {options.mark_size}, lines);
  if (!merged) return report_error(merged.error());
  if (merged->text != ours->view()) {
    const std::array<std::string_view, 1> pieces{merged->text};
    auto write = atomic_write::stage(platform::system(), options.ours, pieces, durability::unsynced);
    if (!write) return report_error(write.error());
    if (const auto done = write->publish(); !done) return report_error(done.error());
  }
  json_report json;
  json.text("document", options.path);
  json.boolean("resolved", merged->conflicts.empty());
  json.boolean("by_lines", merged->by_lines);
  add_conflicts(json, merged->conflicts);
  if (merged->conflicts.empty()) return {exit_code::fine, {}, std::move(json).finish()};
  return {exit_code::failed,
          fmt::format("{}: choose between the marks, then git add it\n{}", printable(options.path),
                      listed_conflicts(merged->conflicts)),
          std::move(json).finish()};
}

outcome_report run_install_merge_driver(const common_options& common) {
  if (const auto is_file = check_is_file(common, "git merges files alone"); !is_file)
    return report_error(is_file.error());
  const fs::path document = common.document;
  const std::string directory = document.parent_path().empty() ? "." : document.parent_path().native();
  const auto top = top_of_clone(directory);
  if (!top) return report_error(top.error());
  for (const auto& [name, value] :
       {std::pair("merge.agentslock.name", "agentslock's document, by its members and views"),
        std::pair("merge.agentslock.driver", driver_program),
        std::pair("merge.agentslock.recursive", "binary")}) {
    if (const auto done = configure(directory, name, value); !done) return report_error(done.error());
  }
  const std::string path = (fs::path(*top) / ".gitattributes").native();
  std::string text;
  {
    std::ifstream file(path, std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  const std::string line = fmt::format("{} merge=agentslock", document.filename().native());
  const bool is_there = ("\n" + text).find("\n" + line + "\n") != text.npos;
  if (!is_there) {
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    text += line + "\n";
    if (const auto done = write_page(path, text, common.document); !done) return report_error(done.error());
  }
  json_report json;
  json.text("attributes", path);
  json.text("line", line);
  json.boolean("added", !is_there);
  json.text("driver", driver_program);
  return {exit_code::fine,
          fmt::format("{}: {} {}\n"
                      "This clone's configuration names the driver. Commit .gitattributes; in every other "
                      "clone run this once more.\n"
                      "Merges on a host's web page run no driver: there git's lines are merged, and what "
                      "that leaves is found by\n"
                      "agentslock reconcile, or by agentslock resolve where it is a conflict.\n",
                      printable(path), is_there ? "has the line" : "got the line", printable(line)),
          std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
