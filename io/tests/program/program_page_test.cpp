// The examples of docs/programs.md do what the page says.

#include <gtest/gtest.h>

#include <algorithm>

#include "agentslock/io/view_facts.hpp"
#include "program_fixture.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

/// The page's blocks in a language, in their order.
std::vector<std::string> blocks_in(const std::string& language) {
  const std::string page = bytes_of(AGENTSLOCK_DOCS "/programs.md").value();
  const std::string fence = "\n```" + language + "\n";
  std::vector<std::string> blocks;
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at + 1)) {
    const std::size_t begin = at + fence.size();
    blocks.push_back(page.substr(begin, page.find("\n```", begin) + 1 - begin));
  }
  return blocks;
}

std::string without_space(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

/// A project with the page's two programs, and a view that is made from a table of another adapter.
class ProgramsPage : public ::testing::Test {
 protected:
  ProgramsPage() {
    directory_.make_directory("store");
    directory_.make_directory("views/comp");
    directory_.make_file("validate.sh", blocks_in("sh").at(0), 0755);
    directory_.make_file("build.py", blocks_in("python").at(0), 0755);
    directory_.make_file("views/comp/owners.sql", "SELECT path, team FROM crg.files");
    sql("crg", "CREATE TABLE files (path TEXT, team TEXT); INSERT INTO files VALUES ('a.go', 'core')");
    sql("comp", "CREATE TABLE owners (path TEXT); INSERT INTO owners VALUES ('old')");
  }

  /// The facts that the page shows, in this project.
  [[nodiscard]] view_facts facts() const {
    view_facts facts;
    facts.adapter = "comp";
    facts.view = "owners";
    facts.status = "pending-recompat-check";
    facts.token = "sha256:0a1b2c";
    facts.document = directory_ / ".agentsrc.lock";
    facts.store = "sqlite:" + directory_ / "store";
    facts.dependees = {{"crg", {"sha256:c0ffee", "1.4.0"}, schema_identity{"sha256:5eed", "2.0.0"}}};
    return facts;
  }

  [[nodiscard]] program_outcome answer_to(const view_facts& facts, const std::string& command) const {
    return run({"comp/owners", command, directory_.path(), facts_environment(facts), facts_json(facts)},
               within(60s))
        .outcome;
  }

  std::string sql(const std::string& adapter, const std::string& statements) const {
    program_call call;
    call.command = "sqlite3 kg_" + adapter + ".db";
    call.directory = directory_ / "store";
    call.input = statements + ";\n";
    const ran done = run(call);
    EXPECT_EQ(done.outcome.verdict, program_verdict::passed) << done.outcome.why;
    return done.outcome.output;
  }

  temporary_directory directory_;
};

TEST_F(ProgramsPage, ShowsTheFactsAsTheyAre) {
  view_facts shown = facts();
  shown.document = "/project/.agentsrc.lock";
  shown.store = "sqlite:/project/store";
  EXPECT_EQ(without_space(blocks_in("json").at(0)), without_space(facts_json(shown)));
}

TEST_F(ProgramsPage, ShowsAnAnswerAsItIsRead) {
  const auto read = parse_new_dependencies(blocks_in("json").at(1));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(*read, (std::vector<owned_dependency>{{"crg", "sha256:5eed", "2.0.0"}}));
}

TEST_F(ProgramsPage, ItsVariablesAreThoseThatAreGiven) {
  const std::string page = bytes_of(AGENTSLOCK_DOCS "/programs.md").value();
  for (const environment_variable& one : facts_environment(facts()))
    EXPECT_NE(page.find("`" + one.name + "`"), std::string::npos) << one.name;
}

TEST_F(ProgramsPage, ItsValidatorPassesAViewThatFits) {
  const auto answer = answer_of(answer_to(facts(), "./validate.sh"));
  EXPECT_EQ(answer.verdict, program_verdict::passed) << answer.why;
}

TEST_F(ProgramsPage, ItsValidatorFailsAViewThatDoesNotFit) {
  sql("crg", "ALTER TABLE files RENAME COLUMN team TO owner");
  const auto answer = answer_of(answer_to(facts(), "./validate.sh"));
  EXPECT_EQ(answer.verdict, program_verdict::failed);
  EXPECT_NE(answer.why.find("no such column: team"), std::string::npos) << answer.why;
}

TEST_F(ProgramsPage, ItsValidatorCanNotTellWithoutTheStatementOrTheStore) {
  view_facts other = facts();
  other.view = "unknown";
  EXPECT_EQ(answer_to(other, "./validate.sh").verdict, program_verdict::could_not_tell);
  other = facts();
  other.store = "sqlite:" + directory_ / "gone";
  EXPECT_EQ(answer_to(other, "./validate.sh").verdict, program_verdict::could_not_tell);
}

TEST_F(ProgramsPage, ItsBuilderReplacesTheTable) {
  const auto done = answer_to(facts(), "./build.py");
  EXPECT_EQ(done.verdict, program_verdict::passed) << done.why;
  EXPECT_EQ(sql("comp", "SELECT * FROM owners"), "a.go|core\n");
}

TEST_F(ProgramsPage, ItsBuilderThatGoesWrongLeavesTheTable) {
  sql("crg", "ALTER TABLE files RENAME COLUMN team TO owner");
  const auto done = answer_to(facts(), "./build.py");
  EXPECT_EQ(done.verdict, program_verdict::could_not_tell);
  EXPECT_NE(done.why.find("OperationalError: no such column: team"), std::string::npos) << done.why;
  EXPECT_EQ(sql("comp", "SELECT * FROM owners"), "old\n");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
