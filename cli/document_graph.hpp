// A document's views and what they read from, as a graph that several pens draw.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "agentslock/kernel/lockfile.hpp"

namespace agentslock::cli {

/// That a view reads from an adapter.
struct graph_arrow {
  /// The adapter's place in document_graph::adapters.
  std::size_t to;
  /// Whether every schema of it that the view recorded is the active one.
  bool is_current;
};

struct graph_view {
  std::string_view name;
  const view* entry;
  /// As what it counts: one that missed a bump awaits validation.
  view_state state;
  /// One for each adapter, in the order of their places.
  std::vector<graph_arrow> reads;
};

struct graph_adapter {
  std::string_view name;
  /// Null for one that is only read from.
  const adapter* entry;
  std::vector<graph_view> views;
};

/// It borrows from the lockfile.
struct document_graph {
  /// Those with an entry in byte order of their names, then those that are only read from, in that order.
  std::vector<graph_adapter> adapters;
};

/// Linear in the views and their dependencies, with the logarithm of the adapters.
[[nodiscard]] document_graph graph_of(const lockfile& file);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
