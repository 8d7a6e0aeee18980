#include "man_page.hpp"

#include <fmt/format.h>

#include <set>

#include "exit_code.hpp"

namespace agentslock::cli {
namespace {

/// A text as roff takes it for text: no line of it is a request, no hyphen is typeset as another one.
std::string roff(std::string_view text) {
  std::string shown;
  bool begins_line = true;
  for (const char c : text) {
    if (begins_line && (c == '.' || c == '\'')) shown += "\\&";
    if (c == '\\') {
      shown += "\\e";
    } else if (c == '-') {
      shown += "\\-";
    } else {
      shown += c;
    }
    begins_line = c == '\n';
  }
  return shown;
}

std::string item(const std::string& what, std::string_view meaning) {
  return fmt::format(".TP\n{}\n{}\n", what, roff(meaning));
}

/// The names of an option, each in bold, and what its value is called.
std::string names_of(const CLI::Option& option) {
  if (option.get_positional()) return fmt::format("\\fI{}\\fR", roff(option.get_name(true)));
  std::string names;
  for (const std::string& name : option.get_snames())
    names += fmt::format("{}\\fB\\-{}\\fR", names.empty() ? "" : ", ", roff(name));
  for (const std::string& name : option.get_lnames())
    names += fmt::format("{}\\fB\\-\\-{}\\fR", names.empty() ? "" : ", ", roff(name));
  if (option.get_expected_max() > 0) names += fmt::format(" \\fI{}\\fR", roff(option.get_type_name()));
  return names;
}

void add_options(std::string& text, const CLI::App& command, std::set<std::string>& told) {
  for (const CLI::Option* option : command.get_options()) {
    std::string names = names_of(*option);
    if (told.insert(names).second) text += item(names, option->get_description());
  }
  for (const CLI::App* group :
       command.get_subcommands([](const CLI::App* one) { return one->get_name().empty(); })) {
    add_options(text, *group, told);
  }
}

void add_commands(std::string& text, const CLI::App& command, const std::string& before) {
  for (const CLI::App* one :
       command.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); })) {
    std::string words = before + one->get_name();
    if (one->get_require_subcommand_min() > 0) {
      add_commands(text, *one, words + " ");
      continue;
    }
    std::string arguments;
    for (const CLI::Option* option : one->get_options(&CLI::Option::get_positional)) {
      const std::string name = roff(option->get_name(true));
      const bool is_needed = option->get_required();
      arguments += fmt::format(" {}\\fI{}\\fR{}", is_needed ? "" : "[", name, is_needed ? "" : "]");
    }
    for (const std::string& alias : one->get_aliases())
      words += ", " + before + alias;
    text += fmt::format(".SS \\fB{}\\fR{}\n{}\n", roff(words), arguments, roff(one->get_description()));
    std::set<std::string> told;
    add_options(text, *one, told);
  }
}

}  // namespace

std::string man_page(const CLI::App& app, std::string_view version) {
  std::string text = fmt::format(".TH AGENTSLOCK 1 \"\" \"agentslock {}\" \"User Commands\"\n", version);
  text += ".SH NAME\nagentslock \\- keeps the adapters section of .agentsrc.lock\n";
  text += ".SH SYNOPSIS\n\\fBagentslock\\fR \\fICOMMAND\\fR [\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n";
  text += fmt::format(".SH DESCRIPTION\n{}\n.SH COMMANDS\n", roff(app.get_description()));
  add_commands(text, app, "");
  text += ".SH EXIT STATUS\nThe first of these that applies:\n";
  for (const exit_code_row& row : exit_code_table())
    text += item(fmt::format("\\fB{}\\fR", static_cast<int>(row.code)), row.meaning);
  return text;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
