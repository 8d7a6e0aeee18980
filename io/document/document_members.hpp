// The members of a document that are ours; private to the io layer.
#pragma once

#include <string_view>

namespace agentslock {

inline constexpr std::string_view version_name = "lock_version";
inline constexpr std::string_view inputs_digest_name = "inputs_digest";
inline constexpr std::string_view adapters_name = "adapters";

/// Whether a member is no section.
[[nodiscard]] constexpr bool is_reserved(std::string_view name) noexcept {
  return name == version_name || name == inputs_digest_name;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
