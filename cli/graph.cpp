#include "graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "agentslock/kernel/transition.hpp"
#include "agentslock/kernel/waiting.hpp"
#include "shortened.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// The rows of the machine in which a view moves.
std::vector<transition> edges() {
  std::vector<transition> moves;
  std::ranges::copy_if(transition_table, std::back_inserter(moves),
                       [](const transition& one) { return one.outcome == step_outcome::moves; });
  return moves;
}

/// A state's name where only letters and underscores are allowed.
std::string identifier(view_state state) {
  if (!is_status(state)) return state == view_state::none ? "none" : "unrecognised";
  std::string spelt(spelling(status_of(state)));
  std::ranges::replace(spelt, '-', '_');
  return spelt;
}

std::string machine_dot() {
  std::string text = "digraph view {\n  rankdir=LR\n  node [shape=box, style=rounded]\n";
  text += "  none [shape=point]\n";
  for (view_state state : recorded_states)
    text += fmt::format("  {} [label=\"{}\"]\n", identifier(state), name(state));
  for (const transition& edge : edges())
    text += fmt::format("  {} -> {} [label=\"{}\"]\n", identifier(edge.from), identifier(edge.to),
                        name(edge.cause));
  return text + "}\n";
}

std::string machine_mermaid() {
  std::string text = "stateDiagram-v2\n";
  for (view_state state : recorded_states)
    text += fmt::format("    state \"{}\" as {}\n", name(state), identifier(state));
  for (const transition& edge : edges()) {
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
  for (const char c : printable(shortened(name))) {
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

/// The adapters' nodes, by number: those with an entry first.
using node_numbers = std::map<std::string_view, std::size_t>;

node_numbers number_adapters(const lockfile& file) {
  node_numbers numbers;
  for (const auto& [adapter_name, owner] : file.adapters())
    numbers.emplace(adapter_name, numbers.size());
  for (const auto& [adapter_name, owner] : file.adapters()) {
    for (const auto& [view_name, entry] : owner.views) {
      for (const dependency& item : entry.depends_on)
        numbers.emplace(item.adapter, numbers.size());
    }
  }
  return numbers;
}

/// Calls `tell(adapter's number, is current)` once for each adapter that a view reads from, in the order recorded.
template <class Tell>
void each_source(const waiting& waits, const node_numbers& numbers, const view& entry, Tell tell) {
  std::map<std::size_t, bool> told;
  for (const dependency& item : entry.depends_on) {
    const bool is_current = waits.record_of(item) == record_state::current;
    const auto [at, is_new] = told.emplace(numbers.at(item.adapter), is_current);
    if (!is_new) at->second = at->second && is_current;
  }
  for (const auto& [number, is_current] : told)
    tell(number, is_current);
}

std::string views_dot(const lockfile& file) {
  const waiting waits(file);
  const node_numbers numbers = number_adapters(file);
  std::string nodes;
  std::string arrows;
  std::size_t views = 0;
  for (const auto& [adapter_name, number] : numbers) {
    const adapter* const owner = file.find_adapter(adapter_name);
    const std::string shown = label(adapter_name, graph_form::dot);
    if (owner == nullptr) {
      nodes += fmt::format("  a{} [label=\"{}\", style=dashed]\n", number, shown);
      continue;
    }
    nodes += fmt::format("  subgraph cluster_{0} {{\n    a{0} [label=\"{1}\", style=bold]\n", number, shown);
    for (const auto& [view_name, entry] : owner->views) {
      const cell status = status_cell(entry.status.state(), shortened(entry.status.text()));
      nodes += fmt::format("    v{} [label=\"{}\\n{}\", style=\"rounded,filled\", fillcolor=\"{}\"]\n", views,
                           label(view_name, graph_form::dot), label(status.text, graph_form::dot),
                           fill_of(entry.status.state()));
      each_source(waits, numbers, entry, [&](std::size_t source, bool is_current) {
        arrows += fmt::format("  v{} -> a{}{}\n", views, source, is_current ? "" : " [style=dashed]");
      });
      ++views;
    }
    nodes += "  }\n";
  }
  return "digraph views {\n  rankdir=LR\n  node [shape=box]\n" + nodes + arrows + "}\n";
}

std::string views_mermaid(const lockfile& file) {
  const waiting waits(file);
  const node_numbers numbers = number_adapters(file);
  std::string nodes;
  std::string arrows;
  std::size_t views = 0;
  for (const auto& [adapter_name, number] : numbers) {
    const adapter* const owner = file.find_adapter(adapter_name);
    const std::string shown = label(adapter_name, graph_form::mermaid);
    nodes += fmt::format("    a{}[\"{}\"]{}\n", number, shown, owner == nullptr ? ":::missing" : "");
    if (owner == nullptr) continue;
    for (const auto& [view_name, entry] : owner->views) {
      const view_state state = entry.status.state();
      const cell status = status_cell(state, shortened(entry.status.text()));
      nodes += fmt::format("    v{}([\"{}/{}<br>{}\"]):::{}\n", views, shown,
                           label(view_name, graph_form::mermaid), label(status.text, graph_form::mermaid),
                           identifier(state));
      each_source(waits, numbers, entry, [&](std::size_t source, bool is_current) {
        arrows += fmt::format("    v{} {} a{}\n", views, is_current ? "-->" : "-.->", source);
      });
      ++views;
    }
  }
  std::string classes = "    classDef missing stroke-dasharray: 4\n";
  for (const view_state state : recorded_states)
    classes += fmt::format("    classDef {} fill:{}\n", identifier(state), fill_of(state));
  return "flowchart LR\n" + nodes + arrows + classes;
}

}  // namespace

std::string machine_graph(graph_form form) {
  return form == graph_form::dot ? machine_dot() : machine_mermaid();
}

std::string views_graph(const lockfile& file, graph_form form) {
  return form == graph_form::dot ? views_dot(file) : views_mermaid(file);
}

}  // namespace agentslock::cli
