// What an error of storing a document leaves; private to the io layer.
#pragma once

#include "agentslock/io/error.hpp"

namespace agentslock {

/// Whether the new document stands all the same, which it does after one error alone.
[[nodiscard]] inline bool is_in_place(const error& why) noexcept {
  return why.code() == errc::not_durable;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
