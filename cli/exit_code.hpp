// How a command ends, as its caller's shell sees it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "agentslock/kernel/view_status.hpp"

namespace agentslock::cli {

/// The same for every command; where several apply, the first in the order of exit_code_table.
enum class exit_code : std::uint8_t {
  fine = 0,
  failed = 1,
  not_ready = 2,
  blocked = 3,
  could_not_verify = 4,
  lock_timeout = 5,
};

struct exit_code_row {
  exit_code code;
  /// In a few words, for --help.
  std::string_view brief;
  std::string_view meaning;
};

/// The codes, the first that applies first.
[[nodiscard]] std::span<const exit_code_row> exit_code_table() noexcept;

/// Of two codes that both apply, the one that counts.
[[nodiscard]] exit_code first_of(exit_code a, exit_code b) noexcept;

/// The code for an error.
[[nodiscard]] exit_code code_for(errc code) noexcept;

/// The code for a document with so many views in each state.
template <class Count>
[[nodiscard]] exit_code code_for_states(Count count) {
  if (count(view_state::dsl_update_required) > 0) return exit_code::blocked;
  for (view_state state : recorded_states) {
    if (state != view_state::ready && count(state) > 0) return exit_code::not_ready;
  }
  return exit_code::fine;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
