// What a script says that the store holds.
//
//     {"ADAPTER": {"VIEW": "its digest", "VIEW": null}}
//
// A view that is null or not named is absent. A member whose value is a text or null is a view by its joined name,
// "ADAPTER/VIEW". Names may hold slashes themselves, so that a joined name counts only where it can mean one view alone.
#pragma once

#include "agentslock/io/error.hpp"
#include "agentslock/kernel/operation.hpp"
#include "script_json.hpp"

namespace agentslock::cli {

/// Reads the member "presence", for views of this lockfile as it is now.
/// Error: invalid_argument: what is no digest; a joined name without a slash, or that may mean several of the views; a
/// view that is told twice.
[[nodiscard]] result<store_contents> read_presence(const member_map& members, const lockfile& file);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
