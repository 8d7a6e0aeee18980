#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "commands.hpp"
#include "document_kinds.hpp"
#include "input.hpp"
#include "page_file.hpp"
#include "pass_report.hpp"
#include "table.hpp"

namespace agentslock::cli {
namespace {

/// A place, and the documents that are kept there.
struct opened_place {
  keyed_place at;
  std::unique_ptr<keyed_documents> all;
};

result<opened_place> open_place(const documents_options& what) {
  const auto at = read_keyed_place(what.place);
  if (!at) return at.error();
  auto all = at->kind->open();
  if (!all) return all.error();
  return opened_place{*at, std::move(*all)};
}

/// A document's lines, as a terminal may be sent them.
std::string lines_for_terminal(std::string_view bytes) {
  std::string shown;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    shown += printable(bytes.substr(0, end)) + "\n";
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return shown;
}

std::string size_in_words(std::size_t size_bytes) {
  return counted(size_bytes, "byte");
}

}  // namespace

outcome_report run_documents_init(const common_options&, const documents_options& what) {
  const auto place = open_place(what);
  if (!place) return report_error(place.error());
  const std::string word(place->at.kind->word);
  if (!place->at.key.empty()) {
    return report_error(error(errc::invalid_argument,
                              fmt::format("init takes {} alone: what it makes is for all keys", word)));
  }
  const auto made = place->all->init();
  if (!made) return report_error(made.error());
  json_report json;
  json.text("place", word);
  json.write().name("made");
  json.write().begin_array();
  for (const std::string& one : *made)
    json.write().string(one);
  json.write().end_array();
  json.text("privileges", place->all->privileges());
  const std::string head =
      made->empty() ? "all that documents need is there" : fmt::format("made {}", fmt::join(*made, " and "));
  return {exit_code::fine,
          fmt::format("{}: {}\n  a role needs: {}\n", place->at.kind->engine, head, place->all->privileges()),
          std::move(json).finish()};
}

outcome_report run_documents_list(const common_options&, const documents_options& what) {
  const auto place = open_place(what);
  if (!place) return report_error(place.error());
  const auto listed = place->all->list(place->at.key);
  if (!listed) return report_error(listed.error());
  json_report json;
  json.text("place", what.place);
  json.write().name("documents");
  json.write().begin_array();
  std::vector<std::vector<cell>> rows;
  for (const listed_document& one : *listed) {
    const std::string name = fmt::format("{}{}", place->at.kind->word, one.key);
    json.write().begin_object();
    json.text("document", name);
    json.number("revision", static_cast<std::size_t>(one.revision));
    if (one.size_bytes) {
      json.number("size_bytes", *one.size_bytes);
    } else {
      json.text_or_null("size_bytes", {});
    }
    json.text_or_null("changed_at", one.changed_at);
    json.write().end_object();
    rows.push_back({{name},
                    {fmt::format("revision {}", one.revision)},
                    {one.size_bytes ? size_in_words(*one.size_bytes) : std::string()},
                    {one.changed_at}});
  }
  json.write().end_array();
  std::string text = fmt::format("{}: {}\n", printable(what.place), counted(listed->size(), "document"));
  text += table(rows, wants_colour(stdout));
  return {exit_code::fine, std::move(text), std::move(json).finish()};
}

outcome_report run_documents_get(const common_options& common, const documents_options& what) {
  if (common.json && what.file.empty()) {
    return report_error(
        error(errc::invalid_argument, "name the FILE: with --json standard output is for the report"));
  }
  const auto place = open_place(what);
  if (!place) return report_error(place.error());
  const auto stored = place->all->document(place->at.key)->read();
  if (!stored) return report_error(stored.error());
  if (!stored->exists) return report_error(missing_document(what.place));
  const std::string_view bytes = stored->text.view();
  if (what.file.empty()) {
    return {
        exit_code::fine, ::isatty(STDOUT_FILENO) != 0 ? lines_for_terminal(bytes) : std::string(bytes), {}};
  }
  if (const auto written = write_page(what.file, bytes, {}); !written) return report_error(written.error());
  json_report json;
  json.text("document", what.place);
  json.text("file", what.file);
  json.number("size_bytes", bytes.size());
  return {exit_code::fine,
          fmt::format("{}: {}, in {}\n", printable(what.place), size_in_words(bytes.size()),
                      printable(what.file)),
          std::move(json).finish()};
}

outcome_report run_documents_put(const common_options&, const documents_options& what) {
  const auto place = open_place(what);
  if (!place) return report_error(place.error());
  const auto bytes = read_input(what.file);
  if (!bytes) return report_error(bytes.error());
  const auto done = place->all->put(place->at.key, bytes->view());
  if (!done) return report_error(done.error());
  json_report json;
  json.text("document", what.place);
  json.number("size_bytes", bytes->view().size());
  return {exit_code::fine,
          fmt::format("{}: has {} now\n", printable(what.place), size_in_words(bytes->view().size())),
          std::move(json).finish()};
}

outcome_report run_documents_delete(const common_options&, const documents_options& what) {
  const auto place = open_place(what);
  if (!place) return report_error(place.error());
  const auto was_there = place->all->remove(place->at.key);
  if (!was_there) return report_error(was_there.error());
  if (!*was_there) return report_error(missing_document(what.place));
  json_report json;
  json.text("document", what.place);
  return {exit_code::fine, fmt::format("{}: was taken away\n", printable(what.place)),
          std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
