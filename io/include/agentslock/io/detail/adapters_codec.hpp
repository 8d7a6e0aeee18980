/// The `adapters` section: JSON text to a lockfile and back, changing only what changed.
///
/// Decoding is one validating pass; texts without escapes are borrowed from the document. Encoding compares and
/// edits: an adapter, a view, a member or a list item that did not change keeps its bytes, and members that we
/// do not know keep theirs in every object that remains.
///
///     auto section = decode_adapters(text, name_at, value_at);
///     auto frozen = section->file.mark_dependee_bumped("crg", now);
///     encode_adapters(into, layout, section->index, section->file);
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/json_splice.hpp"
#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/io/detail/json_walk.hpp"
#include "agentslock/io/text_buffer.hpp"
#include "agentslock/kernel/lockfile.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// Where the entries of a section stand in the text.
struct adapters_index {
  struct view_place {
    std::string_view name;
    /// From the name to the value's end, and where the value begins.
    text_span whole;
    std::size_t value_at;
  };
  struct adapter_place {
    std::string_view name;
    text_span whole;
    std::size_t value_at;
    /// `materialized_views`, when it is an object: its name's begin, and its value.
    std::size_t views_name_at;
    text_span views_value;
    /// Its views are views[first_view .. first_view + view_count).
    std::size_t first_view;
    std::size_t view_count;
  };
  /// Where the section's name begins, and its value, brackets included; the value is empty when it is null.
  std::size_t name_at = 0;
  text_span value;
  /// In the order of the text.
  std::vector<adapter_place> adapters;
  std::vector<view_place> views;
  /// Names that the text spells with escapes. The others are borrowed from the text.
  std::deque<std::string> escaped_names;
};

struct decoded_adapters {
  lockfile file;
  adapters_index index;
  /// Where the section's value ends.
  std::size_t end = 0;
};

/// Decodes the section whose name and value begin at these places, with one container around it.
/// Faults: what json_walker faults, and repeated_name, name_differs_in_case, wrong_type, whose text names the
/// place as a JSON pointer.
/// Linear; the lockfile keeps the text alive. While `arrival` is given, the text is still being read.
[[nodiscard]] json_result<decoded_adapters> decode_adapters(const text_buffer& text, std::size_t name_at,
                                                            std::size_t value_at,
                                                            text_arrival* arrival = nullptr);

/// Adds the edits that make the section of `into`'s text, as decoded in `index`, say what `wanted` says.
/// When `wanted` was decoded from this very text, its entries know whether they changed; otherwise they are compared
/// with `before`, which is what the text says.
/// Precondition: the section's value is an object; `before` is given, or `wanted` was decoded from this very text.
void encode_adapters(splice& into, const json_layout& layout, const adapters_index& index,
                     const lockfile& wanted, const lockfile* before = nullptr);

/// A whole section as new text: members in the schema's order, those that may be left out when empty left out.
void write_adapters(json_writer& write, const lockfile& file);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
