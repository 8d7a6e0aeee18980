// Where one member of an etcd cluster is asked; private to the etcd library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/etcd_access.hpp"
#include "etcd_failure.hpp"

namespace agentslock {

/// Each endpoint as a URL without a path, "http://127.0.0.1:2379".
/// Failure: bad_access, where one is none, or there is none. What it says is not repeated, as it may hold a password.
[[nodiscard]] etcd_result<std::vector<std::string>> endpoints_of(const etcd_access& access);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
