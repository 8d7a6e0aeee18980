/// Values for people: what a breach names, and what a counterexample lists.
#pragma once

#include <string>
#include <string_view>

#include "agentslock/kernel/operation.hpp"

namespace agentslock::laws {

/// A text in quotes, with what can't be seen escaped.
[[nodiscard]] std::string shown(std::string_view text);
[[nodiscard]] std::string shown(view_key key);
/// An operation, on one line.
[[nodiscard]] std::string shown(const operation& todo);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
