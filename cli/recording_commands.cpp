// Commands that record what they are told.
#include "command_options.hpp"

namespace agentslock::cli {
namespace {

void add_apply(CLI::App& app, arguments& given) {
  CLI::App& apply =
      add_command(app, given, "apply", "Run a script of operations under one lock, all or nothing", false,
                  [](const arguments& a) { return run_apply(a.common, a.script, a.scripting); });
  apply.add_option("SCRIPT", given.script, "A JSON file of operations, or - for standard input")->required();
  apply.add_flag("--keep-going", given.scripting.keep_going,
                 "Report each operation that is refused, and go on");
  apply.add_flag("--save", given.scripting.saves_at_end,
                 "Save at the end, as if the script ended in \"save\"");
}

void add_activate(CLI::App& app, arguments& given) {
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
}

void add_register(CLI::App& app, arguments& given) {
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
                  "An adapter that the view reads from; its active digest is recorded. With a digest, the "
                  "one that the "
                  "view was built against, it is refused when another one is active. May be repeated")
      ->type_name("NAME[@[VERSION][=DIGEST]]")
      ->check(is_given)
      ->allow_extra_args(false);
}

void add_remove(CLI::App& app, arguments& given) {
  CLI::App& remove = add_command(
      app, given, "remove", "Take a view's entry, or an adapter's with its views, out of the document", false,
      [](const arguments& a) { return run_remove(a.common, a.adapter, a.view); });
  add_adapter(remove, given);
  add_view(remove, given);
}

void add_lock(CLI::App& app, arguments& given) {
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

}  // namespace

std::span<const command_row> recording_commands() {
  static constexpr command_row rows[] = {
      {"apply", add_apply}, {"activate", add_activate}, {"register", add_register}, {"remove", add_remove}};
  return rows;
}

std::span<const command_row> lock_commands() {
  static constexpr command_row rows[] = {{"lock", add_lock}};
  return rows;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
