// A version of a document that a merge has read; private to the io layer.
#pragma once

#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "agentslock/io/text_buffer.hpp"
#include "agentslock/kernel/lockfile.hpp"
#include "member_merge.hpp"

namespace agentslock {

/// A version that can be merged by its members. `top` borrows `text` and `entries`.
struct parsed_version {
  text_buffer text;
  /// The adapters section, its entries and what holds their views, in the order of the text: from the name to the value's end.
  std::vector<text_span> entries;
  object_version top;
  lockfile file;
};

/// Reads a version. Errors: those of `lock_document::parse`, and a lock_version that we don't know; `into` is then of no use.
[[nodiscard]] result<> parse_version(parsed_version& into, text_buffer text);

/// The outermost object of a valid document; it borrows the text.
[[nodiscard]] object_version top_of(std::string_view text, std::span<const text_span> known = {});

[[nodiscard]] bool has_crlf(std::string_view text) noexcept;

/// A text with its line endings: a raw line end stands in no JSON string.
[[nodiscard]] std::string with_newlines(std::string_view text, bool crlf);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
