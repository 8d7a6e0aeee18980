// What is in a PostgreSQL database, where this command has it: see libpq.hpp and without_postgres.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agentslock/io/presence.hpp"
#include "agentslock/io/reconcile_document.hpp"
#include "agentslock/io/store_listing.hpp"
#include "keyed_documents.hpp"

namespace agentslock::cli {

/// The variable that names the database where no other place of a connection string is: a store's is left out, and documents have none.
inline constexpr const char* database_variable = "AGENTSLOCK_DATABASE";

/// A store by its connection string. Connects to nothing yet.
/// Errors: store_unreachable, when libpq is missing, here or in the build; invalid_argument, when the string is none.
[[nodiscard]] result<std::unique_ptr<presence_source>> open_postgres(const std::string& connection_string);
[[nodiscard]] result<std::unique_ptr<store_listing>> open_postgres_contents(
    const std::string& connection_string);

/// The documents of the database that the variable names, else libpq's environment. Errors: as above.
[[nodiscard]] result<std::unique_ptr<keyed_documents>> open_postgres_documents();

/// The pass on one of these documents and the views of the same database, both read in one snapshot (postgres_moment.hpp).
/// Errors: as above, and those of reconcile_document.
[[nodiscard]] result<reconciled> reconcile_in_postgres(std::string_view key, reconcile_mode mode);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
