#include <algorithm>
#include <boost/assert.hpp>
#include <map>
#include <optional>
#include <utility>

#include "adapters_schema.hpp"
#include "agentslock/io/detail/adapters_codec.hpp"
#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "schema_edit.hpp"
#include "view_decode.hpp"

namespace agentslock {
namespace {

item_texts texts_of(const dependency& item) {
  return {item.adapter, item.schema_digest, item.version, {}};
}
item_texts texts_of(const audit_entry& item) {
  return {item.at, item.from, item.to, item.trigger};
}

template <class Items>
std::vector<item_texts> all_texts(const Items& items) {
  std::vector<item_texts> texts;
  texts.reserve(items.size());
  for (const auto& item : items)
    texts.push_back(texts_of(item));
  return texts;
}

void write_list(json_writer& write, object_schema schema, std::span<const item_texts> items) {
  write.begin_array();
  for (const item_texts& item : items)
    write_item(write, schema, item);
  write.end_array();
}

void write_leaf(json_writer& write, const schema_member& member, std::string_view text) {
  if (text.empty() && member.left_out_when_empty) return;
  write.name(member.name);
  write.string(text);
}

void write_view(json_writer& write, const view& entry) {
  const auto& schema = view_schema_members;
  write.begin_object();
  write_leaf(write, schema[view_digest], entry.view_digest);
  write_leaf(write, schema[view_status_text], entry.status.text());
  if (!entry.depends_on.empty()) {
    write.name(schema[depends_on].name);
    write_list(write, dependency_schema_members, all_texts(entry.depends_on));
  }
  write_leaf(write, schema[last_rebuilt_at], entry.last_rebuilt_at);
  write_leaf(write, schema[last_validation_at], entry.last_validation_at);
  if (!entry.state_history.entries().empty()) {
    write.name(schema[state_history].name);
    write_list(write, entry_schema_members, all_texts(entry.state_history.entries()));
  }
  write.end_object();
}

void write_views(json_writer& write, const view_map& views) {
  write.begin_object();
  for (const auto& [name, entry] : views) {
    write.name(name);
    write_view(write, entry);
  }
  write.end_object();
}

void write_adapter(json_writer& write, const adapter& entry) {
  const auto& schema = adapter_schema_members;
  write.begin_object();
  write_leaf(write, schema[source_digest], entry.source_digest);
  write_leaf(write, schema[schema_digest], entry.schema_digest);
  write_leaf(write, schema[activated_at], entry.activated_at);
  if (!entry.views.empty()) {
    write.name(schema[materialized_views].name);
    write_views(write, entry.views);
  }
  write.end_object();
}

/// A record of an adapter goes on from the first old record of that adapter that is not taken yet.
list_plan plan_dependencies(std::span<const item_texts> old, std::vector<item_texts> wanted) {
  // Of equal names the first one stands first.
  std::multimap<std::string_view, std::size_t> free;
  for (std::size_t i = 0; i < old.size(); ++i)
    free.emplace(old[i][0], i);
  list_plan plan{std::move(wanted), {}};
  for (const item_texts& item : plan.items) {
    const auto from = free.lower_bound(item[0]);
    const bool found = from != free.end() && from->first == item[0];
    plan.from.push_back(found ? std::optional(from->second) : std::nullopt);
    if (found) free.erase(from);
  }
  return plan;
}

/// A log loses its oldest entries and gets new ones: the longest end of the old one that begins the new one
/// goes on.
list_plan plan_history(std::span<const item_texts> old, std::vector<item_texts> wanted) {
  std::size_t common = std::min(old.size(), wanted.size());
  while (!std::equal(old.end() - static_cast<std::ptrdiff_t>(common), old.end(), wanted.begin()))
    --common;
  list_plan plan{std::move(wanted), {}};
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    plan.from.push_back(i < common ? std::optional(old.size() - common + i) : std::nullopt);
  }
  return plan;
}

/// Makes the section's text say what a lockfile says.
class section_encoder {
 public:
  section_encoder(splice& into, const json_layout& layout, const adapters_index& index,
                  const lockfile& wanted, const lockfile* before)
      : into_(into),
        layout_(layout),
        index_(index),
        wanted_(wanted),
        before_(wanted.restored_from() == into.base().owner().get() ? nullptr : before) {}

  void encode() {
    named_entries entries(into_, layout_, index_.value, line_of(index_.name_at));
    for (const auto& place : index_.adapters) {
      const adapter* entry = wanted_.find_adapter(place.name);
      entries.add_old(place.name, place.whole, entry != nullptr);
      if (entry != nullptr) edit_adapter(place, *entry);
    }
    add_missing(entries, wanted_.adapters(), write_adapter);
  }

 private:
  [[nodiscard]] line_indent line_of(std::size_t at) const { return indent_before(into_.base().view(), at); }

  /// Whether the text says about an adapter's own members what is wanted.
  [[nodiscard]] bool is_unchanged(std::string_view name, const adapter& entry) const {
    if (before_ == nullptr) return !entry.touched;
    const adapter* old = before_->find_adapter(name);
    return old != nullptr && old->source_digest == entry.source_digest &&
           old->schema_digest == entry.schema_digest && old->activated_at == entry.activated_at;
  }

  [[nodiscard]] bool is_unchanged(view_key key, const view& entry) const {
    if (before_ == nullptr) return !entry.touched;
    const view* old = before_->find_view(key);
    return old != nullptr && *old == entry;
  }

  /// Adds the wanted entries that the text does not have.
  template <class Map, class Write>
  static void add_missing(named_entries& entries, const Map& wanted, Write write_entry) {
    if (entries.kept() < wanted.size()) {
      for (const auto& [name, entry] : wanted) {
        if (entries.has(name)) continue;
        entries.add_new(name, [&, &made = entry](json_writer& write) { write_entry(write, made); });
      }
    }
    entries.finish();
  }

  void edit_adapter(const adapters_index::adapter_place& place, const adapter& wanted) {
    const bool has_views_object = place.views_value.size() > 0;
    const bool adds_views = !has_views_object && !wanted.views.empty();
    const bool takes_views_out = place.view_count > 0 && wanted.views.empty();
    if (has_views_object && !takes_views_out) edit_views(place, wanted);
    if (is_unchanged(place.name, wanted) && !adds_views && !takes_views_out) return;

    object_edit object(into_, layout_, adapter_schema_members, place.whole.begin, place.value_at);
    object.set_text(source_digest, wanted.source_digest);
    object.set_text(schema_digest, wanted.schema_digest);
    object.set_text(activated_at, wanted.activated_at);
    if (adds_views) {
      object.set_value(materialized_views, [&](json_writer& write) { write_views(write, wanted.views); });
    } else if (takes_views_out) {
      object.remove(materialized_views);
    }
    object.finish();
  }

  void edit_views(const adapters_index::adapter_place& place, const adapter& owner) {
    named_entries entries(into_, layout_, place.views_value, line_of(place.views_name_at));
    for (std::size_t i = place.first_view; i < place.first_view + place.view_count; ++i) {
      const auto& old = index_.views[i];
      const auto found = owner.views.find(old.name);
      const bool stays = found != owner.views.end();
      entries.add_old(old.name, old.whole, stays);
      if (stays && !is_unchanged({place.name, old.name}, found->second)) edit_view(old, found->second);
    }
    add_missing(entries, owner.views, write_view);
  }

  void edit_view(const adapters_index::view_place& place, const view& wanted) {
    // Only a changed view is read again, to see which of its members changed.
    lockfile_restorer scratch;
    view old;
    [[maybe_unused]] const auto end =
        view_decoder({into_.base().view()}, scratch).decode(place.value_at, 4, old);
    BOOST_ASSERT(end.has_value());  // the index comes from decoding this text

    object_edit object(into_, layout_, view_schema_members, place.whole.begin, place.value_at);
    object.set_text(view_digest, wanted.view_digest);
    object.set_text(view_status_text, wanted.status.text());
    object.set_text(last_rebuilt_at, wanted.last_rebuilt_at);
    object.set_text(last_validation_at, wanted.last_validation_at);
    set_list(object, depends_on, dependency_schema_members, all_texts(old.depends_on),
             all_texts(wanted.depends_on), plan_dependencies);
    set_list(object, state_history, entry_schema_members, all_texts(old.state_history.entries()),
             all_texts(wanted.state_history.entries()), plan_history);
    object.finish();
  }

  void set_list(object_edit& object, view_member member, object_schema schema,
                std::span<const item_texts> old, std::vector<item_texts> wanted,
                list_plan (*make_plan)(std::span<const item_texts>, std::vector<item_texts>)) {
    if (std::ranges::equal(old, wanted)) return;
    if (wanted.empty()) {
      object.remove(member);
    } else if (const auto* list = object.array(member)) {
      edit_list(into_, layout_, schema, *list, make_plan(old, std::move(wanted)));
    } else {
      object.set_value(member, [&](json_writer& write) { write_list(write, schema, wanted); });
    }
  }

  splice& into_;
  const json_layout& layout_;
  const adapters_index& index_;
  const lockfile& wanted_;
  /// Null when the wanted entries know by themselves whether they changed.
  const lockfile* before_;
};

}  // namespace

void encode_adapters(splice& into, const json_layout& layout, const adapters_index& index,
                     const lockfile& wanted, const lockfile* before) {
  section_encoder(into, layout, index, wanted, before).encode();
}

void write_adapters(json_writer& write, const lockfile& file) {
  write.begin_object();
  for (const auto& [name, entry] : file.adapters()) {
    write.name(name);
    write_adapter(write, entry);
  }
  write.end_object();
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
