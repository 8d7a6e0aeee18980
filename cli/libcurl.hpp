// libcurl, which the command loads when it is asked for a document in etcd: it brings 28 libraries more, of which to load is
// several times what a command that looks into a document takes.
#pragma once

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

/// Loads libcurl, once. Must have succeeded before anything of agentslock::etcd is called.
/// Error: store_unreachable, which says what to install.
[[nodiscard]] result<> load_libcurl();

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
