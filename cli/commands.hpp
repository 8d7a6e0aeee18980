// The commands. Each takes its options and returns its report; none exits, and none prints but sweep.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apply_script.hpp"
#include "document_choice.hpp"
#include "json_report.hpp"
#include "outcome_report.hpp"
#include "view_programs.hpp"

namespace agentslock::cli {

/// reconcile [--check]: the document against the store.
[[nodiscard]] outcome_report run_reconcile(const common_options& common, bool check);

/// reconcile --validator COMMAND --builder COMMAND: the pass, then what is due is judged, and what can be is built.
[[nodiscard]] outcome_report run_recover(const common_options& common, const program_options& programs);

/// The same with --dry-run: what the pass would change, and which views would be judged and built then. Runs no program and
/// writes nothing.
[[nodiscard]] outcome_report run_recover_dry(const common_options& common);

/// validate [ADAPTER [VIEW]] [--retry]: judges the views that are due and records the verdicts.
[[nodiscard]] outcome_report run_validate(const common_options& common, view_key named,
                                          const program_options& programs, bool retry);

/// rebuild [ADAPTER [VIEW]]: builds the views that can be rebuilt and records what the store then holds.
[[nodiscard]] outcome_report run_rebuild(const common_options& common, view_key named,
                                         const program_options& programs);

struct cutover_options {
  std::string adapter;
  /// Empty: the recorded one stays.
  std::string source_digest;
  /// A file to take the source digest from.
  std::string source_file;
  std::string schema_digest;
  std::string version;
  bool dry_run = false;
};
/// cutover ADAPTER --schema-digest DIGEST [--dry-run]: activates another schema when every view that reads from the adapter is
/// judged valid against it.
[[nodiscard]] outcome_report run_cutover(const common_options& common, const cutover_options& options,
                                         const program_options& programs);

/// The views that are named: one, an adapter's, or all.
[[nodiscard]] view_choice choice_of(view_key named);
/// Success when the document is there and has what is named. Errors: as load_existing and check_known.
[[nodiscard]] result<> check_named(const lockfile_store& store, view_key named);

struct show_options {
  /// Empty: all.
  std::string adapter;
  /// Where the status page goes; empty: nowhere, "-": to standard output.
  std::string page_file;
};
/// show [--adapter NAME | --html FILE]: what the document records.
[[nodiscard]] outcome_report run_show(const common_options& common, const show_options& options);

/// apply SCRIPT [--keep-going] [--save]: a batch of operations under one lock. A script that asks for nothing to be
/// written takes none.
[[nodiscard]] outcome_report run_apply(const common_options& common, const std::string& script_path,
                                       script_options options);

struct activate_options {
  std::string adapter;
  std::string source_digest;
  /// A file to take the source digest from.
  std::string source_file;
  std::string schema_digest;
};
[[nodiscard]] outcome_report run_activate(const common_options& common, const activate_options& options);

struct register_options {
  std::string adapter;
  std::string view;
  /// Empty: from the store.
  std::string digest;
  /// NAME or NAME@VERSION.
  std::vector<std::string> depends_on;
};
[[nodiscard]] outcome_report run_register(const common_options& common, const register_options& options);

/// explain ADAPTER [VIEW]: how it got here, what it reads from, what it waits for, and what to run. Without a view's name
/// the adapter, what reads from it, and each view of it that is not ready.
[[nodiscard]] outcome_report run_explain(const common_options& common, view_key named);

/// blockers ADAPTER: the views in dsl-update-required that keep it from another schema.
[[nodiscard]] outcome_report run_blockers(const common_options& common, const std::string& adapter);

/// remove ADAPTER [VIEW]: takes the entry out of the document. Without a view the adapter's.
[[nodiscard]] outcome_report run_remove(const common_options& common, const std::string& adapter,
                                        const std::string& view);

/// digest FILE: the digest of its bytes. "-" is standard input.
[[nodiscard]] outcome_report run_digest_of_file(const std::string& path);
/// digest ADAPTER VIEW: what the store has for a view.
[[nodiscard]] outcome_report run_digest_in_store(const common_options& common, view_key key);

/// wait [ADAPTER [VIEW]] [--timeout TIME]: until the views are ready. An empty time has no end.
[[nodiscard]] outcome_report run_wait(const common_options& common, view_key named,
                                      const std::string& timeout);

/// orphans: what the store holds that no entry records.
[[nodiscard]] outcome_report run_orphans(const common_options& common);

struct diff_options {
  /// Each a file, or REV:PATH of git.
  std::string before;
  std::string after;
};
/// diff A B: what two documents say differently about adapters and views.
[[nodiscard]] outcome_report run_diff(const common_options& common, const diff_options& sides);

struct merge_driver_options {
  /// The versions as files; ours gets the result.
  std::string base;
  std::string ours;
  std::string theirs;
  /// How many characters a conflict mark has.
  std::size_t mark_size = 7;
  /// What the document is called in the repository.
  std::string path;
};
/// merge-driver BASE OURS THEIRS SIZE PATH: merges three versions for git.
[[nodiscard]] outcome_report run_merge_driver(const merge_driver_options& options);
/// merge-driver --install: teaches the document's clone of git to call it.
[[nodiscard]] outcome_report run_install_merge_driver(const common_options& common);
/// resolve [PATH]: merges a document that is in conflict, from git's index, else from its marks. Never runs git add.
[[nodiscard]] outcome_report run_resolve(const common_options& common);

/// graph machine, graph views: as "dot" or "mermaid".
[[nodiscard]] outcome_report run_machine_graph(const std::string& form);
[[nodiscard]] outcome_report run_views_graph(const common_options& common, const std::string& form);

/// lock status: who holds the sidecar, for how long, and when it is stale.
[[nodiscard]] outcome_report run_lock_status(const common_options& common);
/// lock break --token TOKEN | --no-token: takes away exactly that sidecar, or the one without a token.
[[nodiscard]] outcome_report run_lock_break(const common_options& common,
                                            std::optional<std::string_view> token);

/// metrics [--textfile FILE]: how the views stand, in OpenMetrics' text. Written whole or not at all.
[[nodiscard]] outcome_report run_metrics(const common_options& common, const std::string& text_file);

/// mcp: answers requests of the Model Context Protocol on the standard streams until the input ends. Reads documents and stores,
/// and writes nothing but its answers.
[[nodiscard]] outcome_report run_mcp(const common_options& common);

struct documents_options {
  /// "postgres:KEY", "postgres:PREFIX" or "postgres:".
  std::string place;
  /// Where bytes go or come from; "-" is standard input, empty standard output.
  std::string file;
};
/// documents init | list | get | put | delete: documents that are no files (document_kinds.hpp), whatever their bytes say.
[[nodiscard]] outcome_report run_documents_init(const common_options& common, const documents_options& what);
[[nodiscard]] outcome_report run_documents_list(const common_options& common, const documents_options& what);
[[nodiscard]] outcome_report run_documents_get(const common_options& common, const documents_options& what);
[[nodiscard]] outcome_report run_documents_put(const common_options& common, const documents_options& what);
[[nodiscard]] outcome_report run_documents_delete(const common_options& common,
                                                  const documents_options& what);

struct sweep_options {
  /// "postgres:PREFIX", as it was given; empty for the paths on standard input.
  std::string documents;
  /// json by default: it prints by itself, one line a document.
  output_format format = output_format::json;
  /// As it was given; empty for all.
  std::string shard;
  bool ends_in_nul = false;
};

/// sweep: the documents whose paths stand on standard input, each on a line of its own, or with a NUL behind it; or those of a
/// database whose keys begin alike. Prints one
/// line of JSON for each, or its findings in another format, as it goes; what is left to report is the exit code.
[[nodiscard]] outcome_report run_sweep(const sweep_options& options);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
