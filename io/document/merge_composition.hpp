// The document that a merge of three versions makes, with what a person must choose taken from one side; private to the io layer.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agentslock/io/detail/json_splice.hpp"
#include "agentslock/kernel/merge.hpp"
#include "member_merge.hpp"
#include "parsed_version.hpp"

namespace agentslock {

/// Where an entry stands: the names on the way to it.
using entry_path = std::vector<std::string>;

/// Merges three versions that were read, and outlive this. What a person must choose is taken from one side, and remembered.
class merge_composition {
 public:
  merge_composition(const parsed_version& base, const parsed_version& ours, const parsed_version& theirs,
                    line_merge by_lines)
      : base_(base), ours_(ours), theirs_(theirs), members_(by_lines) {}

  /// The merged document. What is told below is about the last one.
  /// Errors: those of the merge of lines, and of `lock_document::parse`.
  [[nodiscard]] result<std::string> compose(merge_side of_conflicts);
  /// Whether all that is not ours is in what was composed. The merged dependencies and log of a view that both changed are written
  /// from what we know of them: members of their items that are not ours would be lost.
  [[nodiscard]] bool keeps_all() const noexcept { return keeps_all_; }
  /// Where a person must choose; the outermost entries alone.
  [[nodiscard]] std::vector<entry_path> conflicts() const;

 private:
  template <class IsKnown, class MergeKnown>
  [[nodiscard]] result<> merge_object(splice& into, const three_objects& versions, const entry_path& path,
                                      bool is_entry, IsKnown is_known, MergeKnown merge_known);
  template <class Wanted, class Merge>
  [[nodiscard]] result<> merge_entries(splice& into, const three_objects& maps, const Wanted& wanted,
                                       Merge merge_both);
  void note_conflict(entry_path path, const std::string& name, bool is_entry);
  [[nodiscard]] result<> merge_top(splice& into);
  [[nodiscard]] result<> merge_adapters(splice& into);
  [[nodiscard]] result<> merge_adapter(splice& into, const three_objects& section, const std::string& name);
  [[nodiscard]] result<> merge_view(splice& into, const three_objects& views, entry_path path,
                                    const std::string& name);
  [[nodiscard]] result<std::string> finished(const text_buffer& text) const;

  const parsed_version& base_;
  const parsed_version& ours_;
  const parsed_version& theirs_;
  member_merge members_;
  merge_side prefer_ = merge_side::ours;
  json_layout layout_;
  std::optional<merged_lockfile> merged_;
  std::set<entry_path> conflicts_;
  bool keeps_all_ = true;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
