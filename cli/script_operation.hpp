// What the members of a script's operation say, when it is one of the kernel's.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "agentslock/kernel/operation.hpp"
#include "script_arguments.hpp"

namespace agentslock::cli {

/// The names of the kernel's operations that a script may have.
[[nodiscard]] std::vector<std::string_view> names_of_operations();

/// The operation of this name, with the members that are given; nothing when the kernel has none of this name. `file` is the
/// lockfile as it is now, in which joined names of views are looked up.
/// What is wrong with the members is kept in `given`, and the operation is then not to be used.
[[nodiscard]] std::optional<operation> read_operation(std::string_view name, script_arguments& given,
                                                      const lockfile& file);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
