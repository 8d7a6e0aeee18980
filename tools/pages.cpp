#include "pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/io/error.hpp"
#include "agentslock/kernel/cutover.hpp"
#include "agentslock/kernel/merge.hpp"
#include "agentslock/kernel/query_gate.hpp"
#include "agentslock/kernel/reconcile_table.hpp"
#include "agentslock/kernel/transition.hpp"
#include "exit_code.hpp"
#include "graph.hpp"
#include "markdown.hpp"
#include "merge_tables.hpp"

namespace agentslock::docs {
namespace {

using docs::in_words;

std::string in_words(bool value) {
  return value ? "yes" : "no";
}

std::string in_words(gate_decision decision) {
  switch (decision) {
    case gate_decision::allowed:
      return "yes";
    case gate_decision::may_fall_through:
      return "no, but the source may be asked";
    case gate_decision::refused:
      break;
  }
  return "no";
}

/// What one event does to a view, where the rest of the row says which.
std::string in_words(step_result next) {
  if (next.outcome == step_outcome::moves) return "→ " + in_words(next.to);
  return (is_refusal(next.outcome) ? "refused: " : "") + std::string(name(next.outcome));
}

std::string trigger_in_words(const transition& edge) {
  if (!edge.trigger.ends_with(':')) return quoted(edge.trigger);
  return fmt::format("`{0}NAME`, or `{0}NAME@VERSION` when the version is known", edge.trigger);
}

/// Every state with every event.
std::string cell_table() {
  row heading{"event"};
  for (std::size_t state = 0; state < view_state_count; ++state)
    heading.push_back(in_words(static_cast<view_state>(state)));
  std::vector<row> rows;
  for (std::size_t i = 0; i < view_event_count; ++i) {
    const auto event = static_cast<view_event>(i);
    row& cells = rows.emplace_back(row{std::string(name(event))});
    for (std::size_t state = 0; state < view_state_count; ++state)
      cells.push_back(in_words(step(static_cast<view_state>(state), event)));
  }
  return markdown(heading, rows);
}

std::string query_gate_table() {
  std::vector<row> rows;
  for (const gate_row& one : gate_table) {
    const std::string_view which = one.recorded == row_records::outdated ? ", missed a bump" : "";
    rows.push_back({in_words(one.state).append(which), in_words(one.decision),
                    in_words(one.decision_when_opted_in), std::string(one.reason),
                    std::string(one.unblocked_by)});
  }
  return markdown(
      {"status", "may be queried", "when the caller opted in to the source", "why not", "what unblocks it"},
      rows);
}

std::string dependents_table() {
  std::vector<row> rows;
  for (const cutover_row& one : cutover_table) {
    rows.push_back({in_words(one.state), in_words(one.frozen_first), in_words(one.judged),
                    in_words(one.verdict_is_event)});
  }
  return markdown(
      {"status of the dependent", "frozen first", "judged by the validator", "the verdict moves it"}, rows);
}

/// The rows of the machine in which a view moves.
std::vector<transition> edges() {
  std::vector<transition> moves;
  std::ranges::copy_if(transition_table, std::back_inserter(moves),
                       [](const transition& one) { return one.outcome == step_outcome::moves; });
  return moves;
}

}  // namespace

std::string transition_table_in_words() {
  std::vector<row> rows;
  for (const transition& edge : edges())
    rows.push_back(
        {in_words(edge.from), std::string(name(edge.cause)), in_words(edge.to), trigger_in_words(edge)});
  for (const transition& one : transition_table) {
    if (one.outcome != step_outcome::stays) continue;
    rows.push_back({in_words(one.from), std::string(name(one.cause)), in_words(one.to),
                    "none: no transition, only `last_validation_at` moves"});
  }
  return markdown({"from", "event", "to", "trigger text in the audit log"}, rows);
}

std::string reconciliation_table_in_words() {
  row heading{"recorded status"};
  for (std::size_t i = 0; i < observation_count; ++i) {
    const auto seen = static_cast<observation>(i);
    heading.push_back(std::string(name(seen)) +
                      (seen == observation::consistent ? " (present, digest equal)" : ""));
  }
  std::vector<row> rows;
  for (const reconcile_row& one : reconcile_table) {
    row& cells =
        rows.emplace_back(row{is_status(one.recorded) ? in_words(one.recorded) : "unrecognised or empty"});
    for (reconcile_action action : one.actions)
      cells.emplace_back(name(action));
  }
  return markdown(heading, rows);
}

std::string exit_codes_in_words() {
  std::vector<row> rows;
  for (const cli::exit_code_row& one : cli::exit_code_table())
    rows.push_back({fmt::format("{}", static_cast<int>(one.code)), std::string(one.meaning)});
  return markdown({"exit status", "meaning"}, rows);
}

std::string state_machine_page() {
  return fmt::format(
      R"(<!-- {} -->

# The state machine of a view

```mermaid
{}```

The same picture as files: [state-machine.dot](state-machine.dot), [state-machine.mmd](state-machine.mmd).

## Transitions

{}
## Every cell

No event does anything that does not stand here. What is refused changes nothing.

{}
## Reconciliation

What is recorded, held against what the store has. An empty digest equals none.

{}
## Query gate

{}
## Cutover

What happens to the views that read from an adapter when it gets another schema. Where the verdict does not move a view,
a pass keeps its status and a failure keeps the adapter from being activated; a view that is not judged must be reconciled
first.

{}
## Merging

What becomes of a view by what two branches did to it since the base. One that is made of both, or held back, has the more cautious of
the two statuses, in the order {}; and it is at least what stands below. Whatever the log then lacks to end in the result's status is one item with the trigger
`{}`. That is no transition: it never leads to `ready`, nor to a less cautious status than one that a side changed the view to.

{}
{})",
      origin, cli::machine_graph(cli::graph_form::mermaid), transition_table_in_words(), cell_table(),
      reconciliation_table_in_words(), query_gate_table(), dependents_table(), caution_in_words(),
      merge_trigger, merge_rule_table(), merge_floor_list());
}

std::string errors_page() {
  std::vector<row> errors;
  for (const errc_row& one : errc_table()) {
    errors.push_back({quoted(one.name), std::string(one.meaning), std::string(one.on_disk),
                      fmt::format("{}", static_cast<int>(cli::code_for(one.code)))});
  }
  std::vector<row> refusals;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(refusal_code::presence_unknown); ++i)
    refusals.push_back({quoted(name(static_cast<refusal_code>(i)))});
  return fmt::format(
      R"(<!-- {} -->

# Errors

{}
## Refusals

What the kernel may say no to. In an error with the code `refused` this tells which.

{})",
      origin, markdown({"code", "meaning", "what the document's file holds then", "exit status"}, errors),
      markdown({"refusal"}, refusals));
}

std::string exit_codes_page() {
  return fmt::format(R"(<!-- {} -->

# Exit statuses

The same for every command. Where several apply, the one that stands first counts.

{})",
                     origin, exit_codes_in_words());
}

std::string state_machine_dot() {
  return fmt::format("// {}\n{}", origin, cli::machine_graph(cli::graph_form::dot));
}

std::string state_machine_mermaid() {
  return fmt::format("%% {}\n{}", origin, cli::machine_graph(cli::graph_form::mermaid));
}

}  // namespace agentslock::docs
// SPDX-License-Identifier: Apache-2.0
