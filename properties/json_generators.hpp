// JSON values, for use inside of rc::gen::exec.
#pragma once

#include <cstddef>
#include <string>

namespace agentslock::properties {

/// A number in any spelling.
[[nodiscard]] std::string some_number();
/// A value with so many levels of containers at most.
[[nodiscard]] std::string some_json(std::size_t depth);

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
