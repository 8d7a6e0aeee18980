// agentslock: the command. Options to commands, commands to reports, reports to the terminal.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <new>
#include <span>
#include <sstream>

#include "command_line.hpp"
#include "streams.hpp"
#include "suggestion.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// What is wrong with the command line. Of an argument that nobody expected only the part before a ":" or "=" is
/// repeated: what follows may be a password.
std::string fault_of(const CLI::App& app, const CLI::ParseError& wrong) {
  std::vector<std::string> unexpected = app.remaining(true);
  for (std::string& one : unexpected)
    one = one.substr(0, one.find_first_of(":="));
  const CLI::App* named = &app;
  while (!named->get_subcommands().empty())
    named = named->get_subcommands().front();
  if (named->get_require_subcommand_min() > 0) {
    const std::string where = named == &app ? "" : named->get_name() + " ";
    if (unexpected.empty()) return fmt::format("name a {}command", where);
    return fmt::format("there is no {}command {}{}", where, unexpected.front(),
                       did_you_mean(unexpected.front(), command_names(*named)));
  }
  if (wrong.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
    const std::vector<std::string> options = option_names(*named);
    const bool is_option = !unexpected.empty() && unexpected.front().starts_with("--");
    return fmt::format("not expected: {}{}", fmt::join(unexpected, ", "),
                       is_option ? did_you_mean(unexpected.front(),
                                                std::vector<std::string_view>(options.begin(), options.end()))
                                 : "");
  }
  return wrong.what();
}

/// Answers a command line that names no work: with help, or with what is wrong.
int answer(const CLI::App& app, const CLI::ParseError& instead, const common_options& common) {
  // Help on a command that does not exist is not help.
  const bool names_no_command = app.get_subcommands().empty() && !app.remaining().empty();
  if (instead.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success) && !names_no_command) {
    std::ostringstream help;
    app.exit(instead, help, help);
    return tell({exit_code::fine, help.str(), {}}, {});
  }
  outcome_report report = report_error(error(errc::invalid_argument, fault_of(app, instead)));
  report.text += "Run with --help for more information.\n";
  return tell(report, common);
}

/// Whether JSON was asked for, by a command line that can't be read.
bool asks_for_json(std::span<char* const> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "--json" || word == "--format=json") return true;
    if (word == "--format" && i + 1 < words.size() && std::string_view(words[i + 1]) == "json") return true;
  }
  return false;
}

int run(int argc, char** argv) {
  CLI::App app;
  arguments given;
  set_up(app, given, argc > 1 ? argv[1] : "");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& instead) {
    // A fault may have been found before the flag was read.
    given.common.json = asks_for_json(std::span(argv, static_cast<std::size_t>(argc)));
    return answer(app, instead, given.common);
  }
  given.common.format = read_format(given.format);
  if (given.common.format == output_format::json) given.common.json = true;
  return tell(given.run(), given.common);
}

}  // namespace
}  // namespace agentslock::cli

int main(int argc, char** argv) {
  using namespace agentslock::cli;
  if (!prepare_streams()) return static_cast<int>(exit_code::failed);
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    (void)write_all(STDERR_FILENO, "agentslock: memory ran out\n");
    return static_cast<int>(code_for(agentslock::errc::out_of_memory));
  } catch (const std::exception& unexpected) {
    const std::string said = fmt::format("agentslock: internal error: {}\n", printable(unexpected.what()));
    (void)write_all(STDERR_FILENO, said);
    return static_cast<int>(exit_code::failed);
  }
}
// SPDX-License-Identifier: Apache-2.0
