// What is in an etcd cluster, where this command has it: see libcurl.hpp and without_etcd.cpp.
#pragma once

#include <memory>

#include "keyed_documents.hpp"

namespace agentslock::cli {

/// The documents of the cluster that etcdctl's own variables name. Connects to nothing yet.
/// Error: store_unreachable, when libcurl is missing, here or in the build.
[[nodiscard]] result<std::unique_ptr<keyed_documents>> open_etcd_documents();

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
