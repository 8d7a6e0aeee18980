// The state machine as a picture, with a document's views in it.
#pragma once

#include <string>

#include "agentslock/kernel/lockfile.hpp"

namespace agentslock::cli {

/// An SVG element: a box for each state with how many views are in it and the first of their names, and an arrow for each edge
/// of the machine's table. A view that missed a bump counts as awaiting validation.
/// Linear in the views.
[[nodiscard]] std::string machine_picture(const lockfile& file);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
