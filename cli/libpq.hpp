// libpq, which the command loads when it is asked for a PostgreSQL store: it brings 20 libraries more, of which to load is
// several times what a command that looks into a document takes.
#pragma once

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

/// Loads libpq, once. Must have succeeded before anything of agentslock::postgres is called.
/// Error: store_unreachable, which says what to install.
[[nodiscard]] result<> load_libpq();

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
