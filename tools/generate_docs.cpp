// generate_docs [--check] DIRECTORY: writes the generated parts of the documentation under DIRECTORY, the project's root.
//
// Whole files stand in docs/generated/, and conformance/machine.json. In README.md it replaces what stands between two comments:
//
//     <!-- generated: transitions -->
//     <!-- end generated -->
//
// With --check it writes nothing, shows what differs, and exits 1 when something does.

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <exception>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "operation_forms.hpp"
#include "pages.hpp"

namespace agentslock::docs {
namespace {

namespace fs = boost::filesystem;

constexpr std::string_view begin_mark = "<!-- generated: ";
constexpr std::string_view begin_mark_end = " -->\n";
constexpr std::string_view end_mark = "<!-- end generated -->\n";
constexpr std::string_view snippet_begin = "// [example]\n";
constexpr std::string_view snippet_end = "// [end example]\n";

using blocks = std::map<std::string, std::string, std::less<>>;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) throw std::runtime_error(fmt::format("could not write {}", path.native()));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

/// The part of a program between its marks, as a Markdown block without the program's indentation.
std::string snippet(std::string_view program) {
  const std::size_t mark = program.find(snippet_begin);
  const std::size_t end = program.find(snippet_end);
  if (mark == program.npos || end == program.npos || end < mark) {
    throw std::runtime_error("docs/snippets/readme_example.cpp has no example between its marks");
  }
  const std::size_t indent = mark - (program.rfind('\n', mark) + 1);
  std::string block = "```cpp\n";
  const std::size_t begin = mark + snippet_begin.size();
  for (std::string_view line : lines_of(program.substr(begin, end - indent - begin)))
    block += line.size() > indent ? line.substr(indent) : "\n";
  return block + "```\n";
}

/// A page with every block between marks written anew. Each of the blocks must have its place.
std::string with_blocks(std::string_view page, blocks wanted) {
  std::string text;
  for (std::size_t mark; (mark = page.find(begin_mark)) != page.npos;) {
    const std::size_t name_at = mark + begin_mark.size();
    const std::size_t name_end = page.find(begin_mark_end, name_at);
    const std::size_t end = page.find(end_mark, name_at);
    const auto block = wanted.find(page.substr(name_at, std::min(name_end, page.size()) - name_at));
    if (name_end == page.npos || end == page.npos || block == wanted.end()) {
      throw std::runtime_error(fmt::format("README.md: nothing is known to be generated at \"{}\"",
                                           page.substr(mark, page.find('\n', mark) - mark)));
    }
    text += page.substr(0, name_end + begin_mark_end.size());
    text += block->second;
    text += end_mark;
    page.remove_prefix(end + end_mark.size());
    wanted.erase(block);
  }
  if (!wanted.empty()) {
    throw std::runtime_error(
        fmt::format("README.md has no place for {}{} -->", begin_mark, wanted.begin()->first));
  }
  return text.append(page);
}

/// Where two texts differ: the lines between what they begin with and what they end with alike.
std::string difference(std::string_view is, std::string_view should) {
  const auto old_lines = lines_of(is);
  const auto new_lines = lines_of(should);
  const auto differ = std::ranges::mismatch(old_lines, new_lines);
  const auto first = differ.in1 - old_lines.begin();
  auto old_end = old_lines.end();
  auto new_end = new_lines.end();
  while (old_end != differ.in1 && new_end != differ.in2 && *(old_end - 1) == *(new_end - 1)) {
    --old_end;
    --new_end;
  }
  std::string text = fmt::format("@@ line {} @@\n", first + 1);
  for (auto line = differ.in1; line != old_end; ++line)
    text += fmt::format("-{}", *line);
  for (auto line = differ.in2; line != new_end; ++line)
    text += fmt::format("+{}", *line);
  return text;
}

/// Every file with generated parts, and what it must say.
std::map<fs::path, std::string> files(const fs::path& root) {
  const blocks readme{{"transitions", transition_table_in_words()},
                      {"reconciliation", reconciliation_table_in_words()},
                      {"exit statuses", exit_codes_in_words()},
                      {"example", snippet(read(root / "docs/snippets/readme_example.cpp"))}};
  const fs::path generated = "docs/generated";
  return {{"README.md", with_blocks(read(root / "README.md"), readme)},
          {generated / "state-machine.md", state_machine_page()},
          {generated / "state-machine.dot", state_machine_dot()},
          {generated / "state-machine.mmd", state_machine_mermaid()},
          {"conformance/machine.json", machine_json()},
          {generated / "errors.md", errors_page()},
          {generated / "exit-codes.md", exit_codes_page()},
          {generated / "operations.md", operations_page()},
          {generated / "apply.schema.json", cli::script_schema()}};
}

int run(const fs::path& root, bool check) {
  bool differs = false;
  for (const auto& [path, should] : files(root)) {
    const std::string is = read(root / path);
    if (is == should) continue;
    differs = true;
    if (check) {
      fmt::print("--- {0}\n+++ {0}, as the code says it\n{1}", path.native(), difference(is, should));
    } else {
      write(root / path, should);
      fmt::print("wrote {}\n", path.native());
    }
  }
  if (!check || !differs) return 0;
  fmt::print("\nRun ./dev docs to write these files anew, and commit what changes.\n");
  return 1;
}

}  // namespace
}  // namespace agentslock::docs

int main(int argc, char** argv) {
  const std::vector<std::string_view> given(argv + 1, argv + argc);
  const bool check = !given.empty() && given.front() == "--check";
  if (given.size() != (check ? 2U : 1U)) {
    fmt::print(stderr, "usage: generate_docs [--check] DIRECTORY\n");
    return 2;
  }
  try {
    return agentslock::docs::run(given.back(), check);
  } catch (const std::exception& failure) {
    fmt::print(stderr, "generate_docs: {}\n", failure.what());
    return 1;
  }
}
// SPDX-License-Identifier: Apache-2.0
