#include "member_tracker.hpp"

namespace agentslock {
namespace {

/// The member of ours that a name differs from only in letter case.
const schema_member* near_member(object_schema schema, std::string_view name) {
  for (const schema_member& member : schema) {
    if (differs_in_case_only(name, member.name)) return &member;
  }
  return nullptr;
}

}  // namespace

std::optional<member_tracker::fault> member_tracker::meet_unknown(std::string_view name, bool lives) {
  if (const schema_member* ours = near_member(schema_, name)) {
    return fault{errc::name_differs_in_case,
                 " differs from \"" + std::string(ours->name) +
                     "\" only in letter case: other programs would take it for that"};
  }
  if (!unknown_.add(lives ? name : unescaped_.emplace_back(name))) return stands_twice();
  return std::nullopt;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
