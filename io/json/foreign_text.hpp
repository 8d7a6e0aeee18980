// What stands in a document's place when it is no JSON; private to the io layer.
#pragma once

#include <optional>
#include <string_view>

#include "agentslock/io/detail/json_fault.hpp"

namespace agentslock {

/// Recognises what git, its extensions, editors, archivers and power cuts leave where a document should be, and says what to
/// do about it. Only asked about a text that is no document. Linear.
[[nodiscard]] std::optional<json_fault> recognise_foreign(std::string_view text);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
