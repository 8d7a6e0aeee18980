#include "command_options.hpp"

#include <fmt/format.h>

#include "document_kinds.hpp"

namespace agentslock::cli {

std::string is_given(const std::string& value) {
  return value.empty() ? "its value is empty" : "";
}

std::string document_help() {
  return fmt::format(
      "The document: {}. Default: AGENTSLOCK_DOCUMENT, else .agentsrc.lock here, or in the nearest directory "
      "above up to the one that holds .git",
      names_of_documents());
}

void add_common(CLI::App& command, common_options& common, bool with_store) {
  command.add_option("--document", common.document, document_help())->type_name("PLACE")->check(is_given);
  command.add_flag("--json", common.json, json_flag);
  if (with_store) {
    command
        .add_option(
            "--store", common.store,
            "The store that holds the views: sqlite:DIRECTORY or postgres:[CONNECTION], a connection string "
            "as libpq takes it. Default: AGENTSLOCK_STORE. A relative directory is taken from the "
            "document's when that is found above; a connection string that is left out from "
            "AGENTSLOCK_DATABASE, else from libpq's environment")
        ->type_name("STORE")
        ->check(is_given);
  }
}

outcome_report on_document(arguments& given, command_work work) {
  if (const auto chosen = choose_document(given.common); !chosen) return report_error(chosen.error());
  return work(given);
}

CLI::App& add_command(CLI::App& app, arguments& given, const std::string& name, const std::string& what,
                      bool with_store, command_work work) {
  CLI::App* command = app.add_subcommand(name, what);
  add_common(*command, given.common, with_store);
  command->callback([&given, work] { given.run = [&given, work] { return on_document(given, work); }; });
  return *command;
}

CLI::Option* add_format(CLI::App& command, arguments& given) {
  return command
      .add_option("--format", given.format,
                  "What to print: text, json (as --json), or each finding with its place: github (workflow "
                  "commands), sarif, "
                  "markdown")
      ->type_name("FORMAT")
      ->check(CLI::IsMember(std::vector<std::string>(output_format_names.begin(), output_format_names.end())))
      ->excludes("--json");
}

CLI::Option* add_adapter(CLI::App& command, arguments& given) {
  return command.add_option("ADAPTER", given.adapter, "The adapter's name")->check(is_given)->required();
}

void add_view(CLI::App& command, arguments& given) {
  command.add_option("VIEW", given.view, "The view's name")->check(is_given);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
