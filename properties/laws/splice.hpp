/// The laws of editing text: what no edit touches stays, and a container ends up with the items that were planned.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "agentslock/io/detail/json_splice.hpp"
#include "law.hpp"

namespace agentslock::laws {

using splice_law = named_law<const splice&>;
[[nodiscard]] std::span<const splice_law> splice_laws() noexcept;

/// The new text is the old one with each edit's bytes exchanged, read off the list of edits one by one.
[[nodiscard]] breach bytes_outside_the_edits_are_identical(const splice& edited);
/// Edits come in order, do not overlap, and each changes something.
[[nodiscard]] breach edits_are_in_order_and_change_something(const splice& edited);
/// The pieces, the text and the size are of one text; a splice without edits is its base.
[[nodiscard]] breach pieces_text_and_size_agree(const splice& edited);
/// What became of the whole base is the new text.
[[nodiscard]] breach the_text_of_everything_is_the_text(const splice& edited);

/// One edit of a container: the document, where the container begins in it, and the plan.
struct container_change {
  std::string document;
  std::size_t container_at = 0;
  std::vector<planned_item> plan;
};

/// Afterwards the document is well formed, the container has the planned items in their order, those that were kept
/// with their bytes, and everything around it stays.
[[nodiscard]] breach a_container_has_the_planned_items(const container_change& change);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
