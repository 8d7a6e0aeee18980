// Putting conflict marks around an entry of a document; private to the io layer.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/detail/json_fault.hpp"
#include "agentslock/io/merge_document.hpp"

namespace agentslock {

/// An entry that a person must choose: its name and value as each version has it; nothing where it is removed.
struct entry_versions {
  std::optional<std::string> base;
  std::optional<std::string> ours;
  std::optional<std::string> theirs;
};

/// Where an entry stands with the lines that are its own, and what is to stand there.
struct marked_entry {
  text_span span;
  std::string text;
};

/// The entry at `whole` in a document, with conflict marks around both versions. Marks stand on lines of their own; the comma
/// that an entry has stands within.
/// With `lines` the marks are those that the merge of lines sets, if it sets some.
[[nodiscard]] result<marked_entry> mark_entry(std::string_view document, text_span whole,
                                              const entry_versions& versions, std::size_t mark_size,
                                              std::string_view newline, line_merge* lines);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
