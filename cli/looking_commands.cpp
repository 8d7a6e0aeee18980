// Commands that look, and write no document.
#include "command_options.hpp"
#include "document_kinds.hpp"

namespace agentslock::cli {
namespace {

void add_show(CLI::App& app, arguments& given) {
  CLI::App& show =
      add_command(app, given, "show", "Show what the document records, and what each view waits for", false,
                  [](const arguments& a) { return run_show(a.common, a.shown); });
  show.alias("status");
  auto* one_adapter = show.add_option("--adapter", given.shown.adapter, "Only this adapter")
                          ->type_name("NAME")
                          ->check(is_given);
  auto* as_findings = add_format(show, given);
  show.add_option("--html", given.shown.page_file,
                  "Write it as one self-contained page, with pictures, to a file; - is standard output")
      ->type_name("FILE")
      ->check(is_given)
      ->excludes(one_adapter)
      ->excludes(as_findings);
}

void add_explain(CLI::App& app, arguments& given) {
  CLI::App& explain = add_command(app, given, "explain",
                                  "Tell how a view got where it is, what it waits for, and what to run",
                                  false, [](const arguments& a) {
                                    return run_explain(a.common, {a.adapter, a.view});
                                  });
  add_adapter(explain, given);
  add_view(explain, given);
}

void add_blockers(CLI::App& app, arguments& given) {
  CLI::App& blockers =
      add_command(app, given, "blockers", "Name the views that keep an adapter from getting another schema",
                  false, [](const arguments& a) { return run_blockers(a.common, a.adapter); });
  add_adapter(blockers, given);
}

void add_wait(CLI::App& app, arguments& given) {
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
}

void add_orphans(CLI::App& app, arguments& given) {
  add_command(app, given, "orphans", "Say what the store holds that no entry records; remove nothing", true,
              [](const arguments& a) { return run_orphans(a.common); });
}

void add_diff(CLI::App& app, arguments& given) {
  CLI::App* diff =
      app.add_subcommand("diff", "Tell what two documents say differently about adapters and views");
  diff->add_flag("--json", given.common.json, json_flag);
  diff->add_option("A", given.sides.before, "A document: a file, or REV:PATH of git")
      ->check(is_given)
      ->required();
  diff->add_option("B", given.sides.after, "Another one; ./REV:PATH is a file")->check(is_given)->required();
  diff->callback([&given] { given.run = [&given] { return run_diff(given.common, given.sides); }; });
}

void add_digest(CLI::App& app, arguments& given) {
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
}

void add_graph(CLI::App& app, arguments& given) {
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
}

void add_metrics(CLI::App& app, arguments& given) {
  CLI::App& metrics =
      add_command(app, given, "metrics", "Print how the views stand as metrics, in OpenMetrics' text form",
                  false, [](const arguments& a) { return run_metrics(a.common, a.text_file); });
  metrics
      .add_option("--textfile", given.text_file,
                  "Write them to a file, whole or not at all, for a collector of text files")
      ->type_name("FILE")
      ->check(is_given);
}

void add_mcp(CLI::App& app, arguments& given) {
  CLI::App& mcp = add_command(
      app, given, "mcp",
      "Serve agents on standard input and output, by the Model Context Protocol: may_query, show, "
      "explain, check; change nothing",
      true, [](const arguments& a) { return run_mcp(a.common); });
  mcp.remove_option(mcp.get_option("--json"));
}

void add_sweep(CLI::App& app, arguments& given) {
  CLI::App* sweep = app.add_subcommand("sweep",
                                       "Check many documents without a store: one path a line on standard "
                                       "input, or those of --document; one line of JSON out for each, or "
                                       "what --format says");
  sweep->add_flag("--json", given.common.json, "Print a failure of the whole as JSON too");
  add_format(*sweep, given)
      ->description(
          "What to print: json (the default), text, or each finding with its place: github (workflow "
          "commands), sarif, markdown");
  auto* nul = sweep->add_flag("-0,--null", given.swept.ends_in_nul,
                              "Paths end in a NUL instead of a newline, as find -print0 writes them");
  sweep
      ->add_option("--document", given.swept.documents,
                   "Instead of paths, all documents that are no files and whose keys begin so")
      ->type_name(prefixes_of_documents())
      ->check(is_given)
      ->excludes(nul);
  sweep
      ->add_option("--shard", given.swept.shard,
                   "Only those documents of the list that are in this of so many parts: each is in exactly "
                   "one, by its "
                   "text alone. I is 1 to N")
      ->type_name("I/N")
      ->check(is_given);
  sweep->callback([&given] {
    given.run = [&given] {
      given.swept.format = given.format.empty() ? output_format::json : given.common.format;
      // It prints by itself; what is left to tell is no finding.
      given.common.format = output_format::text;
      return run_sweep(given.swept);
    };
  });
}

}  // namespace

std::span<const command_row> looking_commands() {
  static constexpr command_row rows[] = {{"show", add_show, "status"}, {"explain", add_explain},
                                         {"blockers", add_blockers},   {"wait", add_wait},
                                         {"orphans", add_orphans},     {"diff", add_diff},
                                         {"digest", add_digest},       {"graph", add_graph},
                                         {"metrics", add_metrics},     {"mcp", add_mcp},
                                         {"sweep", add_sweep}};
  return rows;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
