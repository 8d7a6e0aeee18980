#include "splice.hpp"

#include <array>

#include "json_tree.hpp"
#include "shown.hpp"

namespace agentslock::laws {

breach bytes_outside_the_edits_are_identical(const splice& edited) {
  // From the last to the first, so that the places of those before stay right.
  std::string expected(edited.base().view());
  const auto edits = edited.edits();
  for (auto one = edits.rbegin(); one != edits.rend(); ++one)
    expected.replace(one->span.begin, one->span.size(), one->text);
  return edited.text().view() == expected ? breach(kept) : "the text is " + shown(edited.text().view());
}

breach edits_are_in_order_and_change_something(const splice& edited) {
  std::size_t done = 0;
  for (const text_edit& one : edited.edits()) {
    if (one.span.begin < done || one.span.end < one.span.begin) return "an edit stands out of order";
    if (one.span.end > edited.base().view().size()) return "an edit reaches past the end";
    if (one.span.in(edited.base().view()) == one.text) return "an edit changes nothing";
    done = one.span.end;
  }
  return kept;
}

breach pieces_text_and_size_agree(const splice& edited) {
  std::string joined;
  for (std::string_view piece : edited.pieces())
    joined += piece;
  if (joined != edited.text().view()) return "the pieces make another text";
  if (joined.size() != edited.size()) return "the size is " + std::to_string(edited.size());
  const bool same = edited.changes_nothing() == edited.edits().empty() &&
                    (!edited.changes_nothing() || joined == edited.base().view());
  return same ? breach(kept) : "it says that nothing changes";
}

breach the_text_of_everything_is_the_text(const splice& edited) {
  const std::string all = edited.text_of({0, edited.base().view().size()});
  return all == edited.text().view() ? breach(kept) : "it is " + shown(all);
}

breach a_container_has_the_planned_items(const container_change& change) {
  splice edited{text_buffer(change.document)};
  const json_container container = list_container(change.document, change.container_at);
  const json_container whole = list_container(change.document, change.document.find('{'));
  const json_layout layout = detect_layout(change.document, whole);
  edit_container(
      edited, container, change.plan,
      {layout, layout.newline.empty() ? line_indent() : indent_before(change.document, change.container_at)});
  if (auto broken = first_broken(splice_laws(), edited)) return broken;

  const std::string after(edited.text().view());
  if (!read_json(after)) return "the document is no JSON any more: " + shown(after);
  if (after.substr(0, container.span.begin) != change.document.substr(0, container.span.begin))
    return "what stands before the container changed";
  const std::string_view rest = std::string_view(change.document).substr(container.span.end);
  if (!after.ends_with(rest)) return "what stands after the container changed";

  const json_container now = list_container(after, container.span.begin);
  if (now.items.size() != change.plan.size()) return "it has " + std::to_string(now.items.size()) + " items";
  for (std::size_t i = 0; i < now.items.size(); ++i) {
    const planned_item& planned = change.plan[i];
    const std::string_view expected = planned.kept ? container.items[*planned.kept].whole.in(change.document)
                                                   : std::string_view(planned.text);
    if (now.items[i].whole.in(after) != expected) return "item " + std::to_string(i) + " is another";
  }
  return kept;
}

namespace {

constexpr std::array all_splice_laws{
    splice_law{"bytes_outside_the_edits_are_identical", bytes_outside_the_edits_are_identical},
    splice_law{"edits_are_in_order_and_change_something", edits_are_in_order_and_change_something},
    splice_law{"pieces_text_and_size_agree", pieces_text_and_size_agree},
    splice_law{"the_text_of_everything_is_the_text", the_text_of_everything_is_the_text},
};

}  // namespace

std::span<const splice_law> splice_laws() noexcept {
  return all_splice_laws;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
