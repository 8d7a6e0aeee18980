#include "schema_edit.hpp"

#include <algorithm>
#include <utility>

namespace agentslock {

named_entries::named_entries(splice& into, const json_layout& layout, text_span container, line_indent owner)
    : into_(into), layout_(layout), place_{layout, std::move(owner)}, container_{container, {}} {}

void named_entries::add_old(std::string_view name, text_span whole, bool stays) {
  container_.items.push_back({{}, whole, {}});
  names_.push_back(name);
  stays_.push_back(stays);
  if (stays) ++kept_;
}

bool named_entries::has(std::string_view name) {
  if (!kept_names_) {
    kept_names_.emplace();
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (stays_[i]) kept_names_->add(names_[i]);
    }
  }
  return kept_names_->find(name).has_value();
}

void named_entries::add_new(std::string_view name, value_writer write_value) {
  json_writer write(layout_, place_.items(into_.base().view(), container_));
  write_value(write);
  added_.push_back({name, quote(name) + layout_.colon + std::move(write).text()});
}

void named_entries::add_new_bytes(std::string_view name, std::string_view member) {
  added_.push_back({name, std::string(member)});
}

void named_entries::finish() {
  if (added_.empty() && kept_ == names_.size()) return;
  const bool in_order = std::ranges::is_sorted(names_);
  std::vector<planned_item> plan;
  auto next = added_.begin();
  for (std::size_t i = 0; i <= names_.size(); ++i) {
    const bool at_end = i == names_.size();
    while (next != added_.end() && (at_end || (in_order && next->name < names_[i]))) {
      plan.push_back(planned_item::make(std::move((next++)->text)));
    }
    if (!at_end && stays_[i]) plan.push_back(planned_item::keep(i));
  }
  edit_container(into_, container_, plan, place_);
}

object_edit::object_edit(splice& into, const json_layout& layout, object_schema schema, std::size_t line_at,
                         std::size_t object_at)
    : into_(into),
      layout_(layout),
      schema_(schema),
      place_{layout, indent_before(into.base().view(), line_at)},
      container_(list_container(into.base().view(), object_at)),
      removed_(container_.items.size()) {}

std::optional<std::size_t> object_edit::item_of(std::size_t member) const {
  const auto found = std::ranges::find(container_.items, schema_[member].name, &json_container::item::name);
  if (found == container_.items.end()) return std::nullopt;
  return static_cast<std::size_t>(found - container_.items.begin());
}

void object_edit::set_text(std::size_t member, std::string_view text) {
  const auto item = item_of(member);
  if (!item) {
    if (!text.empty()) set_value(member, [&](json_writer& write) { write.string(text); });
    return;
  }
  const std::string_view old = container_.items[*item].value.in(into_.base().view());
  if ((old == "null" ? std::string() : unquote(old)) == text) return;
  if (text.empty() && schema_[member].left_out_when_empty) {
    removed_[*item] = true;
  } else {
    into_.replace(container_.items[*item].value, quote(text));
  }
}

void object_edit::set_value(std::size_t member, value_writer write_value) {
  json_writer write(layout_, item_indent());
  write_value(write);
  if (const auto item = item_of(member)) {
    into_.replace(container_.items[*item].value, std::move(write).text());
  } else {
    added_.push_back({member, quote(schema_[member].name) + layout_.colon + std::move(write).text()});
  }
}

void object_edit::remove(std::size_t member) {
  if (const auto item = item_of(member)) removed_[*item] = true;
}

const json_container::item* object_edit::array(std::size_t member) const {
  const auto item = item_of(member);
  if (!item || into_.base().view()[container_.items[*item].value.begin] != '[') return nullptr;
  return &container_.items[*item];
}

void object_edit::finish() {
  // Members of ours by their number; those that are not ours have none.
  struct placed {
    std::optional<std::size_t> number;
    planned_item item;
  };
  std::vector<placed> members;
  for (std::size_t i = 0; i < container_.items.size(); ++i) {
    if (!removed_[i]) {
      members.push_back({find_member(schema_, container_.items[i].name), planned_item::keep(i)});
    }
  }
  if (added_.empty() && members.size() == container_.items.size()) return;

  for (new_member& added : added_) {
    // After the nearest member that the schema has before it, else before the nearest after it, else last.
    auto before = members.end();
    auto after = members.end();
    for (auto it = members.begin(); it != members.end(); ++it) {
      if (!it->number) continue;
      if (*it->number < added.number && (before == members.end() || *before->number < *it->number))
        before = it;
      if (*it->number > added.number && (after == members.end() || *it->number < *after->number)) after = it;
    }
    members.insert(before != members.end() ? before + 1 : after,
                   {added.number, planned_item::make(std::move(added.text))});
  }
  std::vector<planned_item> plan;
  plan.reserve(members.size());
  for (placed& member : members)
    plan.push_back(std::move(member.item));
  edit_container(into_, container_, plan, place_);
}

namespace {

/// Makes the flat object at this place say these texts.
void edit_item(splice& into, const json_layout& layout, object_schema schema, text_span item,
               const item_texts& texts) {
  const std::string_view text = into.base().view();
  if (text[item.begin] != '{') {  // null: an item with empty members
    if (std::ranges::all_of(texts, &std::string_view::empty)) return;
    json_writer write(layout, indent_before(text, item.begin));
    write_item(write, schema, texts);
    into.replace(item, std::move(write).text());
    return;
  }
  object_edit object(into, layout, schema, item.begin, item.begin);
  for (std::size_t i = 0; i < schema.size(); ++i)
    object.set_text(i, texts[i]);
  object.finish();
}

}  // namespace

void edit_list(splice& into, const json_layout& layout, object_schema schema,
               const json_container::item& member, const list_plan& plan) {
  const std::string_view text = into.base().view();
  const json_container list = list_container(text, member.value.begin);
  const container_layout place{layout, indent_before(text, member.whole.begin)};

  std::vector<std::size_t> goes_on;
  for (const auto& from : plan.from) {
    if (from) goes_on.push_back(*from);
  }
  const bool same_order = std::ranges::is_sorted(goes_on);

  std::vector<planned_item> items;
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    if (!plan.from[i]) {
      json_writer write(layout, place.items(text, list));
      write_item(write, schema, plan.items[i]);
      items.push_back(planned_item::make(std::move(write).text()));
      continue;
    }
    const text_span old = list.items[*plan.from[i]].value;
    if (same_order) {
      edit_item(into, layout, schema, old, plan.items[i]);
      items.push_back(planned_item::keep(*plan.from[i]));
    } else {
      splice moved(into.base());
      edit_item(moved, layout, schema, old, plan.items[i]);
      items.push_back(planned_item::make(moved.text_of(old)));
    }
  }
  edit_container(into, list, items, place);
}

void write_item(json_writer& write, object_schema schema, const item_texts& texts) {
  write.begin_object();
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (texts[i].empty() && schema[i].left_out_when_empty) continue;
    write.name(schema[i].name);
    write.string(texts[i]);
  }
  write.end_object();
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
