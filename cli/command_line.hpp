// What may be said on the command line: the one definition from which parsing and help are made.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"

namespace agentslock::cli {

/// What was said on the command line.
struct arguments {
  common_options common;
  /// What --format says; read into `common` when all has been read.
  std::string format;
  bool check = false;
  bool dry_run = false;
  script_options scripting;
  /// Or the file, of digest.
  std::string adapter;
  std::string view;
  std::string script;
  std::string token;
  bool no_token = false;
  show_options shown;
  activate_options activation;
  register_options registration;
  program_options programs;
  cutover_options cutover;
  bool retry = false;
  diff_options sides;
  merge_driver_options merging;
  bool install = false;
  documents_options documents;
  sweep_options swept;
  std::string drawn = "views";
  std::string form = "dot";
  std::string shell;
  std::vector<std::string> helped;
  /// What wait waits for; there is only one thing.
  std::string awaited = "ready";
  std::string timeout;
  /// Where metrics writes; empty for standard output.
  std::string text_file;
  /// The chosen command's work.
  std::function<outcome_report()> run;
};

/// Teaches an app commands and options. What is said is put into `given`, and the command's work into `given.run`.
/// Where the first word of the command line is a command's name, the app learns that one alone: all of them take several
/// times as long as what a command does with a small document. Otherwise it learns them all, for help and suggestions.
/// Precondition: `given` lives as long as the app.
void set_up(CLI::App& app, arguments& given, std::string_view first_word);

/// The commands that an app, or a command, knows, other names of theirs included. Borrowed from it.
[[nodiscard]] std::vector<std::string_view> command_names(const CLI::App& app);
/// The long options of a command, with their "--".
[[nodiscard]] std::vector<std::string> option_names(const CLI::App& command);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
