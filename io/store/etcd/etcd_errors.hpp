// What a failure means for a document; private to the etcd library.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "etcd_failure.hpp"

namespace agentslock::etcd_errors {

/// "etcd:" and the key.
[[nodiscard]] std::string name_of(std::string_view key);
/// Error: invalid_argument, name_too_long.
[[nodiscard]] result<> check_key(std::string_view key);

/// A failure of a request that has changed nothing.
[[nodiscard]] error of(const etcd_failure& why, std::string_view key);
[[nodiscard]] error overtaken(std::string_view key);
/// More than a document may have.
[[nodiscard]] error too_large(std::string_view key, std::size_t size_bytes);
/// More than the cluster takes as one request.
[[nodiscard]] error too_large_a_request(std::string_view key, std::size_t size_bytes);
[[nodiscard]] error uncertain(const etcd_failure& why, std::string_view key);

}  // namespace agentslock::etcd_errors
// SPDX-License-Identifier: Apache-2.0
