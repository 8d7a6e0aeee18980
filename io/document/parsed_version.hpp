// A version of a document that a merge has read; private to the io layer.
#pragma once

#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "agentslock/kernel/lockfile.hpp"
#include "member_merge.hpp"

namespace agentslock {

/// A version that can be merged by its members. `top` borrows `text`.
struct parsed_version {
  std::string text;
  object_version top;
  lockfile file;
};

/// Reads a version. Errors: those of `lock_document::parse`, and a lock_version that we don't know; `into` is then of no use.
[[nodiscard]] result<> parse_version(parsed_version& into, std::string text);

/// The outermost object of a valid document; it borrows the text.
[[nodiscard]] object_version top_of(std::string_view text);

[[nodiscard]] bool has_crlf(std::string_view text) noexcept;

/// A text with its line endings: a raw line end stands in no JSON string.
[[nodiscard]] std::string with_newlines(std::string_view text, bool crlf);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
