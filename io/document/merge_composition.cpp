#include "merge_composition.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "adapters_schema.hpp"
#include "agentslock/io/lock_document.hpp"
#include "document_members.hpp"
#include "items_of_others.hpp"
#include "view_decode.hpp"

namespace agentslock {
namespace {

using choice = member_choice::kind;

void add_all(named_entries& entries, const std::map<std::string, std::string>& added) {
  for (const auto& [name, whole] : added)
    entries.add_new_bytes(name, whole);
  entries.finish();
}

bool has_object(const parsed_version& one) {
  const auto* item = one.top.find(adapters_name);
  return item != nullptr && one.text.view()[item->value.begin] == '{';
}

/// The object at a path; one without items where there is none.
object_version entry_of(object_version top, const entry_path& path) {
  for (const std::string& name : path)
    top = top.object(name);
  return top;
}

std::string in_one_piece(const splice& made) {
  std::string text;
  text.reserve(made.size());
  for (const std::string_view piece : made.pieces())
    text.append(piece);
  return text;
}

std::size_t line_of(const object_version& object) {
  const std::string_view text = object.text;
  std::size_t at = object.members.span.begin;
  while (at > 0 && text[at - 1] != '\n')
    --at;
  return std::min(text.find_first_not_of(" \t", at), object.members.span.begin);
}

}  // namespace

result<std::string> merge_composition::compose(merge_side of_conflicts) {
  prefer_ = of_conflicts;
  conflicts_.clear();
  with_items_of_others_.clear();
  merged_ = merge_lockfiles(base_.file, ours_.file, theirs_.file, of_conflicts);
  for (const std::string& name : merged_->conflicts)
    conflicts_.emplace(entry_path{std::string(adapters_name), name}, false);
  splice into{ours_.text};
  layout_ = detect_layout(ours_.text.view(), ours_.top.members);
  if (auto done = merge_top(into); !done) return done.error();
  auto text = finished(into.text());
  if (text && !with_items_of_others_.empty()) note_lost_items(*text);
  return text;
}

void merge_composition::note_lost_items(std::string_view composed) {
  const object_version made = top_of(composed);
  for (const entry_path& path : with_items_of_others_) {
    const object_version base = entry_of(base_.top, path);
    const object_version ours = entry_of(ours_.top, path);
    const object_version theirs = entry_of(theirs_.top, path);
    if (!keeps_items_of_others({base, ours, theirs}, entry_of(made, path))) conflicts_[path] = true;
  }
}

std::vector<entry_conflict> merge_composition::conflicts() const {
  std::vector<entry_conflict> outermost;
  for (const auto& [path, as_it_stands] : conflicts_) {
    const bool is_inside =
        !outermost.empty() && outermost.back().path.size() < path.size() &&
        std::equal(outermost.back().path.begin(), outermost.back().path.end(), path.begin());
    if (!is_inside) {
      outermost.push_back({path, as_it_stands});
    } else {
      outermost.back().as_it_stands |= as_it_stands;
    }
  }
  return outermost;
}

/// The edits of one object: its members that are not ours by their bytes, the others by `merge_known`. Of the latter, those that only
/// they have are left to the encoder, but for the one that is to be taken with its bytes.
template <class IsKnown, class MergeKnown>
result<> merge_composition::merge_object(splice& into, const three_objects& versions, const entry_path& path,
                                         bool is_entry, IsKnown is_known, MergeKnown merge_known,
                                         std::string_view taken_where_missing) {
  named_entries entries(into, layout_, versions.ours.members.span,
                        versions.ours.members.items.empty()
                            ? line_indent()
                            : indent_before(into.base().view(), versions.ours.members.span.begin));
  std::map<std::string, std::string> added;
  for (const auto& item : versions.ours.members.items) {
    if (is_known(item.name)) {
      auto stays = merge_known(item);
      if (!stays) return stays.error();
      entries.add_old(item.name, item.whole, *stays);
      continue;
    }
    auto chosen = members_.choose(versions, item.name);
    if (!chosen) return chosen.error();
    const auto* theirs = versions.theirs.find(item.name);
    if (chosen->from == choice::conflict) note_conflict(path, item.name, is_entry);
    const bool takes_theirs =
        chosen->from == choice::theirs ||
        (chosen->from == choice::conflict && prefer_ == merge_side::theirs && theirs != nullptr);
    const bool goes = chosen->from == choice::theirs && theirs == nullptr;
    entries.add_old(item.name, item.whole, !goes);
    if (chosen->from == choice::lines) {
      into.replace(item.whole, std::move(chosen->merged));
    } else if (takes_theirs && !goes) {
      into.replace(item.value, std::string(theirs->value.in(versions.theirs.text)));
    }
  }
  for (const auto& item : versions.theirs.members.items) {
    if (versions.ours.find(item.name) != nullptr) continue;
    if (is_known(item.name)) {
      if (item.name == taken_where_missing) added.emplace(item.name, item.whole.in(versions.theirs.text));
      continue;
    }
    auto chosen = members_.choose(versions, item.name);
    if (!chosen) return chosen.error();
    if (chosen->from == choice::ours) continue;  // we removed it
    if (chosen->from == choice::conflict) note_conflict(path, item.name, is_entry);
    added.emplace(item.name, item.whole.in(versions.theirs.text));
  }
  add_all(entries, added);
  return {};
}

/// A member of an adapter or a view is a conflict of that whole entry.
void merge_composition::note_conflict(entry_path path, const std::string& name, bool is_entry) {
  if (!is_entry) path.push_back(name);
  conflicts_.emplace(std::move(path), false);
}

result<> merge_composition::merge_top(splice& into) {
  const three_objects top{base_.top, ours_.top, theirs_.top};
  const bool both_have_adapters = has_object(ours_) && has_object(theirs_);
  const auto is_known = [&](std::string_view name) { return both_have_adapters && name == adapters_name; };
  return merge_object(into, top, {}, false, is_known, [&](const json_container::item&) -> result<bool> {
    if (auto done = merge_adapters(into); !done) return done.error();
    return true;
  });
}

result<> merge_composition::merge_adapters(splice& into) {
  const object_version base = base_.top.object(adapters_name);
  const object_version ours = ours_.top.object(adapters_name);
  const object_version theirs = theirs_.top.object(adapters_name);
  const three_objects section{base, ours, theirs};
  return merge_entries(into, section, merged_->file.adapters(), [&](const json_container::item& item) {
    return merge_adapter(into, section, item.name);
  });
}

/// A map of entries: those that only they have, those that only they changed, those that both changed.
template <class Wanted, class Merge>
result<> merge_composition::merge_entries(splice& into, const three_objects& maps, const Wanted& wanted,
                                          Merge merge_both) {
  named_entries entries(into, layout_, maps.ours.members.span,
                        indent_before(into.base().view(), line_of(maps.ours)));
  std::map<std::string_view, const json_container::item*> by_name[3];
  const object_version* all[] = {&maps.base, &maps.ours, &maps.theirs};
  for (std::size_t i = 0; i < 3; ++i) {
    for (const auto& item : all[i]->members.items)
      by_name[i].emplace(item.name, &item);
  }
  const auto value = [&](std::size_t i, std::string_view name) {
    const auto found = by_name[i].find(name);
    return found == by_name[i].end() ? std::optional<std::string_view>()
                                     : std::optional<std::string_view>(found->second->value.in(all[i]->text));
  };
  for (const auto& item : maps.ours.members.items) {
    // What the result does not have goes when the result is encoded.
    entries.add_old(item.name, item.whole, true);
    const auto theirs = value(2, item.name);
    if (wanted.find(item.name) == wanted.end() || !theirs) continue;
    const std::string_view ours = item.value.in(maps.ours.text);
    const auto base = value(0, item.name);
    if (*theirs == ours || theirs == base) continue;
    if (base == ours) {
      into.replace(item.value, std::string(*theirs));
    } else if (auto done = merge_both(item); !done) {
      return done.error();
    }
  }
  std::map<std::string, std::string> added;
  for (const auto& [name, item] : by_name[2]) {
    if (by_name[1].count(name) == 0 && wanted.find(name) != wanted.end())
      added.emplace(name, item->whole.in(maps.theirs.text));
  }
  add_all(entries, added);
  return {};
}

result<> merge_composition::merge_adapter(splice& into, const three_objects& section,
                                          const std::string& name) {
  const object_version base = section.base.object(name);
  const object_version ours = section.ours.object(name);
  const object_version theirs = section.theirs.object(name);
  const three_objects versions{base, ours, theirs};
  const entry_path path{std::string(adapters_name), name};
  const adapter& owner = *merged_->file.find_adapter(name);
  const std::string_view views_name = adapter_schema_members[materialized_views].name;
  const auto is_known = [](std::string_view one) {
    return find_member(adapter_schema_members, one).has_value();
  };
  const auto merge_known = [&](const json_container::item& item) -> result<bool> {
    if (item.name != views_name) return true;
    const object_version base_views = base.object(views_name);
    const object_version our_views = ours.object(views_name);
    const object_version their_views = theirs.object(views_name);
    if (their_views.members.span.size() == 0) return true;
    if (our_views.members.span.size() == 0) {  // null
      into.replace(item.value, std::string(their_views.members.span.in(theirs.text)));
      return true;
    }
    const three_objects views{base_views, our_views, their_views};
    auto done = merge_entries(into, views, owner.views, [&](const json_container::item& one) {
      return merge_view(into, views, path, one.name);
    });
    if (!done) return done.error();
    return true;
  };
  // Views that only they have, beside none of ours.
  return merge_object(into, versions, path, true, is_known, merge_known,
                      owner.views.empty() ? std::string_view() : views_name);
}

result<> merge_composition::merge_view(splice& into, const three_objects& views, entry_path path,
                                       const std::string& name) {
  const object_version base = views.base.object(name);
  const object_version ours = views.ours.object(name);
  const object_version theirs = views.theirs.object(name);
  path.emplace_back(adapter_schema_members[materialized_views].name);
  path.push_back(name);
  if (has_items_of_others(ours) || has_items_of_others(theirs)) with_items_of_others_.push_back(path);
  return merge_object(
      into, {base, ours, theirs}, path, true,
      [](std::string_view one) { return find_member(view_schema_members, one).has_value(); },
      [&](const json_container::item& item) -> result<bool> {
        // A list that they alone changed is taken with its bytes: its items may have members that are not ours.
        const auto* list = theirs.find(item.name);
        const bool is_theirs = list != nullptr && ours.whole(item.name) == base.whole(item.name);
        if (is_theirs && theirs.text[list->value.begin] == '[')
          into.replace(item.value, std::string(list->value.in(theirs.text)));
        return true;
      });
}

/// The text in which the adapters section says what was merged.
result<std::string> merge_composition::finished(const text_buffer& text) const {
  auto parsed = lock_document::parse(text, "the merged document");
  if (!parsed) return parsed.error();
  if (!parsed->document.has_adapters() && merged_->file.adapters().empty()) return std::string(text.view());
  if (parsed->adapters == merged_->file) return std::string(text.view());
  return in_one_piece(parsed->document.render({}, &merged_->file, &parsed->adapters));
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
