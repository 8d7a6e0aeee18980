// agentslock: the command. Options to commands, commands to reports, reports to the terminal.

#include <CLI/CLI.hpp>
#include <functional>

#include "commands.hpp"

namespace agentslock::cli {
namespace {

constexpr const char* description =
    "Keeps the adapters section of .agentsrc.lock: which materialized views may be queried, and why not.";

constexpr const char* footer =
    "Exit status: 0 fine, all ready; 1 wrong usage, an unknown name or a refused operation; 2 not ready, or "
    "something\n"
    "would change; 3 a view is dsl-update-required; 4 could not verify; 5 the lock could not be had.\n"
    "agentslock COMMAND --help tells more about a command.";

/// What was said on the command line.
struct arguments {
  common_options common;
  bool check = false;
  bool keep_going = false;
  std::string adapter;
  std::string script;
  activate_options activation;
  register_options registration;
  /// The chosen command's work.
  std::function<outcome_report()> run;
};

/// Adds the options that every command has.
void add_common(CLI::App& command, common_options& common, bool with_store) {
  command
      .add_option(
          "--lock", common.lock_path,
          "The document. Default: .agentsrc.lock here, or in the nearest folder above up to the one that "
          "holds .git")
      ->type_name("PATH");
  command.add_flag("--json", common.json, "Print one JSON object instead of text");
  if (with_store) {
    command.add_option("--store", common.store, "The store that holds the views: sqlite:FOLDER")
        ->type_name("STORE");
  }
}

CLI::App& add_command(CLI::App& app, arguments& given, const std::string& name, const std::string& what,
                      bool with_store, outcome_report (*work)(const arguments&)) {
  CLI::App* command = app.add_subcommand(name, what);
  add_common(*command, given.common, with_store);
  command->callback([&given, work] { given.run = [&given, work] { return work(given); }; });
  return *command;
}

void set_up(CLI::App& app, arguments& given) {
  app.require_subcommand(1);
  app.footer(footer);
  app.set_version_flag("--version", "agentslock " AGENTSLOCK_VERSION);

  add_command(app, given, "reconcile",
              "Hold every recorded status against what the store really holds, and write what that changes",
              true, [](const arguments& a) { return run_reconcile(a.common, a.check); })
      .add_flag("--check", given.check, "Only say what would change; write nothing and take no lock");

  CLI::App& show =
      add_command(app, given, "show", "Show what the document records, and what each view waits for", false,
                  [](const arguments& a) { return run_show(a.common, a.adapter); });
  show.alias("status");
  show.add_option("--adapter", given.adapter, "Only this adapter")->type_name("NAME");

  CLI::App& apply =
      add_command(app, given, "apply", "Run a script of operations under one lock, all or nothing", false,
                  [](const arguments& a) { return run_apply(a.common, a.script, a.keep_going); });
  apply.add_option("SCRIPT", given.script, "A JSON file of operations, or - for standard input")->required();
  apply.add_flag("--keep-going", given.keep_going, "Report each operation that is refused, and go on");

  CLI::App& activate = add_command(app, given, "activate", "Record an adapter's digests", false,
                                   [](const arguments& a) { return run_activate(a.common, a.activation); });
  auto& activation = given.activation;
  activate.add_option("ADAPTER", activation.adapter, "The adapter's name")->required();
  auto* source_digest =
      activate.add_option("--source-digest", activation.source_digest, "Digest of the adapter's YAML");
  activate.add_option("--source", activation.source_file, "The adapter's YAML, to compute that digest from")
      ->type_name("FILE")
      ->excludes(source_digest);
  activate.add_option("--schema-digest", activation.schema_digest, "Digest of the adapter's schema")
      ->required();

  CLI::App& register_view = add_command(
      app, given, "register", "Record a new view, ready, with the digest that the store has for it", true,
      [](const arguments& a) { return run_register(a.common, a.registration); });
  auto& registration = given.registration;
  register_view.add_option("ADAPTER", registration.adapter, "The adapter that keeps the view")->required();
  register_view.add_option("VIEW", registration.view, "The view's name")->required();
  register_view.add_option("--digest", registration.digest, "The view's digest, instead of the store's")
      ->excludes("--store");
  register_view
      .add_option("--depends-on", registration.depends_on,
                  "An adapter that the view reads from; its active digest is recorded. May be repeated")
      ->type_name("NAME[@VERSION]");
}

int run(int argc, char** argv) {
  CLI::App app(description, "agentslock");
  arguments given;
  set_up(app, given);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& usage) {
    return app.exit(usage) == 0 ? 0 : static_cast<int>(exit_code::failed);
  }
  return tell(given.run(), given.common);
}

}  // namespace
}  // namespace agentslock::cli

int main(int argc, char** argv) {
  try {
    return agentslock::cli::run(argc, argv);
  } catch (const std::exception& unexpected) {
    std::fprintf(stderr, "agentslock: internal error: %s\n", unexpected.what());
    return static_cast<int>(agentslock::cli::exit_code::failed);
  }
}
