#include "command_line.hpp"

namespace agentslock::cli {

std::vector<std::string_view> command_names(const CLI::App& app) {
  std::vector<std::string_view> names;
  for (const CLI::App* command :
       app.get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); })) {
    names.emplace_back(command->get_name());
    for (const std::string& alias : command->get_aliases())
      names.emplace_back(alias);
  }
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames())
      names.push_back("--" + name);
  }
  // A group of options is an app without a name.
  for (const CLI::App* group :
       command.get_subcommands([](const CLI::App* one) { return one->get_name().empty(); })) {
    for (std::string& name : option_names(*group))
      names.push_back(std::move(name));
  }
  return names;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
