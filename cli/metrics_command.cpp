#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <iterator>
#include <optional>
#include <vector>

#include "commands.hpp"
#include "page_file.hpp"
#include "pass_report.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

struct adapter_metrics {
  std::string_view name;
  view_counts counts;
  std::size_t missed_bumps = 0;
  /// Since when the one has been so that has been longest; nothing when all are ready, or none says when.
  std::optional<timestamp> not_ready_since;
};

/// Since when a view has not been ready, as far as the document says. One that missed a bump: since its dependee got the schema
/// that is active.
std::optional<timestamp> not_ready_since(const lockfile& file, const view& entry) {
  if (counted_state(file, entry) == view_state::ready) return std::nullopt;
  const dependency* const missed = file.missed_record(entry);
  if (missed == nullptr) return parse_rfc3339(last_transition(entry).at);
  return parse_rfc3339(file.find_adapter(missed->adapter)->activated_at);
}

std::vector<adapter_metrics> metrics_of(const lockfile& file) {
  std::vector<adapter_metrics> all;
  for (const auto& [adapter_name, owner] : file.adapters()) {
    adapter_metrics& one = all.emplace_back();
    one.name = adapter_name;
    for (const auto& [view_name, entry] : owner.views) {
      one.counts.add(counted_state(file, entry));
      if (file.missed_record(entry) != nullptr) ++one.missed_bumps;
      const auto since = not_ready_since(file, entry);
      if (since && (!one.not_ready_since || *since < *one.not_ready_since)) one.not_ready_since = since;
    }
  }
  return all;
}

/// How a label names a state.
std::string_view label(view_state state) noexcept {
  return state == view_state::unrecognised ? "unrecognised" : name(state);
}

std::size_t seconds_between(timestamp since, timestamp now) noexcept {
  return since < now ? static_cast<std::size_t>((now - since).count()) : 0;
}

/// A text as the value of a label. On a terminal nothing in it may hide, so there it is not quite the same.
std::string label_value(std::string_view text, bool to_terminal) {
  std::string shown;
  for (const char c : to_terminal ? printable(text) : std::string(text)) {
    if (c == '\n') {
      shown += "\\n";
    } else {
      if (c == '"' || c == '\\') shown += '\\';
      shown += c;
    }
  }
  return shown;
}

std::string to_text(const std::vector<adapter_metrics>& all, const std::string& document, timestamp now,
                    bool to_terminal) {
  std::string text;
  const auto family = [&](std::string_view name, std::string_view what) {
    text += fmt::format("# TYPE {0} gauge\n{1}# HELP {0} {2}\n", name,
                        name.ends_with("_seconds") ? fmt::format("# UNIT {} seconds\n", name) : "", what);
  };
  const std::string of_document = label_value(as_utf8(name_anywhere(document)), to_terminal);
  const auto sample = [&](std::string_view name, const adapter_metrics& one, std::string_view more,
                          std::size_t value) {
    fmt::format_to(std::back_inserter(text), "{}{{document=\"{}\",adapter=\"{}\"{}}} {}\n", name, of_document,
                   label_value(one.name, to_terminal), more, value);
  };
  family("agentslock_views",
         "Views by adapter and status; one that missed a bump awaits a check, whatever it says.");
  for (const adapter_metrics& one : all) {
    for (const view_state state : recorded_states)
      sample("agentslock_views", one, fmt::format(",status=\"{}\"", label(state)), one.counts.of(state));
  }
  family("agentslock_missed_bumps", "Views that are recorded as ready over a schema that is gone.");
  for (const adapter_metrics& one : all)
    sample("agentslock_missed_bumps", one, "", one.missed_bumps);
  family("agentslock_oldest_not_ready_age_seconds",
         "How long the view that has been longest not ready has been so; 0 when all are ready, or the "
         "document does not say.");
  for (const adapter_metrics& one : all)
    sample("agentslock_oldest_not_ready_age_seconds", one, "",
           one.not_ready_since ? seconds_between(*one.not_ready_since, now) : 0);
  return text + "# EOF\n";
}

std::string to_json(const std::vector<adapter_metrics>& all, const std::string& document,
                    const std::string& text_file, timestamp now) {
  json_report report;
  report.text("document", document);
  report.text_or_null("text_file", text_file);
  report.write().name("adapters");
  report.write().begin_array();
  for (const adapter_metrics& one : all) {
    report.write().begin_object();
    report.text("name", one.name);
    add_counts(report, one.counts);
    report.number("unrecognised", one.counts.of(view_state::unrecognised));
    report.number("missed_bumps", one.missed_bumps);
    report.number("oldest_not_ready_age_seconds",
                  one.not_ready_since ? seconds_between(*one.not_ready_since, now) : 0);
    report.write().end_object();
  }
  report.write().end_array();
  return std::move(report).finish();
}

}  // namespace

outcome_report run_metrics(const common_options& common, const std::string& text_file) {
  const lockfile_store store = document_of(common);
  const auto loaded = load_existing(store);
  if (!loaded) return report_error(loaded.error());
  const auto all = metrics_of(loaded->file());
  view_counts counts;
  for (const auto& [adapter_name, owner] : loaded->file().adapters()) {
    for (const auto& [view_name, entry] : owner.views)
      counts.add(counted_state(loaded->file(), entry));
  }
  const timestamp now = store.now();
  const bool to_terminal = text_file.empty() && ::isatty(STDOUT_FILENO) != 0;
  outcome_report report{code_for(counts), to_text(all, store.path(), now, to_terminal),
                        to_json(all, store.path(), text_file, now)};
  if (text_file.empty()) return report;
  if (const auto written = write_page(text_file, report.text, store.path()); !written)
    return report_error(written.error());
  report.text = fmt::format("{}: {}, in {}\n", printable(store.path()),
                            in_words(counts, wants_colour(stdout)), printable(text_file));
  return report;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
