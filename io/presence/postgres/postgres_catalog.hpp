// What a PostgreSQL database's catalog says of the views of an adapter; private to the PostgreSQL library.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/presence.hpp"
#include "postgres_connection.hpp"

namespace agentslock {

/// Begins a transaction in which the catalog can be read: read-only, of one snapshot, with nothing on the search path.
/// It is ended by ROLLBACK, or by the end of the connection.
[[nodiscard]] postgres_result<> begin_reading(postgres_connection& connection, const postgres_limits& limits);

/// Answers for these names, in their order, from the snapshot of the connection's transaction. Nothing when what a function
/// of the catalog said is of another moment than the snapshot, as only tables obey it: then it must be looked at again, in
/// another transaction.
/// Precondition: the search path is empty, as format_type looks at it.
[[nodiscard]] result<std::optional<std::vector<stored_view>>> find_in_catalog(
    postgres_connection& connection, std::string_view adapter, std::span<const std::string_view> views);

/// What messages call the store, and a failure as an error about it.
[[nodiscard]] std::string postgres_schema(std::string_view adapter);
[[nodiscard]] error store_error(const postgres_failure& why, const std::string& where);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
