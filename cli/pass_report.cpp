#include "pass_report.hpp"

#include <fmt/format.h>

#include "shortened.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

void add_views(json_report& json, std::string_view name, const std::vector<named_view>& views) {
  json.write().name(name);
  json.write().begin_array();
  for (const named_view& one : views)
    json.view({one.adapter, one.view});
  json.write().end_array();
}

}  // namespace

exit_code code_for(const reconciled& pass) {
  const exit_code code = code_for(view_counts(pass.by_state));
  return code == exit_code::fine && !pass.changes.empty() ? exit_code::not_ready : code;
}

void add_findings(json_report& json, const reconciled& pass) {
  json_writer& write = json.write();
  write.name("changes");
  write.begin_array();
  for (const auto& change : pass.changes) {
    write.begin_object();
    json.text("adapter", shortened(change.key.adapter));
    json.text("view", shortened(change.key.view));
    json.text("from", change.from);
    json.text("to", spelling(change.to));
    json.text("reason", change.reason);
    if (!change.dependee.empty()) json.text("missed_bump", shortened(change.dependee));
    write.end_object();
  }
  write.end_array();
  add_views(json, "validation_due", pass.validation_due);
  add_views(json, "gates_shut", pass.gates_shut);
  write.name("missing_dependees");
  write.begin_array();
  for (const missing_dependee& one : pass.missing_dependees) {
    write.begin_object();
    json.text("adapter", shortened(one.adapter));
    json.text("view", shortened(one.view));
    json.text("dependee", shortened(one.dependee));
    write.end_object();
  }
  write.end_array();
}

std::string notes_on(const std::vector<missing_dependee>& missing) {
  std::string text;
  for (const missing_dependee& one : missing) {
    text += fmt::format(
        "  note: {} reads from {}, which is not in this document: nobody can say whether its schema "
        "changed\n",
        printable(to_string(view_key{one.adapter, one.view})), printable(one.dependee));
  }
  return text;
}

void add_counts(json_report& json, const view_counts& counts) {
  json.write().name("views");
  json.write().begin_object();
  for (view_state state : recorded_states) {
    if (is_status(state)) json.number(spelling(status_of(state)), counts.of(state));
  }
  json.write().end_object();
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
