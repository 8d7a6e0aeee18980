// Random histories of two branches, merged by git with the merge driver, and held against the plain merge. One merge of git has
// many documents, each a history of its own. AGENTSLOCK_HISTORIES says how many, and
// AGENTSLOCK which command, if not the one of this build.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/json_walk.hpp"
#include "agentslock/io/lock_document.hpp"
#include "agentslock/io/merge_document.hpp"
#include "choices.hpp"
#include "generators.hpp"
#include "property.hpp"
#include "reference/plain_merge.hpp"

namespace agentslock::properties {
namespace {

namespace fs = boost::filesystem;
using reference::plain_lockfile;
using members = std::map<std::string, std::string>;

constexpr std::size_t documents_in_one_merge = 250;
constexpr const char* section_of_both = "of both";

/// A version: what its adapters are, the members of a section that both branches change, and the document.
struct history_version {
  plain_lockfile adapters;
  members others;
  std::string text;
};

struct history {
  history_version base;
  history_version ours;
  history_version theirs;
};

/// The section, one member a line.
std::string spelt(const members& section) {
  std::string text = "{";
  for (const auto& [name, value] : section)
    text.append(text.size() > 1 ? "," : "").append("\n    \"").append(name).append("\": ").append(value);
  return text + "\n  }";
}

members changed(members section) {
  const std::vector<std::string> values{"1.0", "1e400", "\"\\u0061\"", "[1,  2]", "{}", "-0", "null"};
  for (std::size_t i = below(4); i > 0; --i) {
    const std::string name = "m" + std::to_string(below(12));
    if (rarely(6)) {
      section.erase(name);
    } else {
      section[name] = one_of(values);
    }
  }
  return section;
}

/// The section of a document, with the bytes of its members.
std::optional<members> others_in(const std::string& text) {
  const auto parsed = lock_document::parse(text_buffer(text), "merged");
  const auto section = parsed ? parsed->document.section(section_of_both) : std::nullopt;
  if (!section) return std::nullopt;
  members found;
  for (const auto& item : list_container(*section, 0).items)
    found.emplace(item.name, item.value.in(*section));
  return found;
}

std::string value_in(const members& section, const std::string& name) {
  const auto found = section.find(name);
  return found == section.end() ? std::string() : found->second;
}

/// What a branch makes of a version: operations on its adapters, and changes of the section.
history_version branch_of(const history_version& base) {
  history_version made = base;
  for (const operation& one : *script_on(base.adapters, 6))
    (void)reference::apply_plainly(made.adapters, one);
  made.others = changed(base.others);
  const auto parsed = lock_document::parse(text_buffer(base.text), "base");
  staged_changes::snapshot staged;
  if (made.others != base.others) staged.sections.emplace(section_of_both, spelt(made.others));
  const lockfile file = reference::restored(made.adapters);
  made.text = parsed->document.render(staged, &file).text().view();
  // As the document's layout has them.
  made.others = *others_in(made.text);
  return made;
}

rc::Gen<history> any_history() {
  return rc::gen::exec([] {
    spelled_document document = rarely(3) ? *any_document() : *go_document();
    document.has_version = true;
    history_version base;
    base.adapters = document.has_adapters ? document.adapters : plain_lockfile();
    for (std::size_t i = 0; i < 12; i += 1 + below(3))
      base.others.emplace("m" + std::to_string(i), std::to_string(i));
    document.sections.emplace_back(section_of_both, spelt(base.others));
    base.text = document.text();
    base.others = *others_in(base.text);
    return history{base, branch_of(base), branch_of(base)};
  });
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

/// A clone in which the merge driver is installed, and the git that runs in it.
class clone {
 public:
  clone() {
    directory_ = fs::temp_directory_path() / fs::unique_path("agentslock-histories-%%%%%%%%");
    fs::create_directories(directory_ / "tools");
    fs::create_directories(directory_ / "clone");
    const char* other = std::getenv("AGENTSLOCK");
    fs::create_symlink(other != nullptr ? other : AGENTSLOCK_COMMAND_PATH, directory_ / "tools/agentslock");
    if (run("git init -q -b main && agentslock merge-driver --install >../log") != 0)
      throw std::runtime_error("no clone with the merge driver");
  }
  clone(const clone&) = delete;
  clone& operator=(const clone&) = delete;
  ~clone() { fs::remove_all(directory_); }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (directory_ / "clone" / name).native();
  }
  /// Runs a line of shell in the clone, and returns its exit status.
  int run(const std::string& line) const {
    const std::string whole = "cd '" + path("") + "' && PATH='" + (directory_ / "tools").native() +
                              "':\"$PATH\" && export PATH HOME='" + directory_.native() +
                              "' GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b"
                              " GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b && " +
                              line;
    return std::system(whole.c_str());
  }
  [[nodiscard]] std::string document(std::size_t number) const {
    return path(std::to_string(number) + "/.agentsrc.lock");
  }

 private:
  fs::path directory_;
};

/// What was seen.
struct tally {
  std::size_t merges = 0;
  std::size_t conflicts = 0;
  std::size_t ready = 0;
};

/// A merge without a conflict: the adapters are what the plain merge makes, and each member is that of the side that changed it.
void judge_clean(const history& given, const std::string& text, tally& seen) {
  const auto parsed = lock_document::parse(text_buffer(text), "merged");
  ASSERT_TRUE(parsed) << parsed.error().message() << "\n" << text;
  const auto expected =
      reference::merge_plainly(given.base.adapters, given.ours.adapters, given.theirs.adapters);
  const plain_lockfile is = reference::plain(parsed->adapters);
  // A side that is as the base gives the other's document as it is.
  if (given.ours.text != given.base.text && given.theirs.text != given.base.text &&
      given.ours.text != given.theirs.text) {
    EXPECT_TRUE(expected.conflicts.empty());
    EXPECT_EQ(to_string(is), to_string(expected.file)) << text;
  }
  for (const auto& [name, owner] : is.adapters)
    seen.ready += static_cast<std::size_t>(std::ranges::count_if(
        owner.views, [](const auto& one) { return one.second.view_status == "ready"; }));
  const auto others = others_in(text);
  ASSERT_TRUE(others) << text;
  for (std::size_t i = 0; i < 12; ++i) {
    const std::string name = "m" + std::to_string(i);
    const std::string base = value_in(given.base.others, name);
    const std::string ours = value_in(given.ours.others, name);
    const std::string theirs = value_in(given.theirs.others, name);
    EXPECT_TRUE(ours == theirs || ours == base || theirs == base) << name << " is in conflict\n" << text;
    EXPECT_EQ(value_in(*others, name), ours == base ? theirs : ours) << name << "\n" << text;
  }
}

/// A conflict: both versions can be read, and have between them each member that a side wrote; and git alone has one, too, or
/// makes what the plain merge does not.
void judge_conflict(const clone& in, const history& given, const std::string& text) {
  const auto versions = split_conflicts(text);
  ASSERT_TRUE(versions) << text;
  const auto ours = others_in(versions->ours);
  const auto theirs = others_in(versions->theirs);
  ASSERT_TRUE(ours && theirs) << text;
  for (const auto* side : {&given.ours.others, &given.theirs.others}) {
    for (const auto& [name, value] : *side) {
      if (value_in(given.base.others, name) == value) continue;
      EXPECT_TRUE(value_in(*ours, name) == value || value_in(*theirs, name) == value) << name << "\n" << text;
    }
  }
  const auto expected =
      reference::merge_plainly(given.base.adapters, given.ours.adapters, given.theirs.adapters);
  if (!expected.conflicts.empty()) return;
  write(in.path("../ours"), given.ours.text);
  write(in.path("../base"), given.base.text);
  write(in.path("../theirs"), given.theirs.text);
  if (in.run("git merge-file -p -q ../ours ../base ../theirs >../alone") != 0) return;
  const auto alone = lock_document::parse(text_buffer(read(in.path("../alone"))), "git's");
  EXPECT_FALSE(alone && reference::plain(alone->adapters) == expected.file) << "git alone has no conflict\n"
                                                                            << text;
}

/// Commits the three versions of all, and merges them.
void merge(const clone& in, const std::vector<history>& all) {
  const auto put = [&](const history_version history::*which) {
    for (std::size_t i = 0; i < all.size(); ++i)
      write(in.document(i), (all[i].*which).text);
  };
  for (std::size_t i = 0; i < all.size(); ++i)
    fs::create_directories(in.path(std::to_string(i)));
  put(&history::base);
  ASSERT_EQ(in.run("git add -A && git commit -q -m base && git checkout -q -b theirs"), 0);
  put(&history::theirs);
  ASSERT_EQ(in.run("git commit -q -a -m theirs && git checkout -q main"), 0);
  put(&history::ours);
  ASSERT_EQ(in.run("git commit -q -a -m ours"), 0);
  (void)in.run("git merge -q theirs >../log 2>&1");
  ASSERT_EQ(in.run("git diff --name-only --diff-filter=U >../unmerged"), 0);
}

TEST(Histories, AreMergedByGitAsByThePlainMerge) {
  const char* asked = std::getenv("AGENTSLOCK_HISTORIES");
  const std::size_t count = asked != nullptr ? std::stoul(asked) : 100;
  rc::Random random(chosen_seed());
  const auto histories = any_history();
  tally seen;
  while (seen.merges < count && !HasFailure()) {
    std::vector<history> all(std::min(count - seen.merges, documents_in_one_merge));
    for (history& one : all)
      one = histories(random.split(), 50).value();
    const clone in;
    ASSERT_NO_FATAL_FAILURE(merge(in, all));
    const std::string unmerged = "\n" + read(in.path("../unmerged"));
    for (std::size_t i = 0; i < all.size() && !HasFailure(); ++i) {
      SCOPED_TRACE("history " + std::to_string(seen.merges + i) + ", seed " + std::to_string(chosen_seed()));
      const std::string text = read(in.document(i));
      if (unmerged.find("\n" + std::to_string(i) + "/") == unmerged.npos) {
        judge_clean(all[i], text, seen);
      } else {
        judge_conflict(in, all[i], text);
        ++seen.conflicts;
      }
    }
    seen.merges += all.size();
  }
  std::cout << seen.merges << " histories merged by git, seed " << chosen_seed() << ": " << seen.conflicts
            << " conflicts, " << seen.ready << " views ready\n";
}

}  // namespace
}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
