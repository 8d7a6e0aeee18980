// Merging the members that are not ours, by their bytes; private to the io layer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/json_splice.hpp"
#include "agentslock/io/detail/json_walk.hpp"
#include "agentslock/io/merge_document.hpp"
#include "conflict_marks.hpp"
#include "schema_edit.hpp"

namespace agentslock {

/// One version's text and an object in it; an object that is missing has no items.
struct object_version {
  std::string_view text;
  json_container members;
  /// Entries of the text that need not be walked through to find their ends; as list_container takes them.
  std::span<const text_span> known;

  [[nodiscard]] const json_container::item* find(std::string_view name) const noexcept;
  /// The member's name and value, as it stands.
  [[nodiscard]] std::optional<std::string> whole(std::string_view name) const;
  /// The member's value as an object; without items when it is none.
  [[nodiscard]] object_version object(std::string_view name) const;
};

/// The versions of one object.
struct three_objects {
  const object_version& base;
  const object_version& ours;
  const object_version& theirs;
};

/// What becomes of one member.
struct member_choice {
  enum class kind {
    ours,
    theirs,
    /// Neither: `merged` is its name and value.
    lines,
    /// A person must choose.
    conflict,
  };
  kind from = kind::ours;
  std::string merged;
};

/// Decides members by their bytes: what one side alone changed is its; what both changed is given to the merge of lines.
class member_merge {
 public:
  explicit member_merge(line_merge by_lines) : by_lines_(by_lines) {}

  /// Errors: those of the merge of lines.
  [[nodiscard]] result<member_choice> choose(const three_objects& versions, std::string_view name);
  [[nodiscard]] line_merge& by_lines() noexcept { return by_lines_; }

 private:
  line_merge by_lines_;
};

/// Whether some object in a value, which begins at `at` in a valid text, has a name twice.
[[nodiscard]] bool has_repeated_name(std::string_view text, std::size_t at);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
