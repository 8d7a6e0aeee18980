// Which documents must be taken, said plainly over a tree: what adapters_codec.hpp and lock_document.hpp promise, as a
// predicate. It judges what the strict reader refuses, as the twins judge what it says.
#pragma once

#include <string_view>

#include "../properties/laws/law.hpp"

namespace agentslock::fuzz {

/// A document is taken exactly when it is one JSON object without repeated names, not too deep, and its adapters have
/// the form that they must have; a refusal has a place in the text. A number that is out of range is not judged.
[[nodiscard]] laws::breach a_document_is_taken_exactly_when_it_is_one(std::string_view text);

/// What is read off a document that is taken is what the plain reader reads: sections, inputs_digest, adapters.
[[nodiscard]] laws::breach a_document_says_what_the_plain_reader_says(std::string_view text);

/// Each adapter's and view's place in a document that is taken is where its name stands.
[[nodiscard]] laws::breach every_entry_stands_where_it_is_said_to(std::string_view text);

}  // namespace agentslock::fuzz
// SPDX-License-Identifier: Apache-2.0
