#include "command_line.hpp"

#include <fmt/format.h>

#include <array>

#include "command_options.hpp"
#include "man_page.hpp"
#include "shell_completions.hpp"
#include "suggestion.hpp"

namespace agentslock::cli {
namespace {

constexpr const char* command_description =
    "Keeps the adapters section of .agentsrc.lock: which materialized views may be queried, and why not.";

/// The exit statuses, and where more is told.
std::string footer() {
  std::string text = "Exit status, the first that applies of:\n";
  for (const exit_code_row& row : exit_code_table())
    text += fmt::format("  {}: {}\n", static_cast<int>(row.code), row.brief);
  return text + "agentslock COMMAND --help tells more about a command.";
}

/// The help of the app, or of the command that these words name.
outcome_report run_help(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* named = &app;
  std::string path = app.get_name();
  for (const std::string& word : words) {
    const auto found = named->get_subcommands([&](const CLI::App* one) { return one->check_name(word); });
    if (found.empty()) {
      return report_error(error(errc::invalid_argument,
                                "there is no command " + word + did_you_mean(word, command_names(*named))));
    }
    named = found.front();
    path += " " + named->get_name();
  }
  // The app's own would be about the command that was parsed: help.
  return {exit_code::fine, app.get_formatter()->make_help(named, path, CLI::AppFormatMode::Normal), {}};
}

/// The commands about the command itself.
void add_own_commands(CLI::App& app, arguments& given) {
  CLI::App* completions =
      app.add_subcommand("completions", "Print what completes commands and options in a shell");
  completions->add_option("SHELL", given.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completions->callback([&app, &given] {
    given.run = [&app, &given] {
      return outcome_report{exit_code::fine, shell_completions(app, given.shell), {}};
    };
  });

  app.add_subcommand("man", "Print the manual page: agentslock man | man -l -")->callback([&app, &given] {
    given.run = [&app] { return outcome_report{exit_code::fine, man_page(app, AGENTSLOCK_VERSION), {}}; };
  });

  CLI::App* help = app.add_subcommand("help", "Tell what there is, or more about a command");
  help->add_option("COMMAND", given.helped, "A command, such as show or lock break");
  help->callback([&app, &given] { given.run = [&app, &given] { return run_help(app, given.helped); }; });
}

}  // namespace

void set_up(CLI::App& app, arguments& given, std::string_view first_word) {
  app.name("agentslock");
  app.description(command_description);
  app.require_subcommand(1);
  app.footer(footer());
  app.set_version_flag("--version", "agentslock " AGENTSLOCK_VERSION);
  const std::array groups{lifecycle_commands(), looking_commands(),  recording_commands(),
                          merging_commands(),   document_commands(), lock_commands()};
  for (const auto group : groups) {
    for (const command_row& one : group) {
      if (one.name == first_word || (!one.alias.empty() && one.alias == first_word))
        return one.add(app, given);
    }
  }
  for (const auto group : groups) {
    for (const command_row& one : group)
      one.add(app, given);
  }
  add_own_commands(app, given);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
