#include "command_line.hpp"

#include "agentslock/io/sidecar_lock.hpp"
#include "discovery.hpp"
#include "man_page.hpp"
#include "shell_completions.hpp"
#include "suggestion.hpp"

namespace agentslock::cli {
namespace {

constexpr const char* description =
    "Keeps the adapters section of .agentsrc.lock: which materialized views may be queried, and why not.";

constexpr const char* json_flag = "Print one JSON object instead of text";

constexpr const char* footer =
    "Exit status: 0 fine, all ready; 1 wrong usage, an unknown name, a refused operation, or output that "
    "could not\n"
    "be written; 2 not ready, something would change, differs or was found; 3 a view is dsl-update-required; "
    "4 could not "
    "verify, or\n"
    "could not write for a reason outside; 5 the lock could not be had.\n"
    "agentslock COMMAND --help tells more about a command.";

/// For options: an empty value is a script's unset variable, and never what was meant.
std::string is_given(const std::string& value) {
  return value.empty() ? "its value is empty" : "";
}

/// Adds the options that every command has.
void add_common(CLI::App& command, common_options& common, bool with_store) {
  command
      .add_option(
          "--document", common.document,
          "The document. Default: AGENTSLOCK_DOCUMENT, else .agentsrc.lock here, or in the nearest directory "
          "above up to the one that holds .git")
      ->type_name("PATH")
      ->check(is_given);
  command.add_flag("--json", common.json, json_flag);
  if (with_store) {
    command
        .add_option("--store", common.store,
                    "The store that holds the views: sqlite:DIRECTORY. Default: AGENTSLOCK_STORE. A relative "
                    "one is taken "
                    "from the document's directory when that is found above")
        ->type_name("STORE")
        ->check(is_given);
  }
}

using command_work = outcome_report (*)(const arguments&);

/// Does a command's work on the document that was named, or else found.
outcome_report on_document(arguments& given, command_work work) {
  common_options& common = given.common;
  if (common.document.empty()) common.document = from_environment("AGENTSLOCK_DOCUMENT");
  if (common.document.empty()) {
    auto found = find_document(trusted_users());
    if (!found) return report_error(found.error());
    common.document = std::move(*found);
    common.found_above = common.document != usual_document_name;
  }
  return work(given);
}

CLI::App& add_command(CLI::App& app, arguments& given, const std::string& name, const std::string& what,
                      bool with_store, command_work work) {
  CLI::App* command = app.add_subcommand(name, what);
  add_common(*command, given.common, with_store);
  command->callback([&given, work] { given.run = [&given, work] { return on_document(given, work); }; });
  return *command;
}

CLI::Option* add_adapter(CLI::App& command, arguments& given) {
  return command.add_option("ADAPTER", given.adapter, "The adapter's name")->check(is_given)->required();
}

/// A view's name may be left out, but never be an unset variable: that would name the whole adapter.
void add_view(CLI::App& command, arguments& given) {
  command.add_option("VIEW", given.view, "The view's name")->check(is_given);
}

void add_validator(CLI::App& command, arguments& given) {
  command
      .add_option("--validator", given.programs.validator,
                  "The program that judges a view, a command line for sh. Default: AGENTSLOCK_VALIDATOR")
      ->type_name("COMMAND")
      ->check(is_given);
}

void add_builder(CLI::App& command, arguments& given) {
  command
      .add_option("--builder", given.programs.builder,
                  "The program that builds a view, a command line for sh. Default: AGENTSLOCK_BUILDER")
      ->type_name("COMMAND")
      ->check(is_given);
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

}  // namespace

void set_up(CLI::App& app, arguments& given) {
  app.name("agentslock");
  app.description(description);
  app.require_subcommand(1);
  app.footer(footer);
  app.set_version_flag("--version", "agentslock " AGENTSLOCK_VERSION);

  CLI::App& reconcile =
      add_command(app, given, "reconcile",
                  "Hold every recorded status against what the store really holds, and write what that "
                  "changes; with programs, "
                  "also judge what is due and build what can be built",
                  true, [](const arguments& a) {
                    const bool whole_way = !a.programs.validator.empty() || !a.programs.builder.empty();
                    return whole_way ? run_recover(a.common, a.programs) : run_reconcile(a.common, a.check);
                  });
  auto* check = reconcile.add_flag("--check", given.check,
                                   "Only say what would change; write nothing and take no lock");
  add_validator(reconcile, given);
  add_builder(reconcile, given);
  add_running(reconcile, given);
  check->excludes("--validator", "--builder");

  CLI::App& validate =
      add_command(app, given, "validate", "Judge the views whose validation is due, and record the verdicts",
                  true, [](const arguments& a) {
                    return run_validate(a.common, {a.adapter, a.view}, a.programs, a.retry);
                  });
  add_adapter(validate, given)->required(false);
  add_view(validate, given);
  validate.add_flag("--retry", given.retry,
                    "Also views that are dsl-update-required; one that is named always is judged");
  add_validator(validate, given);
  add_running(validate, given);

  CLI::App& rebuild = add_command(app, given, "rebuild",
                                  "Build the views that wait for it, and record what the store then holds",
                                  true, [](const arguments& a) {
                                    return run_rebuild(a.common, {a.adapter, a.view}, a.programs);
                                  });
  add_adapter(rebuild, given)->required(false);
  add_view(rebuild, given);
  add_builder(rebuild, given);
  add_running(rebuild, given);

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

  CLI::App& show =
      add_command(app, given, "show", "Show what the document records, and what each view waits for", false,
                  [](const arguments& a) { return run_show(a.common, a.adapter); });
  show.alias("status");
  show.add_option("--adapter", given.adapter, "Only this adapter")->type_name("NAME")->check(is_given);

  CLI::App& apply =
      add_command(app, given, "apply", "Run a script of operations under one lock, all or nothing", false,
                  [](const arguments& a) { return run_apply(a.common, a.script, a.scripting); });
  apply.add_option("SCRIPT", given.script, "A JSON file of operations, or - for standard input")->required();
  apply.add_flag("--keep-going", given.scripting.keep_going,
                 "Report each operation that is refused, and go on");
  apply.add_flag("--save", given.scripting.saves_at_end,
                 "Save at the end, as if the script ended in \"save\"");

  CLI::App& activate = add_command(app, given, "activate", "Record an adapter's digests", false,
                                   [](const arguments& a) { return run_activate(a.common, a.activation); });
  auto& activation = given.activation;
  activate.add_option("ADAPTER", activation.adapter, "The adapter's name")->required();
  auto* source_digest =
      activate.add_option("--source-digest", activation.source_digest, "Digest of the adapter's YAML")
          ->check(is_given);
  activate.add_option("--source", activation.source_file, "The adapter's YAML, to compute that digest from")
      ->type_name("FILE")
      ->check(is_given)
      ->excludes(source_digest);
  activate.add_option("--schema-digest", activation.schema_digest, "Digest of the adapter's schema")
      ->check(is_given)
      ->required();

  CLI::App& register_view = add_command(
      app, given, "register", "Record a new view, ready, with the digest that the store has for it", true,
      [](const arguments& a) { return run_register(a.common, a.registration); });
  auto& registration = given.registration;
  register_view.add_option("ADAPTER", registration.adapter, "The adapter that keeps the view")->required();
  register_view.add_option("VIEW", registration.view, "The view's name")->required();
  register_view.add_option("--digest", registration.digest, "The view's digest, instead of the store's")
      ->check(is_given)
      ->excludes("--store");
  register_view
      .add_option("--depends-on", registration.depends_on,
                  "An adapter that the view reads from; its active digest is recorded. May be repeated")
      ->type_name("NAME[@VERSION]")
      ->check(is_given)
      ->allow_extra_args(false);

  CLI::App& explain = add_command(app, given, "explain",
                                  "Tell how a view got where it is, what it waits for, and what to run",
                                  false, [](const arguments& a) {
                                    return run_explain(a.common, {a.adapter, a.view});
                                  });
  add_adapter(explain, given);
  add_view(explain, given);

  CLI::App& blockers =
      add_command(app, given, "blockers", "Name the views that keep an adapter from getting another schema",
                  false, [](const arguments& a) { return run_blockers(a.common, a.adapter); });
  add_adapter(blockers, given);

  CLI::App& remove = add_command(
      app, given, "remove", "Take a view's entry, or an adapter's with its views, out of the document", false,
      [](const arguments& a) { return run_remove(a.common, a.adapter, a.view); });
  add_adapter(remove, given);
  add_view(remove, given);

  CLI::App& wait =
      add_command(app, given, "wait", "Wait until all views are ready, or those of an adapter, or one", false,
                  [](const arguments& a) {
                    return run_wait(a.common, {a.adapter, a.view}, a.timeout);
                  });
  add_adapter(wait, given)->required(false);
  add_view(wait, given);
  wait.add_option("--for", given.awaited, "What to wait for")
      ->check(CLI::IsMember({"ready"}))
      ->type_name("ready");
  wait.add_option("--timeout", given.timeout,
                  "How long: 30, 250ms, 5m, 1.5h; seconds without a unit. Default: without an end")
      ->type_name("TIME")
      ->check(is_given);

  add_command(app, given, "orphans", "Say what the store holds that no entry records; remove nothing", true,
              [](const arguments& a) { return run_orphans(a.common); });

  CLI::App* diff =
      app.add_subcommand("diff", "Tell what two documents say differently about adapters and views");
  diff->add_flag("--json", given.common.json, json_flag);
  diff->add_option("A", given.sides.before, "A document: a file, or REV:PATH of git")
      ->check(is_given)
      ->required();
  diff->add_option("B", given.sides.after, "Another one; ./REV:PATH is a file")->check(is_given)->required();
  diff->callback([&given] { given.run = [&given] { return run_diff(given.common, given.sides); }; });

  CLI::App* digest =
      app.add_subcommand("digest", "Print the digest of a file, or of what the store has for a view");
  add_common(*digest, given.common, true);
  digest->add_option("FILE", given.adapter, "A file, or - for standard input; with VIEW an adapter's name")
      ->check(is_given)
      ->required();
  add_view(*digest, given);
  digest->callback([&given] {
    given.run = [&given] {
      // A file's has nothing to do with any document.
      if (given.view.empty()) return run_digest_of_file(given.adapter);
      return on_document(given, [](const arguments& a) {
        return run_digest_in_store(a.common, {a.adapter, a.view});
      });
    };
  });

  CLI::App* graph = app.add_subcommand(
      "graph", "Draw the views and what they read from, or the state machine, as DOT or Mermaid");
  add_common(*graph, given.common, false);
  graph->add_option("WHAT", given.drawn, "views (the default) or machine")
      ->check(CLI::IsMember({"views", "machine"}));
  graph->add_option("--form", given.form, "dot (the default) or mermaid")
      ->type_name("FORM")
      ->check(CLI::IsMember({"dot", "mermaid"}));
  graph->callback([&given] {
    given.run = [&given] {
      if (given.drawn == "machine") return run_machine_graph(given.form);
      return on_document(given, [](const arguments& a) { return run_views_graph(a.common, a.form); });
    };
  });

  CLI::App* sweep = app.add_subcommand("sweep",
                                       "Check many documents without a store: one path a line on standard "
                                       "input, one line of JSON out for each");
  sweep->add_flag("--json", given.common.json, "Print a failure of the whole as JSON too");
  sweep->callback([&given] { given.run = run_sweep; });

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

  CLI::App* lock =
      app.add_subcommand("lock", "Look at the document's lock, or take away one that nobody needs any more");
  lock->require_subcommand(1);
  add_command(*lock, given, "status", "Who holds the lock, for how long, and when it is stale", false,
              [](const arguments& a) { return run_lock_status(a.common); });
  CLI::App& lock_break = add_command(
      *lock, given, "break",
      "Take away the lock that carries this token, or that carries none; refused while its holder runs",
      false, [](const arguments& a) {
        return run_lock_break(a.common, a.no_token ? std::nullopt : std::optional<std::string_view>(a.token));
      });
  CLI::Option_group* which = lock_break.add_option_group("which lock");
  which->add_option("--token", given.token, "The token that `lock status` shows")->check(is_given);
  which->add_flag("--no-token", given.no_token, "The lock is one that shows no token: an empty or torn file");
  which->require_option(1);
}

}  // namespace agentslock::cli
