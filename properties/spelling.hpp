// How a document is spelt and laid out, decided by a seed: the same seed spells alike everywhere.
#pragma once

#include <cstdint>
#include <string>

#include "generators.hpp"
#include "laws/json_tree.hpp"

namespace agentslock::properties {

/// Spells a document in another way that means the same: members of ours in any order, empty ones left out or null,
/// needless escapes; and adds members that nobody knows to entries of `adapters`.
void respell(laws::json_node& document, std::uint32_t seed);

/// The text in a layout. The seed decides the white space of a scattered one.
[[nodiscard]] std::string printed(const laws::json_node& document, layout laid_out, std::uint32_t seed);

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
