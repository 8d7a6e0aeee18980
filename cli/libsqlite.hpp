// SQLite, which the command loads when it is asked for a SQLite store: most commands look into a document alone, and to load
// SQLite would be a quarter of what they take.
#pragma once

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

/// Loads SQLite, once. Must have succeeded before anything of agentslock::sqlite is called.
/// Error: store_unreachable, which says what to install.
[[nodiscard]] result<> load_libsqlite();

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
