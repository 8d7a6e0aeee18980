// The place beside a document where its sidecar stands; private to the io layer.
#pragma once

#include <string>

#include "agentslock/io/error.hpp"
#include "agentslock/io/file_system.hpp"

namespace agentslock {

/// Makes a directory and those above it that are missing, durably: each is synced into the one above.
[[nodiscard]] sys_result<> make_directories(file_system& files, const std::string& directory);

/// Refuses a document beside which there is no place for a sidecar.
/// Errors: name_too_long, invalid_argument.
[[nodiscard]] result<> check_place(const std::string& document);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
