#include <fmt/format.h>

#include <utility>

#include "commands.hpp"
#include "page_file.hpp"
#include "pass_report.hpp"
#include "relative_time.hpp"
#include "shortened.hpp"
#include "status_page.hpp"
#include "suggestion.hpp"
#include "table.hpp"
#include "view_summary.hpp"

namespace agentslock::cli {
namespace {

std::string to_json(const lockfile& file, const std::string& document, const show_options& options) {
  const std::string& only = options.adapter;
  json_report json;
  json_writer& write = json.write();
  json.text("document", document);
  json.text_or_null("page", options.page_file);
  write.name("adapters");
  write.begin_array();
  for (const auto& [adapter_name, owner] : file.adapters()) {
    if (!only.empty() && adapter_name != only) continue;
    write.begin_object();
    json.text("name", adapter_name);
    json.text("source_digest", owner.source_digest);
    json.text("schema_digest", owner.schema_digest);
    json.text("activated_at", owner.activated_at);
    write.name("views");
    write.begin_array();
    for (const auto& [view_name, entry] : owner.views) {
      const audit_entry last = last_transition(entry);
      const gate_row& gate = gate_row_for(file, entry);
      const dependency* missed = file.missed_record(entry);
      write.begin_object();
      json.text("name", view_name);
      json.text("status", entry.status.text());
      json.boolean("recognised", is_status(entry.status.state()));
      json.text("view_digest", entry.view_digest);
      json.text_or_null("since", last.at);
      json.text_or_null("why", last.trigger);
      json.text_or_null("missed_bump", missed == nullptr ? std::string() : shortened(missed->adapter));
      json.text_or_null("unblocked_by", gate.unblocked_by);
      write.name("depends_on");
      write.begin_array();
      for (const dependency& item : entry.depends_on) {
        const adapter* active = file.find_adapter(item.adapter);
        write.begin_object();
        json.text("adapter", item.adapter);
        json.text("schema_digest", item.schema_digest);
        json.text("version", item.version);
        json.text_or_null("active_schema_digest",
                          active == nullptr ? std::string() : shortened(active->schema_digest));
        write.end_object();
      }
      write.end_array();
      write.end_object();
    }
    write.end_array();
    write.end_object();
  }
  write.end_array();
  return std::move(json).finish();
}

std::string to_text(const lockfile& file, const std::string& document, const std::string& only,
                    const view_counts& counts, timestamp now, bool coloured) {
  std::size_t adapters = 0;
  std::vector<std::vector<cell>> rows;
  for (const auto& [adapter_name, owner] : file.adapters()) {
    if (!only.empty() && adapter_name != only) continue;
    ++adapters;
    if (owner.views.empty()) rows.push_back({{std::string(adapter_name)}, {"no views", colour::dim}});
    cell shown_name{std::string(adapter_name)};
    for (const auto& [view_name, entry] : owner.views) {
      const audit_entry last = last_transition(entry);
      const view_state state = entry.status.state();
      const std::string_view unblocked_by = gate_row_for(file, entry).unblocked_by;
      const dependency* missed = file.missed_record(entry);
      rows.push_back({std::exchange(shown_name, repeated(adapter_name)),
                      {std::string(view_name)},
                      status_cell(state, entry.status.text()),
                      {ago(last.at, now), colour::dim},
                      {missed == nullptr ? std::string(last.trigger)
                                         : fmt::format("{}: {}", dependee_schema_changed, missed->adapter)},
                      {unblocked_by.empty() ? "" : fmt::format("needs {}", unblocked_by)}});
    }
  }
  auto missing = file.missing_dependees();
  std::erase_if(missing, [&](const missing_dependee& one) { return !only.empty() && one.adapter != only; });
  const auto columns = columns_of(stdout);
  const std::string head = fmt::format("{}: {}, {}", printable(document), counted(adapters, "adapter"),
                                       in_words(counts, coloured));
  return wrapped(head, columns) + "\n" + table(rows, coloured, columns) + notes_on(missing);
}

}  // namespace

outcome_report run_show(const common_options& common, const show_options& options) {
  const std::string& only = options.adapter;
  const bool to_output = options.page_file == "-";
  if (to_output && common.json) {
    return report_error(
        error(errc::invalid_argument, "--html - and --json both want standard output: name a file"));
  }
  const lockfile_store store = document_of(common);
  const auto loaded = load_existing(store);
  if (!loaded) return report_error(loaded.error());
  const lockfile& file = loaded->file();
  if (!only.empty() && file.find_adapter(only) == nullptr) {
    return report_error(unknown_adapter(file, only, store.path()));
  }
  if (lists_findings(common.format)) {
    const auto read = lock_document::parse(loaded->text(), store.path());
    if (!read) return report_error(read.error());
    auto found = findings_as_recorded(store.path(), file, entry_places(read->document), only);
    return {found.code, {}, {}, std::move(found)};
  }
  view_counts counts;
  for (const auto& [adapter_name, owner] : file.adapters()) {
    if (!only.empty() && adapter_name != only) continue;
    for (const auto& [view_name, entry] : owner.views)
      counts.add(counted_state(file, entry));
  }
  // Of a large document each of them is as large as half of it: only what is asked for is made.
  outcome_report report{code_for(counts), {}, {}};
  if (common.json) report.json = to_json(file, store.path(), options);
  if (options.page_file.empty()) {
    if (!common.json)
      report.text = to_text(file, store.path(), only, counts, store.now(), wants_colour(stdout));
    return report;
  }
  std::string page = status_page(file, store.path(), store.now());
  if (to_output) {
    report.text = std::move(page);
    return report;
  }
  if (const auto written = write_page(options.page_file, page, store.path()); !written)
    return report_error(written.error());
  report.text = fmt::format("{}: {}, in {}\n", printable(store.path()),
                            in_words(counts, wants_colour(stdout)), printable(options.page_file));
  return report;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
