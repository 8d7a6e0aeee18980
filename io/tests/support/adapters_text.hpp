// Documents with an `adapters` section: decoding, and where the section stands.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agentslock/io/detail/adapters_codec.hpp"
#include "agentslock/io/detail/json_walk.hpp"
#include "agentslock/io/text_buffer.hpp"

namespace agentslock::testing {

/// Walks a whole document and decodes its `adapters` section; one that has none is a fault.
[[nodiscard]] inline json_result<decoded_adapters> decode_in(const text_buffer& document) {
  const json_walker walk(document.view());
  std::optional<decoded_adapters> section;
  const auto whole = walk.document([&](const json_string& name, std::size_t at) -> json_result<std::size_t> {
    if (name.text != "adapters") return walk.skip(at, 1);
    auto decoded = decode_adapters(document, name.span.begin, at);
    if (!decoded) return decoded.error();
    section = std::move(*decoded);
    return section->end;
  });
  if (!whole) return whole.error();
  if (!section) return json_fault{errc::invalid_argument, 0, "the document has no adapters"};
  return std::move(*section);
}

[[nodiscard]] inline json_result<decoded_adapters> decode_in(std::string_view document) {
  return decode_in(text_buffer(document));
}

/// The document with its section made to say what `change` makes of it.
template <class Change>
[[nodiscard]] std::string after(std::string_view document, Change change) {
  const text_buffer text(document);
  auto section = decode_in(text);
  if (!section) return "fault: " + section.error().what;
  change(section->file);
  splice into(text);
  const json_layout layout = detect_layout(text.view(), list_container(text.view(), 0));
  encode_adapters(into, layout, section->index, section->file);
  return std::string(into.text().view());
}

/// Makes a document's section say what another one's does.
[[nodiscard]] inline std::string made_to_say(std::string_view document, std::string_view wanted) {
  const text_buffer text(document);
  const auto old = decode_in(text);
  const auto target = decode_in(wanted);
  if (!old || !target) return "fault";
  splice into(text);
  const json_layout layout = detect_layout(text.view(), list_container(text.view(), 0));
  encode_adapters(into, layout, old->index, target->file, &old->file);
  return std::string(into.text().view());
}

/// A text with a place in it that is marked by "@@".
struct marked_text {
  std::string text;
  std::size_t at;
};

[[nodiscard]] inline marked_text marked(std::string_view with_mark) {
  const std::size_t at = with_mark.find("@@");
  return {std::string(with_mark.substr(0, at)) + std::string(with_mark.substr(at + 2)), at};
}

/// Replaces the mark by another text.
[[nodiscard]] inline marked_text filled(std::string_view with_mark, std::string_view by) {
  marked_text filled = marked(with_mark);
  filled.text.insert(filled.at, by);
  return filled;
}

/// Whether two long texts are the same; shows where they begin to differ.
[[nodiscard]] inline ::testing::AssertionResult same_text(std::string_view text, std::string_view expected) {
  if (text == expected) return ::testing::AssertionSuccess();
  const auto [here, there] = std::ranges::mismatch(text, expected);
  const auto at = static_cast<std::size_t>(here - text.begin());
  const std::size_t from = at - std::min<std::size_t>(at, 60);
  return ::testing::AssertionFailure() << "at byte " << at << " stands\n"
                                       << text.substr(from, 140) << "\nand not\n"
                                       << expected.substr(from, 140);
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
