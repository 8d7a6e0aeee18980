// Members that are not ours in the items of a view's lists, which a merge may not lose; private to the io layer.
#pragma once

#include "member_merge.hpp"

namespace agentslock {

/// Whether an item of a view's dependencies or of its log has a member that is not ours.
[[nodiscard]] bool has_items_of_others(const object_version& entry);

/// Whether a merged entry holds, byte for byte, each such item that both sides have, and each that a side has and the base has not.
/// Merged lists are written from what we know of their items: of a list that both sides changed it is not said to hold any, whichever
/// side's text was edited. Symmetric in the sides. Quadratic in the length of the lists.
[[nodiscard]] bool keeps_items_of_others(const three_objects& versions, const object_version& merged);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
