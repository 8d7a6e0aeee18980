#include "next_commands.hpp"

#include <gtest/gtest.h>

#include <array>

namespace agentslock::cli {
namespace {

TEST(ShellWord, WhatIsSpecialIsQuoted) {
  EXPECT_EQ(shell_word("comp"), "comp");
  EXPECT_EQ(shell_word("sha256:0a@1.4"), "sha256:0a@1.4");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("$(rm)`x`"), "'$(rm)`x`'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("~"), "'~'");
}

TEST(ShellWord, WhatATerminalCouldNotShowAsItIsIsEscaped) {
  EXPECT_EQ(shell_word("back\\slash's"), R"($'back\\slash\'s')");
  EXPECT_EQ(shell_word("\x1b[31m\n", charset::utf8), R"($'\x1b[31m\x0a')");
  EXPECT_EQ(shell_word("\u202e \xff", charset::utf8), R"($'\xe2\x80\xae \xff')");
  EXPECT_EQ(shell_word("\u00e9", charset::utf8), "'\u00e9'");
  EXPECT_EQ(shell_word("\u00e9", charset::ascii), R"($'\xc3\xa9')");
}

TEST(CommandsFor, EachStepHasItsCommandOnceInOrder) {
  const lockfile file;
  constexpr std::array<wait_step, 4> steps{{{wait_for::reconciliation, {}},
                                            {wait_for::verdict, "crg"},
                                            {wait_for::verdict, "tags"},
                                            {wait_for::rebuild, {}}}};
  EXPECT_EQ(commands_for(steps, file, {"comp", "v"}, {".agentsrc.lock"}),
            (std::vector<std::string>{
                "agentslock reconcile --store sqlite:DIRECTORY",
                "agentslock validate --validator COMMAND comp v",
                "agentslock rebuild --store sqlite:DIRECTORY --builder COMMAND comp v",
            }));
}

TEST(CommandsFor, ACutoverIsOfTheSchemaThatTheViewRecorded) {
  lockfile file;
  const dependency on_crg{"crg", "sha256:new", "2"};
  ASSERT_TRUE(file.register_view({"comp", "v"}, "d", {&on_crg, 1}, timestamp()));
  constexpr std::array<wait_step, 2> steps{{{wait_for::cutover, "crg"}, {wait_for::cutover, "tags"}}};
  EXPECT_EQ(commands_for(steps, file, {"comp", "v"}, {"other.json"}),
            (std::vector<std::string>{
                "agentslock cutover --document other.json --schema-digest sha256:new --version 2 --validator "
                "COMMAND crg",
                "agentslock cutover --document other.json --schema-digest DIGEST --validator COMMAND tags",
            }));
}

TEST(CommandsFor, NamesAreNoOptionsAndNoMoreThanWords) {
  constexpr std::array<wait_step, 1> steps{{{wait_for::rebuild, {}}}};
  EXPECT_EQ(
      commands_for(steps, lockfile(), {"-n", "a b"}, {"it's"}).front(),
      "agentslock rebuild --document 'it'\\''s' --store sqlite:DIRECTORY --builder COMMAND -- -n 'a b'");
}

TEST(CommandsFor, WhatIsInUseIsNamedAsAShellReadsIt) {
  constexpr std::array<wait_step, 2> steps{{{wait_for::verdict, "crg"}, {wait_for::rebuild, {}}}};
  EXPECT_EQ(
      commands_for(steps, lockfile(), {"comp", "v"},
                   {".agentsrc.lock", "sqlite:my store", "./judge --strict", "make \"$AGENTSLOCK_VIEW\""}),
      (std::vector<std::string>{
          "agentslock validate --validator './judge --strict' comp v",
          "agentslock rebuild --store 'sqlite:my store' --builder 'make \"$AGENTSLOCK_VIEW\"' comp v",
      }));
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
