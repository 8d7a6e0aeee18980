#include "pass_report.hpp"

#include "shortened.hpp"

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
  const exit_code code = code_for_states([&](view_state state) { return pass.count(state); });
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
}

void add_counts(json_report& json, const reconciled& pass) {
  json.write().name("views");
  json.write().begin_object();
  for (view_state state : recorded_states) {
    if (is_status(state)) json.number(spelling(status_of(state)), pass.count(state));
  }
  json.write().end_object();
}

}  // namespace agentslock::cli
