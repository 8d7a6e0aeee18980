/// The laws of reading and writing JSON text and the `adapters` section.
#pragma once

#include <string>
#include <string_view>

#include "agentslock/io/detail/adapters_codec.hpp"
#include "agentslock/io/error.hpp"
#include "law.hpp"

namespace agentslock::laws {

/// A quoted text says the text again, and is spelt as the Go tool spells it.
[[nodiscard]] breach a_quoted_text_says_the_text(std::string_view text);
/// A whole section that was written from a value is read as that value.
[[nodiscard]] breach reading_a_written_section_gives_the_value(const lockfile& file);
/// Every prefix of a document that ends before the document's last brace is refused, and with a place inside of it.
[[nodiscard]] breach every_prefix_of_a_document_is_refused(std::string_view document);
/// A text that is parsed while it arrives, line by line, is taken exactly when the whole one is, and says the same; one that
/// stops arriving is refused.
[[nodiscard]] breach an_arriving_document_is_the_whole_one(std::string_view document);
/// A document with one thing wrong is refused for just that.
[[nodiscard]] breach a_near_miss_is_refused(std::string_view document, errc expected);
/// The strict reader takes exactly what the plain reader of json_tree.hpp takes, for a text that has no adapters; but for
/// numbers and nesting beyond the strict reader's limits.
[[nodiscard]] breach two_readers_of_json_agree(std::string_view value);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
