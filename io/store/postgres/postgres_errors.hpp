// What a failure means for a document; private to the PostgreSQL library.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "postgres_failure.hpp"

namespace agentslock {

/// "postgres:" and the key.
[[nodiscard]] std::string document_name(std::string_view key);
/// Error: invalid_argument, name_too_long.
[[nodiscard]] result<> check_key(std::string_view key);

/// A failure of a statement that has changed nothing.
[[nodiscard]] error document_error(const postgres_failure& why, std::string_view key);
[[nodiscard]] error overtaken(std::string_view key);
[[nodiscard]] error too_large_for_a_row(std::string_view key, std::size_t size_bytes);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
