// Documents in the one cluster of a test program.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/etcd_documents.hpp"
#include "bytes_in.hpp"
#include "etcd_client.hpp"
#include "etcd_cluster.hpp"

namespace agentslock::testing {

[[nodiscard]] inline bool says(const error& why, std::string_view text) {
  return why.message().find(text) != std::string::npos;
}

/// A request that puts bytes under a key, as etcdctl sends it.
[[nodiscard]] inline std::string put_request(std::string_view key, std::string_view value) {
  return R"({"key": ")" + to_base64(key) + R"(", "value": ")" + to_base64(value) + R"("})";
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
