// SARIF 2.1.0: one log with one run, a line a result.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "agentslock/io/digest.hpp"
#include "findings_form.hpp"
#include "json_report.hpp"
#include "project_path.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// A path as the path of a URI, byte for byte.
std::string as_uri(const project_path& where) {
  std::string uri = where.is_below ? "" : "file://";
  for (const char c : where.path) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          std::string_view("-._~/").find(c) != std::string_view::npos;
    if (is_plain) {
      uri += c;
    } else {
      fmt::format_to(std::back_inserter(uri), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

std::string_view level_of(const finding_rule_row& rule) noexcept {
  return rule.is_failure ? "error" : "note";
}

void text_member(json_writer& write, std::string_view name, std::string_view text) {
  write.name(name);
  write.string(text);
}

void number_member(json_writer& write, std::string_view name, std::size_t number) {
  write.name(name);
  write.value(std::to_string(number));
}

void message(json_writer& write, std::string_view name, std::string_view text) {
  write.name(name);
  write.begin_object();
  text_member(write, "text", text);
  write.end_object();
}

/// The same for the same finding wherever its entry stands: what a host tells a new one by.
std::string fingerprint(const finding& one) {
  std::string parts(row_of(one.rule).id);
  for (const std::string_view part : {std::string_view(one.key.adapter), std::string_view(one.key.view)})
    parts.append(fmt::format(" {}:", part.size())).append(part);
  return digest(parts);
}

void location(json_writer& write, const project_path& where, const finding& one) {
  write.begin_object();
  write.name("physicalLocation");
  write.begin_object();
  write.name("artifactLocation");
  write.begin_object();
  text_member(write, "uri", as_uri(where));
  if (where.is_below) text_member(write, "uriBaseId", "%SRCROOT%");
  write.end_object();
  write.name("region");
  write.begin_object();
  number_member(write, "startLine", one.place ? one.place->begin.line : 1);
  if (one.place) {
    number_member(write, "startColumn", one.place->begin.column);
    number_member(write, "endLine", one.place->end.line);
    number_member(write, "endColumn", one.place->end.column);
  }
  write.end_object();
  write.end_object();
  if (one.about != finding::subject::document) {
    write.name("logicalLocations");
    write.begin_array();
    write.begin_object();
    text_member(write, "fullyQualifiedName", printable(subject_of(one), charset::utf8));
    write.end_object();
    write.end_array();
  }
  write.end_object();
}

std::string result_of(const project_path& where, const finding& one) {
  const finding_rule_row& rule = row_of(one.rule);
  json_writer write(layout_of(json_form::one_line), std::nullopt);
  write.begin_object();
  text_member(write, "ruleId", rule.id);
  number_member(write, "ruleIndex", static_cast<std::size_t>(rule.rule));
  text_member(write, "level", level_of(rule));
  message(write, "message", sentence_of(one));
  write.name("locations");
  write.begin_array();
  location(write, where, one);
  write.end_array();
  write.name("partialFingerprints");
  write.begin_object();
  text_member(write, "agentslockEntry/v1", fingerprint(one));
  write.end_object();
  write.end_object();
  return std::move(write).text();
}

std::string sarif_items(const document_findings& found) {
  const project_path where = path_in_project(found.document);
  std::string text;
  for (const finding& one : found.findings)
    text += (text.empty() ? "" : ",\n") + result_of(where, one);
  return text;
}

std::string sarif_head() {
  json_writer write(layout_of(json_form::one_line), std::nullopt);
  write.begin_object();
  write.name("driver");
  write.begin_object();
  text_member(write, "name", "agentslock");
  text_member(write, "version", AGENTSLOCK_VERSION);
  write.name("rules");
  write.begin_array();
  for (const finding_rule_row& rule : finding_rules()) {
    write.begin_object();
    text_member(write, "id", rule.id);
    message(write, "shortDescription", rule.what);
    write.name("defaultConfiguration");
    write.begin_object();
    text_member(write, "level", level_of(rule));
    write.end_object();
    write.end_object();
  }
  write.end_array();
  write.end_object();
  write.end_object();
  return "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
         "sarif-schema-2.1.0.json\",\n"
         "\"version\":\"2.1.0\",\n\"runs\":[{\"tool\":" +
         std::move(write).text() + ",\n\"columnKind\":\"unicodeCodePoints\",\n\"results\":[\n";
}

std::string sarif_tail(const findings_summary& all) {
  const bool looked =
      all.code == exit_code::fine || all.code == exit_code::not_ready || all.code == exit_code::blocked;
  return fmt::format("],\n\"invocations\":[{{\"executionSuccessful\":{},\"exitCode\":{}}}]}}]}}\n", looked,
                     static_cast<int>(all.code));
}

}  // namespace

const findings_form sarif_findings{sarif_head, "", ",\n", sarif_items, sarif_tail};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
