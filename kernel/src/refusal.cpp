#include "agentslock/kernel/refusal.hpp"

namespace agentslock {

std::string_view name(refusal_code code) noexcept {
  switch (code) {
    case refusal_code::empty_name:
      return "empty_name";
    case refusal_code::not_utf8:
      return "not_utf8";
    case refusal_code::empty_digest:
      return "empty_digest";
    case refusal_code::time_out_of_range:
      return "time_out_of_range";
    case refusal_code::unknown_adapter:
      return "unknown_adapter";
    case refusal_code::unknown_view:
      return "unknown_view";
    case refusal_code::already_registered:
      return "already_registered";
    case refusal_code::no_such_transition:
      return "no_such_transition";
    case refusal_code::built_against_another_schema:
      return "built_against_another_schema";
    case refusal_code::needed_by_ready_views:
      return "needed_by_ready_views";
    case refusal_code::facts_are_stale:
      return "facts_are_stale";
    case refusal_code::verdict_missing:
      return "verdict_missing";
    case refusal_code::presence_unknown:
      return "presence_unknown";
  }
  return "unknown";
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
