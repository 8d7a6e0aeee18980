// What the parts of the lifecycle share; private to the io layer.
#pragma once

#include <string>
#include <vector>

#include "agentslock/io/error.hpp"
#include "agentslock/io/named_view.hpp"
#include "agentslock/io/view_work.hpp"
#include "agentslock/kernel/function_ref.hpp"
#include "agentslock/kernel/lockfile.hpp"

namespace agentslock {

/// How often views are judged or built anew whose facts changed meanwhile, the first time included.
inline constexpr int work_rounds_max = 3;

/// Refuses a choice that names what is not there: unknown_view.
[[nodiscard]] result<> check_choice(const lockfile& file, const view_choice& chosen);

/// The facts of the views that a condition holds for, in the order of their names.
[[nodiscard]] std::vector<view_facts> facts_of_views(const lockfile& file,
                                                     function_ref<bool(view_key)> holds);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
