/// Text, edits, text: how a document is changed without touching a byte that does not change.
///
/// A `splice` is a text and a list of edits over it. One mechanism serves the document, an adapter, a view and
/// a list alike: `edit_container` turns "these items stay, these are new" into edits. Nothing here touches a
/// file; the result can be written from where its pieces lie.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/io/detail/json_walk.hpp"
#include "agentslock/io/text_buffer.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// Replaces the bytes of a span with a text. An empty span inserts.
struct text_edit {
  text_span span;
  std::string text;
};

/// A text with edits over it.
class splice {
 public:
  splice() = default;
  explicit splice(text_buffer base) : base_(std::move(base)) {}

  [[nodiscard]] const text_buffer& base() const noexcept { return base_; }

  /// Adds an edit. Edits may come in any order but must not overlap; insertions at one place keep their order.
  /// An edit that replaces bytes by the same bytes is dropped.
  void replace(text_span span, std::string text);

  [[nodiscard]] bool changes_nothing() const noexcept { return edits_.empty(); }
  /// The edits in order of their place.
  [[nodiscard]] std::vector<text_edit> edits() const;
  /// The new text's pieces in order, borrowed from the base and the edits: unchanged runs are not copied.
  [[nodiscard]] std::vector<std::string_view> pieces() const;
  /// The new text's size in bytes.
  [[nodiscard]] std::size_t size() const noexcept;
  /// The new text, in one piece.
  [[nodiscard]] text_buffer text() const;
  /// What became of one span. Precondition: no edit reaches across its edges.
  [[nodiscard]] std::string text_of(text_span span) const;

 private:
  struct by_place {
    bool operator()(text_span a, text_span b) const noexcept {
      return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    }
  };

  text_buffer base_;
  /// In order, those of one place in the order in which they came.
  std::multimap<text_span, std::string, by_place> edits_;
};

/// One item of a container as it is to be: an old one that stays, by its number, or a new one's text.
struct planned_item {
  std::optional<std::size_t> kept;
  std::string text;

  static planned_item keep(std::size_t number) { return {number, {}}; }
  static planned_item make(std::string text) { return {std::nullopt, std::move(text)}; }
};

/// How new items of one container are laid out.
struct container_layout {
  const json_layout& document;
  /// The indentation of the line that the container's owner begins on, if it begins one.
  line_indent owner;

  /// The indentation of the container's items: that of the first item, else one unit more than the owner's.
  [[nodiscard]] line_indent items(std::string_view text, const json_container& container) const;
};

/// Turns a plan into edits: removes the items that the plan leaves out, inserts the new ones, and leaves every
/// other byte.
/// Precondition: kept items stand in the plan in their old order.
void edit_container(splice& into, const json_container& container, std::span<const planned_item> plan,
                    const container_layout& layout);

/// The indentation of the line that begins at this place; nothing when something else stands before it on the line.
[[nodiscard]] line_indent indent_before(std::string_view text, std::size_t at);

/// How a document is laid out, read off its first members. An empty object says nothing: the Go tool's layout.
[[nodiscard]] json_layout detect_layout(std::string_view text, const json_container& document);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
