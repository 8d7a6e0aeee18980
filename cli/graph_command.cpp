#include "commands.hpp"
#include "graph.hpp"

namespace agentslock::cli {
namespace {

outcome_report report(std::string_view what, std::string_view form, const std::string& graph) {
  json_report json;
  json.text("what", what);
  json.text("form", form);
  json.text("graph", graph);
  return {exit_code::fine, graph, std::move(json).finish()};
}

graph_form form_of(std::string_view word) {
  return word == "mermaid" ? graph_form::mermaid : graph_form::dot;
}

}  // namespace

outcome_report run_machine_graph(const std::string& form) {
  return report("machine", form, machine_graph(form_of(form)));
}

outcome_report run_views_graph(const common_options& common, const std::string& form) {
  const auto loaded = load_existing(document_of(common));
  if (!loaded) return report_error(loaded.error());
  return report("views", form, views_graph(loaded->file(), form_of(form)));
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
