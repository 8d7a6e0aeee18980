#include "command_options.hpp"

#include <gtest/gtest.h>

#include <array>

namespace agentslock::cli {
namespace {

const std::array groups{lifecycle_commands(), looking_commands(),  recording_commands(),
                        merging_commands(),   document_commands(), lock_commands()};

/// What an app learns for the command line that begins so: the names, and the other names, of its commands.
std::vector<std::string> learned(std::string_view first_word) {
  CLI::App app;
  arguments given;
  set_up(app, given, first_word);
  std::vector<std::string> names;
  for (const std::string_view name : command_names(app))
    names.emplace_back(name);
  return names;
}

TEST(CommandRows, EachNameIsThatOfTheCommandThatIsDefined) {
  for (const auto group : groups) {
    for (const command_row& one : group) {
      std::vector<std::string> names{std::string(one.name)};
      if (!one.alias.empty()) names.emplace_back(one.alias);
      for (const std::string& name : names)
        EXPECT_EQ(learned(name), names);
    }
  }
}

TEST(CommandRows, WhatIsNoNameLearnsThemAll) {
  std::vector<std::string> names;
  for (const auto group : groups) {
    for (const command_row& one : group) {
      names.emplace_back(one.name);
      if (!one.alias.empty()) names.emplace_back(one.alias);
    }
  }
  names.insert(names.end(), {"completions", "man", "help"});
  for (const char* first_word : {"", "sho", "--help", "help", "man", "-", "SHOW"})
    EXPECT_EQ(learned(first_word), names) << first_word;
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
