// Operations on a lockfile out of bytes: mostly ones that make sense for what the lockfile holds, so that short inputs get
// deep, with arguments in between that must be refused.
#pragma once

#include "../properties/reference/plain_lockfile.hpp"
#include "agentslock/kernel/operation.hpp"
#include "byte_reader.hpp"

namespace agentslock::fuzz {

/// A lockfile such as a document can hold, garbled statuses and overlong logs included.
[[nodiscard]] reference::plain_lockfile read_lockfile(byte_reader& bytes);

/// The next operation, for a lockfile as it is now.
[[nodiscard]] operation read_operation(byte_reader& bytes, const reference::plain_lockfile& now);

/// The keys of all views.
[[nodiscard]] std::vector<owned_key> views_of(const reference::plain_lockfile& file);

}  // namespace agentslock::fuzz
// SPDX-License-Identifier: Apache-2.0
