// A script's operations as values, so that the plain machine can do what the command did.
#pragma once

#include <optional>

#include "../properties/laws/operation.hpp"
#include "apply_script.hpp"

namespace agentslock::fuzz {

/// What an operation on the adapters asks for; nothing for one that changes none, or that can't be read.
[[nodiscard]] std::optional<laws::operation> meaning_of(const cli::script_op& op, const lockfile& now,
                                                        timestamp present);

}  // namespace agentslock::fuzz
