#include <fmt/format.h>

#include <algorithm>

#include "agentslock/io/cutover_document.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "lifecycle_report.hpp"
#include "pass_report.hpp"
#include "shortened.hpp"
#include "suggestion.hpp"
#include "table.hpp"

namespace agentslock::cli {
namespace {

/// What the document says of the adapter before the cutover.
struct before_cutover {
  std::string source_digest;
  std::string schema_digest;
};

result<before_cutover> look_before(const lockfile_store& store, const std::string& adapter_name) {
  const auto loaded = load_existing(store);
  if (!loaded) return loaded.error();
  const lockfile& file = loaded->file();
  if (const adapter* const recorded = file.find_adapter(adapter_name))
    return before_cutover{std::string(recorded->source_digest), std::string(recorded->schema_digest)};
  // Also one that is not active yet is known when a view reads from it.
  const auto keys = file.view_keys();
  if (std::ranges::any_of(keys, [&](view_key key) { return file.find_view(key)->reads_from(adapter_name); }))
    return before_cutover{};
  return unknown_adapter(file, adapter_name, store.path());
}

/// Why a view is in the way: what its validator said now, if it was asked.
std::string why_of(const cut_over& done, const named_view& blocker) {
  const auto found = std::ranges::find(done.judged, blocker, &cut_over::judged_view::key);
  return found == done.judged.end() ? std::string() : found->why;
}

std::string to_json(const cut_over& done, const new_dependee& wanted, const std::string& document,
                    bool dry_run, const end_state& end) {
  json_report json;
  json_writer& write = json.write();
  json.text("document", document);
  json.text("adapter", wanted.name);
  json.text("source_digest", wanted.source_digest);
  json.text("schema_digest", wanted.schema_digest);
  json.text("version", wanted.version);
  json.boolean("dry_run", dry_run);
  json.boolean("activated", done.activated);
  write.name("judged");
  write.begin_array();
  for (const auto& one : done.judged) {
    write.begin_object();
    json.text("adapter", shortened(one.key.adapter));
    json.text("view", shortened(one.key.view));
    json.text("verdict", name(one.verdict));
    json.text_or_null("why", one.why);
    write.end_object();
  }
  write.end_array();
  write.name("frozen");
  write.begin_array();
  for (const named_view& one : done.frozen)
    json.view(one);
  write.end_array();
  write.name("blockers");
  write.begin_array();
  for (const named_view& one : done.blockers) {
    write.begin_object();
    json.text("adapter", shortened(one.adapter));
    json.text("view", shortened(one.view));
    json.text_or_null("why", why_of(done, one));
    write.end_object();
  }
  write.end_array();
  add_counts(json, end.views);
  return std::move(json).finish();
}

std::string to_text(const cut_over& done, const new_dependee& wanted, const std::string& document,
                    bool dry_run, const end_state& end) {
  const std::string schema =
      fmt::format("schema {} of {}", printable(wanted.schema_digest), printable(wanted.name));
  const std::string head =
      done.undecided() ? fmt::format("nothing is changed: a validator could not tell; {}", schema)
      : done.activated ? fmt::format("{} {} active", schema, dry_run ? "would become" : "is")
                       : fmt::format("{} {} by {}", schema, dry_run ? "would be blocked" : "is blocked",
                                     counted(done.blockers.size(), "view"));
  const bool coloured = wants_colour(stdout);
  std::vector<std::vector<cell>> rows;
  for (const auto& one : done.judged) {
    const bool blocks = std::ranges::find(done.blockers, one.key) != done.blockers.end();
    rows.push_back({{one.key.adapter},
                    {one.key.view},
                    {std::string(in_words(one.verdict))},
                    {blocks ? "blocks" : "", colour::red},
                    {one.why}});
  }
  std::string text = fmt::format("{}: {}\n", printable(document), head) + table(rows, coloured);
  return dry_run ? text : text + in_words(end, coloured);
}

}  // namespace

outcome_report run_cutover(const common_options& common, const cutover_options& options,
                           const program_options& programs) {
  const auto validator = validator_of(common, programs);
  if (!validator) return report_error(validator.error());
  const lockfile_store store = document_of(common);
  new_dependee wanted{options.adapter, options.source_digest, options.schema_digest, options.version};
  if (!options.source_file.empty()) {
    auto computed = digest_of_input(options.source_file);
    if (!computed) return report_error(computed.error());
    wanted.source_digest = std::move(*computed);
  }
  const auto before = look_before(store, options.adapter);
  if (!before) return report_error(before.error());
  if (wanted.source_digest.empty()) wanted.source_digest = before->source_digest;
  work_options how;
  how.jobs = programs.jobs;
  const auto done = cutover_document(store, wanted, **validator, how,
                                     options.dry_run ? cutover_mode::check : cutover_mode::write);
  if (!done) return report_error(done.error());
  const auto end = state_at_end(store, what_is_in_use(common, programs), [&](view_key, const view& entry) {
    return entry.reads_from(options.adapter);
  });
  if (!end) return report_error(end.error());

  exit_code code = code_for(*end);
  if (options.dry_run && done->activated && before->schema_digest != wanted.schema_digest)
    code = exit_code::not_ready;
  if (done->undecided()) {
    code = exit_code::could_not_verify;
  } else if (!done->activated) {
    code = exit_code::blocked;
  }
  return {code, to_text(*done, wanted, store.path(), options.dry_run, *end),
          to_json(*done, wanted, store.path(), options.dry_run, *end)};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
