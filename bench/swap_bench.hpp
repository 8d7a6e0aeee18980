// A compare-and-swap of a document that is no file, against the bare statement of its engine. A row an engine and size:
// "swap/postgres/1000" is of 1,000 bytes. Another engine calls register_swaps in a source of its own, and gets a line in SWAPS
// of table.py.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "agentslock/io/document_store.hpp"

namespace agentslock::bench {

/// What is measured, on connections that stand. Two documents, so that neither's statement waits for the other's.
struct swap_pair {
  std::shared_ptr<const document_store> ours;
  /// Compares what it put there last and puts these bytes there. Aborts where that fails.
  std::function<void(std::string_view bytes)> bare;
};

/// Registers the rows of an engine. `make` is called when they are run, and once for each.
bool register_swaps(const std::string& engine, swap_pair (*make)());

}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
