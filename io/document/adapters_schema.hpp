// The members that we know, in the order in which they are written; private to the io layer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "agentslock/kernel/entries.hpp"

namespace agentslock {

/// A member of one of our objects.
struct schema_member {
  std::string_view name;
  /// Left out of new text, and taken out of old, when it is empty.
  bool left_out_when_empty;
};

using object_schema = std::span<const schema_member>;

inline constexpr std::array<schema_member, 4> adapter_schema_members{{
    {"source_digest", false},
    {"schema_digest", false},
    {"activated_at", false},
    {"materialized_views", true},
}};
enum adapter_member : std::size_t { source_digest, schema_digest, activated_at, materialized_views };

inline constexpr std::array<schema_member, 6> view_schema_members{{
    {"view_digest", true},
    {"view_status", false},
    {"depends_on", true},
    {"last_rebuilt_at", true},
    {"last_validation_at", true},
    {"state_history", true},
}};
enum view_member : std::size_t {
  view_digest,
  view_status_text,
  depends_on,
  last_rebuilt_at,
  last_validation_at,
  state_history
};

inline constexpr std::array<schema_member, 3> dependency_schema_members{{
    {"adapter", false},
    {"schema_digest", false},
    {"version", false},
}};
inline constexpr std::array dependency_texts{&dependency::adapter, &dependency::schema_digest,
                                             &dependency::version};

inline constexpr std::array<schema_member, 4> entry_schema_members{{
    {"at", false},
    {"from", true},
    {"to", false},
    {"trigger", false},
}};
inline constexpr std::array entry_texts{&audit_entry::at, &audit_entry::from, &audit_entry::to,
                                        &audit_entry::trigger};

/// The number of the member with this name. Members mostly stand in the schema's order: the search begins behind the
/// one that was found last, and ends with it.
[[nodiscard]] constexpr std::optional<std::size_t> find_member(object_schema schema, std::string_view name,
                                                               std::size_t last_found = SIZE_MAX) noexcept {
  std::size_t number = last_found;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (++number >= schema.size()) number = 0;
    if (schema[number].name == name) return number;
  }
  return std::nullopt;
}

/// Whether a name that is not ours is one of ours in other letter case, as the Go tool sees it: it also takes
/// U+017F for s and U+212A for k.
[[nodiscard]] constexpr bool differs_in_case_only(std::string_view name, std::string_view ours) noexcept {
  std::size_t matched = 0;
  for (std::size_t i = 0; i < name.size(); ++matched) {
    char folded = name[i];
    if (name.substr(i, 2) == "\u017F") {
      folded = 's';
      i += 2;
    } else if (name.substr(i, 3) == "\u212A") {
      folded = 'k';
      i += 3;
    } else {
      if (folded >= 'A' && folded <= 'Z') folded = static_cast<char>(folded - 'A' + 'a');
      i += 1;
    }
    if (matched >= ours.size() || ours[matched] != folded) return false;
  }
  return matched == ours.size();
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
