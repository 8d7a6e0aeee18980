// The PostgreSQL store, where this command has it: see libpq.hpp and without_postgres.cpp.
#pragma once

#include <memory>
#include <string>

#include "agentslock/io/presence.hpp"
#include "agentslock/io/store_listing.hpp"

namespace agentslock::cli {

/// A store by its connection string. Connects to nothing yet.
/// Errors: store_unreachable, when libpq is missing, here or in the build; invalid_argument, when the string is none.
[[nodiscard]] result<std::unique_ptr<presence_source>> open_postgres(std::string connection_string);
[[nodiscard]] result<std::unique_ptr<store_listing>> open_postgres_contents(std::string connection_string);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
