#include "status_page.hpp"

#include <fmt/format.h>

#include <iterator>

#include "agentslock/kernel/waiting.hpp"
#include "document_graph.hpp"
#include "graph.hpp"
#include "graph_picture.hpp"
#include "machine_picture.hpp"
#include "markup.hpp"
#include "shortened.hpp"
#include "status_page_style.hpp"
#include "table.hpp"
#include "view_summary.hpp"

namespace agentslock::cli {
namespace {

/// A text of the document, cut where it is long.
std::string of_document(std::string_view text) {
  return markup(shortened(text));
}

std::string pill(view_state state, std::string_view recorded) {
  return fmt::format("<span class=\"pill {}\">{}</span>", identifier(state),
                     markup(status_cell(state, shortened(recorded), charset::utf8).text));
}

/// Its status as recorded; one that missed a bump does not look ready.
std::string status_of_view(const lockfile& file, const view& entry) {
  const view_state state = counted_state(file, entry);
  if (state == entry.status.state()) return pill(state, entry.status.text());
  return fmt::format("<span class=\"pill {}\">{} {}, but missed a bump</span>", identifier(state),
                     symbol(state, charset::utf8), markup(entry.status.text()));
}

std::string counts_list(const view_counts& counts) {
  if (counts.total() == 0) return "<p>The document records no views.</p>\n";
  std::string text = "<ul class=\"counts\">\n";
  for (const view_state state : recorded_states) {
    if (counts.of(state) > 0) {
      text += fmt::format("<li class=\"{}\"><b>{}</b> {}</li>\n", identifier(state), counts.of(state),
                          markup(name(state)));
    }
  }
  return text + "</ul>\n";
}

/// A view's log, the latest first.
std::string log_of(const view& entry) {
  const auto items = entry.state_history.entries();
  if (items.empty()) return "<p>No transition is recorded.</p>";
  std::string text = "<ol class=\"log\" reversed>";
  for (std::size_t i = items.size(); i-- > 0;) {
    const audit_entry& item = items[i];
    text += fmt::format("<li>{} {}{} <span class=\"soft\">{}</span></li>", of_document(item.at),
                        item.from.empty() ? "" : pill(read_state(item.from), item.from) + " → ",
                        pill(read_state(item.to), item.to), of_document(item.trigger));
  }
  return text + "</ol>";
}

std::string_view in_words(record_state state) noexcept {
  switch (state) {
    case record_state::current:
      return "is active";
    case record_state::another_is_active:
      return "is not the active one";
    case record_state::without_digest:
      return "no schema recorded";
    case record_state::not_active:
      break;
  }
  return "the document has no entry for it";
}

std::string records_of(const view& entry, const waiting& waits) {
  if (entry.depends_on.empty()) return "<p>It reads from no other adapter.</p>";
  std::string text = "<ul class=\"log\">";
  for (const dependency& item : entry.depends_on) {
    text += fmt::format("<li>reads from {}{}{} {} <span class=\"soft\">{}</span></li>",
                        of_document(item.adapter), item.version.empty() ? "" : "@", of_document(item.version),
                        of_document(item.schema_digest), in_words(waits.record_of(item)));
  }
  return text + "</ul>";
}

/// Why a view is what it is, in a few words; the rest is folded in.
std::string why_of(const lockfile& file, const view& entry) {
  const audit_entry last = last_transition(entry);
  if (const dependency* const missed = file.missed_record(entry))
    return fmt::format("{}: {}", dependee_schema_changed, of_document(missed->adapter));
  if (last.at.empty() && last.trigger.empty()) return "nothing recorded";
  return fmt::format("{} <span class=\"soft\">{}</span>", of_document(last.trigger), of_document(last.at));
}

std::string view_row(const lockfile& file, const waiting& waits, std::string_view name, const view& entry) {
  const std::string_view unblocked_by = gate_row_for(file, entry).unblocked_by;
  return fmt::format(
      "<tr><td "
      "class=\"name\">{}</td><td>{}</td><td><details><summary>{}</summary>{}{}</details></td><td>{}</td></"
      "tr>\n",
      of_document(name), status_of_view(file, entry), why_of(file, entry), log_of(entry),
      records_of(entry, waits), markup(unblocked_by));
}

std::string views_table(const lockfile& file) {
  const waiting waits(file);
  std::string text =
      "<table><colgroup><col class=\"c1\"><col class=\"c2\"><col><col class=\"c4\"></colgroup>\n"
      "<thead><tr><th scope=\"col\">View</th><th scope=\"col\">Status</th><th scope=\"col\">Why, and since "
      "when</th><th scope=\"col\">Needs</th></tr></thead>\n";
  for (const auto& [adapter_name, owner] : file.adapters()) {
    fmt::format_to(std::back_inserter(text),
                   "<tbody><tr><th scope=\"rowgroup\" colspan=\"4\">{}<span>schema {}, active since "
                   "{}</span>{}</th></tr>\n",
                   of_document(adapter_name),
                   owner.schema_digest.empty() ? "not recorded" : of_document(owner.schema_digest),
                   owner.activated_at.empty() ? "no recorded time" : of_document(owner.activated_at),
                   owner.views.empty() ? "<span>no views</span>" : "");
    for (const auto& [view_name, entry] : owner.views)
      text += view_row(file, waits, view_name, entry);
    text += "</tbody>\n";
  }
  return text + "</table>\n";
}

std::string scrolling(std::string_view label, std::string_view picture) {
  return fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">\n{}</div>\n",
                     label, picture);
}

}  // namespace

std::string status_page(const lockfile& file, const std::string& document, timestamp now) {
  view_counts counts;
  for (const view_key key : file.view_keys())
    counts.add(counted_state(file, *file.find_view(key)));
  const auto as_of = format_rfc3339(now);
  const std::string shown = of_document(document);
  const drawn_graph graph = graph_picture(graph_of(file));
  std::string text = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "base-uri "
      "'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>{} – "
      "agentslock</title>\n<style>{}</style>\n</head>\n",
      shown, status_page_style);
  text += fmt::format(
      "<body>\n<header>\n<h1>{}</h1>\n<p>What is recorded as of {}: {}, {}.</p>\n{}</header>\n<main>\n",
      shown, as_of ? as_of->view() : std::string_view(), counted(file.adapters().size(), "adapter"),
      counts.total() == 0 ? "no views" : counted(counts.total(), "view"), counts_list(counts));
  if (!file.adapters().empty()) text += "<h2>Views</h2>\n" + views_table(file);
  text += "<h2>Where they stand</h2>\n" + scrolling("The state machine", machine_picture(file));
  if (!file.adapters().empty()) {
    text += "<h2>What reads from what</h2>\n" + scrolling("What reads from what", graph.picture);
    text +=
        "<p>An arrow leads from a view to an adapter that it reads from; it is dashed where the view "
        "recorded another "
        "schema than is active. Where all views of an adapter read from another, one arrow leads from the "
        "adapter.";
    text += (graph.left_out.empty() ? "" : " " + graph.left_out) + "</p>\n";
  }
  return text + "</main>\n</body>\n</html>\n";
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
