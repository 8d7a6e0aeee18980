// Bugs that can be put into the codec, the splice, the document and the store one at a time, to see that the laws of
// properties/ find each of them; private to the io layer. In the library that is shipped `has_bug` is constant and none
// exists; in the variant that is compiled with AGENTSLOCK_SEEDED_BUGS a test chooses one.
#pragma once

#include <cstdint>

namespace agentslock {

enum class io_bug : std::uint8_t {
  none,
  /// An ampersand in a new text is not escaped.
  ampersand_unescaped,
  /// Control characters are escaped with upper-case digits.
  upper_case_digits,
  /// A tab in a new text stays as it is.
  no_tab_escape,
  /// An edit that changes nothing stays in the list.
  empty_edits_stay,
  /// A splice's size does not count what is taken out.
  size_forgets_removed_bytes,
  /// A splice's pieces lack what follows the last edit when nothing was inserted by it.
  last_piece_is_lost,
  /// The comma before items that go from a container's end stays.
  comma_stays_behind,
  /// Items that come at a container's begin lack the comma after them.
  no_comma_before_first,
  /// A new name goes to the end though the others are in order.
  new_names_go_last,
  /// A new member of ours goes to the end of its object.
  new_members_go_last,
  /// Every audit entry is written anew when one is added.
  whole_history_is_new,
  /// Every dependency is written anew when one changes.
  whole_dependencies_are_new,
  /// A change of an adapter's own texts is not written.
  adapters_never_change,
  /// materialized_views stays as an empty object when its last view goes.
  empty_views_stay,
  /// A null item of a list is no item.
  null_items_are_dropped,
  /// An object of ours may have a member twice that is not ours.
  repeated_unknown_is_taken,
  /// U+017F is not taken for s.
  case_folds_in_ascii_only,
  /// What follows the document is not looked at.
  trailing_bytes_are_taken,
  /// A document that ends before its closing brace is taken.
  open_end_is_taken,
  /// lock_version is not added.
  version_is_never_added,
  /// Clearing inputs_digest leaves an empty text.
  cleared_digest_stays,
  /// An empty adapters section is not stated where there was none.
  section_is_not_stated,
  /// A save does not look at what the section means now.
  save_never_conflicts,
  /// A save takes the document that was loaded for the one on disk.
  save_believes_old_text,
  /// A document that would not change is written.
  write_without_change,
  /// An update whose function fails is written all the same.
  failed_update_is_written,
};

#ifdef AGENTSLOCK_SEEDED_BUGS
[[nodiscard]] bool has_bug(io_bug bug) noexcept;
/// Puts one bug in, and takes the one before out.
void seed(io_bug bug) noexcept;
#else
[[nodiscard]] constexpr bool has_bug(io_bug) noexcept {
  return false;
}
#endif

}  // namespace agentslock
