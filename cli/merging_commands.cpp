// Commands for git's merges.
#include "command_options.hpp"

namespace agentslock::cli {
namespace {

void add_merge_driver(CLI::App& app, arguments& given) {
  CLI::App& driver = add_command(
      app, given, "merge-driver", "Merge three versions of a document for git, or teach a clone to do so",
      false, [](const arguments& a) { return run_install_merge_driver(a.common); });
  auto& merging = given.merging;
  auto* install =
      driver.add_flag("--install", given.install,
                      "Write .gitattributes and this clone's configuration, so that git calls it");
  CLI::Option* base =
      driver.add_option("BASE", merging.base, "The version from which both sides come: git's %O")
          ->check(is_given);
  CLI::Option* last = base;
  last = driver.add_option("OURS", merging.ours, "Our version, which gets the result: git's %A")
             ->check(is_given);
  last = driver.add_option("THEIRS", merging.theirs, "Their version: git's %B")->check(is_given);
  last = driver.add_option("SIZE", merging.mark_size, "How many characters a conflict mark has: git's %L")
             ->check(CLI::Range(1, 1000));
  last = driver.add_option("PATH", merging.path, "What the document is called: git's %P")->check(is_given);
  base->needs(last);
  install->excludes(base);
  driver.callback([&given, install, last] {
    if (install->count() == 0 && last->count() == 0)
      throw CLI::RequiredError("BASE OURS THEIRS SIZE PATH, or --install");
    given.run = [&given] {
      return given.install
                 ? on_document(given, [](const arguments& a) { return run_install_merge_driver(a.common); })
                 : run_merge_driver(given.merging);
    };
  });
}

void add_resolve(CLI::App& app, arguments& given) {
  CLI::App* resolve = app.add_subcommand(
      "resolve", "Merge a document that is in conflict, from git's index, else from its marks");
  resolve->add_flag("--json", given.common.json, json_flag);
  resolve
      ->add_option(
          "PATH,--document", given.common.document,
          "The document. Default: AGENTSLOCK_DOCUMENT, else .agentsrc.lock here, or in the nearest directory "
          "above up to the one that holds .git")
      ->check(is_given);
  resolve->callback([&given] {
    given.run = [&given] {
      return on_document(given, [](const arguments& a) { return run_resolve(a.common); });
    };
  });
}

}  // namespace

std::span<const command_row> merging_commands() {
  static constexpr command_row rows[] = {{"merge-driver", add_merge_driver}, {"resolve", add_resolve}};
  return rows;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
