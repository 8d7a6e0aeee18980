// Commands for documents that are no files.
#include <fmt/format.h>

#include "command_options.hpp"
#include "document_kinds.hpp"

namespace agentslock::cli {
namespace {

using documents_work = outcome_report (*)(const common_options&, const documents_options&);

CLI::App& add_one(CLI::App& documents, arguments& given, const std::string& name, const std::string& what,
                  const std::string& place, documents_work work) {
  CLI::App* command = documents.add_subcommand(name, what);
  command->add_flag("--json", given.common.json, json_flag);
  command->add_option("PLACE", given.documents.place, place)->check(is_given)->required();
  command->callback(
      [&given, work] { given.run = [&given, work] { return work(given.common, given.documents); }; });
  return *command;
}

void add_documents(CLI::App& app, arguments& given) {
  CLI::App* documents =
      app.add_subcommand("documents", "Make, list, copy and take away documents that are no files");
  documents->require_subcommand(1);
  std::string from;
  for (const document_kind& one : document_kinds())
    from += fmt::format("{}\n  {} {}", from.empty() ? "The connection comes from:" : "", one.engine,
                        one.connection);
  documents->footer(from);

  const std::string key = prefixes_of_documents("KEY");
  const std::string prefix = prefixes_of_documents("[PREFIX]");
  add_one(*documents, given, "init",
          "Make what documents need there, where it is missing, and say which privileges they take",
          "Where: " + prefixes_of_documents(""), run_documents_init);
  add_one(*documents, given, "list", "List documents, by key, without reading them", "Which: " + prefix,
          run_documents_list);
  add_one(*documents, given, "get", "Write a document's bytes to a file, or to standard output", key,
          run_documents_get)
      .add_option("FILE", given.documents.file, "Where to; needed with --json")
      ->check(is_given);
  add_one(*documents, given, "put", "Put a file's bytes in a document's place, whatever is there", key,
          run_documents_put)
      .add_option("FILE", given.documents.file, "The file, or - for standard input")
      ->check(is_given)
      ->required();
  add_one(*documents, given, "delete", "Take a document away", key, run_documents_delete);
}

}  // namespace

std::span<const command_row> document_commands() {
  static constexpr command_row rows[] = {{"documents", add_documents}};
  return rows;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
