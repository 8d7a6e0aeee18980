#include "graph.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "document_graph.hpp"
#include "shortened.hpp"
#include "table.hpp"

namespace agentslock::cli {
namespace {

std::string machine_dot() {
  std::string text = "digraph view {\n  rankdir=LR\n  node [shape=box, style=rounded]\n";
  text += "  none [shape=point]\n";
  for (view_state state : recorded_states)
    text += fmt::format("  {} [label=\"{}\"]\n", identifier(state), name(state));
  for (const transition& edge : machine_edges())
    text += fmt::format("  {} -> {} [label=\"{}\"]\n", identifier(edge.from), identifier(edge.to),
                        name(edge.cause));
  return text + "}\n";
}

std::string machine_mermaid() {
  std::string text = "stateDiagram-v2\n";
  for (view_state state : recorded_states)
    text += fmt::format("    state \"{}\" as {}\n", name(state), identifier(state));
  for (const transition& edge : machine_edges()) {
    text += fmt::format("    {} --> {}: {}\n", edge.from == view_state::none ? "[*]" : identifier(edge.from),
                        identifier(edge.to), name(edge.cause));
  }
  return text;
}

/// What a node is filled with.
std::string_view fill_of(view_state state) noexcept {
  switch (colour_of(state)) {
    case colour::green:
      return "#c8e6c9";
    case colour::blue:
      return "#bbdefb";
    case colour::yellow:
      return "#fff59d";
    case colour::red:
      return "#ffcdd2";
    case colour::dim:
    case colour::none:
      break;
  }
  return "#eeeeee";
}

/// A name as a label, with what ends or changes a label replaced.
std::string label(std::string_view name, graph_form form) {
  std::string text;
  for (const char c : printable(shortened(name), charset::utf8)) {
    if (form == graph_form::dot) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    } else if (std::string_view("\"#<>&`\\;").find(c) != std::string_view::npos) {
      text += fmt::format("#{};", static_cast<int>(c));
    } else {
      text += c;
    }
  }
  return text;
}

/// A view's status as its node shows it.
std::string status_label(const view& entry, graph_form form) {
  return label(status_cell(entry.status.state(), shortened(entry.status.text()), charset::utf8).text, form);
}

std::string views_dot(const document_graph& graph) {
  std::string nodes;
  std::string arrows;
  std::size_t views = 0;
  for (std::size_t at = 0; at < graph.adapters.size(); ++at) {
    const graph_adapter& owner = graph.adapters[at];
    const std::string shown = label(owner.name, graph_form::dot);
    if (owner.entry == nullptr) {
      nodes += fmt::format("  a{} [label=\"{}\", style=dashed]\n", at, shown);
      continue;
    }
    nodes += fmt::format("  subgraph cluster_{0} {{\n    a{0} [label=\"{1}\", style=bold]\n", at, shown);
    for (const graph_view& one : owner.views) {
      nodes += fmt::format("    v{} [label=\"{}\\n{}\", style=\"rounded,filled\", fillcolor=\"{}\"]\n", views,
                           label(one.name, graph_form::dot), status_label(*one.entry, graph_form::dot),
                           fill_of(one.entry->status.state()));
      for (const graph_arrow& arrow : one.reads)
        arrows += fmt::format("  v{} -> a{}{}\n", views, arrow.to, arrow.is_current ? "" : " [style=dashed]");
      ++views;
    }
    nodes += "  }\n";
  }
  return "digraph views {\n  rankdir=LR\n  node [shape=box]\n" + nodes + arrows + "}\n";
}

std::string views_mermaid(const document_graph& graph) {
  std::string nodes;
  std::string arrows;
  std::size_t views = 0;
  for (std::size_t at = 0; at < graph.adapters.size(); ++at) {
    const graph_adapter& owner = graph.adapters[at];
    const std::string shown = label(owner.name, graph_form::mermaid);
    nodes += fmt::format("    a{}[\"{}\"]{}\n", at, shown, owner.entry == nullptr ? ":::missing" : "");
    for (const graph_view& one : owner.views) {
      nodes +=
          fmt::format("    v{}([\"{}/{}<br>{}\"]):::{}\n", views, shown, label(one.name, graph_form::mermaid),
                      status_label(*one.entry, graph_form::mermaid), identifier(one.entry->status.state()));
      for (const graph_arrow& arrow : one.reads)
        arrows += fmt::format("    v{} {} a{}\n", views, arrow.is_current ? "-->" : "-.->", arrow.to);
      ++views;
    }
  }
  std::string classes = "    classDef missing stroke-dasharray: 4\n";
  for (const view_state state : recorded_states)
    classes += fmt::format("    classDef {} fill:{}\n", identifier(state), fill_of(state));
  return "flowchart LR\n" + nodes + arrows + classes;
}

}  // namespace

std::vector<transition> machine_edges() {
  std::vector<transition> moves;
  std::ranges::copy_if(transition_table, std::back_inserter(moves),
                       [](const transition& one) { return one.outcome == step_outcome::moves; });
  return moves;
}

std::string identifier(view_state state) {
  if (!is_status(state)) return state == view_state::none ? "none" : "unrecognised";
  std::string spelt(spelling(status_of(state)));
  std::ranges::replace(spelt, '-', '_');
  return spelt;
}

std::string machine_graph(graph_form form) {
  return form == graph_form::dot ? machine_dot() : machine_mermaid();
}

std::string views_graph(const lockfile& file, graph_form form) {
  const document_graph graph = graph_of(file);
  return form == graph_form::dot ? views_dot(graph) : views_mermaid(graph);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
