#include <fmt/format.h>

#include "command_options.hpp"

namespace agentslock::cli {
namespace {

/// The program that does something with a view.
void add_program(CLI::App& command, const std::string& option, std::string& given, std::string_view does,
                 std::string_view variable) {
  command
      .add_option(
          option, given,
          fmt::format("The program that {} a view, a command line for sh. Default: {}", does, variable))
      ->type_name("COMMAND")
      ->check(is_given);
}

void add_validator(CLI::App& command, arguments& given) {
  add_program(command, "--validator", given.programs.validator, "judges", "AGENTSLOCK_VALIDATOR");
}

void add_builder(CLI::App& command, arguments& given) {
  add_program(command, "--builder", given.programs.builder, "builds", "AGENTSLOCK_BUILDER");
}

/// How programs are run.
void add_running(CLI::App& command, arguments& given) {
  command
      .add_option("--timeout", given.programs.timeout,
                  "How long each program may run: 30, 250ms, 5m, 1.5h; seconds without a unit. Default: "
                  "without an end")
      ->type_name("TIME")
      ->check(is_given);
  command.add_option("--jobs", given.programs.jobs, "How many programs may run at once. Default: 1")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
}

/// A command that runs one program for the views that are named, or for all that need it.
CLI::App& add_work(CLI::App& app, arguments& given, const std::string& name, const std::string& what,
                   void (*add_its_program)(CLI::App&, arguments&), outcome_report (*run)(const arguments&)) {
  CLI::App& command = add_command(app, given, name, what, true, run);
  add_adapter(command, given)->required(false);
  add_view(command, given);
  add_its_program(command, given);
  add_running(command, given);
  return command;
}

void add_reconcile(CLI::App& app, arguments& given) {
  CLI::App& reconcile = add_command(
      app, given, "reconcile",
      "Hold every recorded status against what the store really holds, and write what that "
      "changes; with programs, "
      "also judge what is due and build what can be built",
      true, [](const arguments& a) {
        const bool whole_way = !a.programs.validator.empty() || !a.programs.builder.empty();
        if (lists_findings(a.common.format) && (whole_way || !(a.check || a.dry_run))) {
          return report_error(error(
              errc::invalid_argument,
              fmt::format("--format {} lists findings, and changes nothing: it needs --check", a.format)));
        }
        if (!whole_way) return run_reconcile(a.common, a.check || a.dry_run);
        return a.dry_run ? run_recover_dry(a.common) : run_recover(a.common, a.programs);
      });
  auto* check = reconcile.add_flag("--check", given.check,
                                   "Only say what would change; write nothing and take no lock");
  add_format(reconcile, given);
  add_validator(reconcile, given);
  add_builder(reconcile, given);
  add_running(reconcile, given);
  check->excludes("--validator", "--builder");
  reconcile
      .add_flag("--dry-run", given.dry_run,
                "Say what would change, and with programs which views they would be run for; run none, write "
                "nothing and take no lock")
      ->excludes(check);
}

void add_validate(CLI::App& app, arguments& given) {
  add_work(app, given, "validate", "Judge the views whose validation is due, and record the verdicts",
           add_validator,
           [](const arguments& a) {
             return run_validate(a.common, {a.adapter, a.view}, a.programs, a.retry);
           })
      .add_flag("--retry", given.retry,
                "Also views that are dsl-update-required; one that is named always is judged");
}

void add_rebuild(CLI::App& app, arguments& given) {
  add_work(app, given, "rebuild", "Build the views that wait for it, and record what the store then holds",
           add_builder, [](const arguments& a) {
             return run_rebuild(a.common, {a.adapter, a.view}, a.programs);
           });
}

void add_cutover(CLI::App& app, arguments& given) {
  CLI::App& cutover = add_command(
      app, given, "cutover",
      "Activate another schema of an adapter, if every view that reads from it is judged valid against it",
      true, [](const arguments& a) { return run_cutover(a.common, a.cutover, a.programs); });
  cutover.add_option("ADAPTER", given.cutover.adapter, "The adapter's name")->check(is_given)->required();
  cutover.add_option("--schema-digest", given.cutover.schema_digest, "Digest of the adapter's new schema")
      ->check(is_given)
      ->required();
  auto* new_source = cutover
                         .add_option("--source-digest", given.cutover.source_digest,
                                     "Digest of the adapter's YAML. Default: the recorded one")
                         ->check(is_given);
  cutover
      .add_option("--source", given.cutover.source_file, "The adapter's YAML, to compute that digest from")
      ->type_name("FILE")
      ->check(is_given)
      ->excludes(new_source);
  cutover.add_option("--version", given.cutover.version, "The new schema's version, for the views to record")
      ->check(is_given);
  cutover.add_flag("--dry-run", given.cutover.dry_run,
                   "Run the validator and say what would come of it; write nothing");
  add_validator(cutover, given);
  add_running(cutover, given);
}

}  // namespace

std::span<const command_row> lifecycle_commands() {
  static constexpr command_row rows[] = {{"reconcile", add_reconcile},
                                         {"validate", add_validate},
                                         {"rebuild", add_rebuild},
                                         {"cutover", add_cutover}};
  return rows;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
