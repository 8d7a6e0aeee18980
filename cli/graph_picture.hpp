// What reads from what, as a picture.
#pragma once

#include <string>

#include "document_graph.hpp"

namespace agentslock::cli {

struct drawn_graph {
  /// An SVG element.
  std::string picture;
  /// What the picture leaves out, for people; empty when it shows all.
  std::string left_out;
};

/// A card for each adapter with its views in it, and an arrow from each view to the adapters that it reads from, dashed where the
/// view recorded another schema. What all views of an adapter read from, three at least, gets one arrow from the card. Cards stand to the left of what they read from. Of an adapter with many views the first
/// are shown, those that are not ready before the others, and the rest is one row; of many adapters the first 40.
/// Linear in the views and their arrows.
[[nodiscard]] drawn_graph graph_picture(const document_graph& graph);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
