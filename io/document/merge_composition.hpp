// The document that a merge of three versions makes, with what a person must choose taken from one side; private to the io layer.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/json_splice.hpp"
#include "agentslock/kernel/merge.hpp"
#include "member_merge.hpp"
#include "parsed_version.hpp"

namespace agentslock {

/// Where an entry stands: the names on the way to it.
using entry_path = std::vector<std::string>;

/// An entry that a person must choose.
struct entry_conflict {
  entry_path path;
  /// Whether the sides' own bytes are to be chosen from: what was merged of it lacks members that are not ours.
  bool as_it_stands = false;
};

/// Merges three versions that were read, and outlive this. What a person must choose is taken from one side, and remembered.
class merge_composition {
 public:
  merge_composition(const parsed_version& base, const parsed_version& ours, const parsed_version& theirs,
                    line_merge by_lines)
      : base_(base), ours_(ours), theirs_(theirs), members_(by_lines) {}

  /// The merged document. What is told below is about the last one.
  /// Errors: those of the merge of lines, and of `lock_document::parse`.
  [[nodiscard]] result<std::string> compose(merge_side of_conflicts);
  /// What the adapters section says; its conflicts are among those below.
  [[nodiscard]] const merged_lockfile& merged() const noexcept { return *merged_; }
  /// Where a person must choose; the outermost entries alone.
  [[nodiscard]] std::vector<entry_conflict> conflicts() const;

 private:
  template <class IsKnown, class MergeKnown>
  [[nodiscard]] result<> merge_object(splice& into, const three_objects& versions, const entry_path& path,
                                      bool is_entry, IsKnown is_known, MergeKnown merge_known,
                                      std::string_view taken_where_missing = {});
  template <class Wanted, class Merge>
  [[nodiscard]] result<> merge_entries(splice& into, const three_objects& maps, const Wanted& wanted,
                                       Merge merge_both);
  void note_conflict(entry_path path, const std::string& name, bool is_entry);
  [[nodiscard]] result<> merge_top(splice& into);
  [[nodiscard]] result<> merge_adapters(splice& into);
  [[nodiscard]] result<> merge_adapter(splice& into, const three_objects& section, const std::string& name);
  [[nodiscard]] result<> merge_view(splice& into, const three_objects& views, entry_path path,
                                    const std::string& name);
  void note_lost_items(std::string_view composed);
  [[nodiscard]] result<std::string> finished(const text_buffer& text) const;

  const parsed_version& base_;
  const parsed_version& ours_;
  const parsed_version& theirs_;
  member_merge members_;
  merge_side prefer_ = merge_side::ours;
  json_layout layout_;
  std::optional<merged_lockfile> merged_;
  /// By their paths; the value is entry_conflict::as_it_stands.
  std::map<entry_path, bool> conflicts_;
  /// Views that both sides changed, with items that have members which are not ours.
  std::vector<entry_path> with_items_of_others_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
