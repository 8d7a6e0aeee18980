// Pictures as text, in DOT (Graphviz) or Mermaid: the state machine, and a document's views with what they read from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agentslock/kernel/lockfile.hpp"
#include "agentslock/kernel/transition.hpp"

namespace agentslock::cli {

enum class graph_form : std::uint8_t { dot, mermaid };

/// The rows of the machine in which a view moves.
[[nodiscard]] std::vector<transition> machine_edges();

/// A state's name where only letters and underscores are allowed.
[[nodiscard]] std::string identifier(view_state state);

/// The state machine of a view: every edge of its table.
[[nodiscard]] std::string machine_graph(graph_form form);

/// Each adapter with its views, in the colour of their status, and an arrow from a view to each adapter that it reads from:
/// dashed where the schema that it recorded is not the active one. An adapter that is only read from is there too. Names
/// are made fit for a terminal, and long ones are cut.
/// Linear in the views and their dependencies, with the logarithm of the adapters.
[[nodiscard]] std::string views_graph(const lockfile& file, graph_form form);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
