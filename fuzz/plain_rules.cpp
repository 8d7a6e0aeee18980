#include "plain_rules.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

#include "../properties/laws/json_tree.hpp"
#include "../properties/laws/shown.hpp"
#include "../properties/reference/plain_document.hpp"
#include "../properties/reference/plain_lockfile.hpp"
#include "agentslock/io/detail/entry_places.hpp"
#include "agentslock/io/lock_document.hpp"
#include "agentslock/kernel/detail/utf8.hpp"

namespace agentslock::fuzz {
namespace {

using laws::json_member;
using laws::json_node;
using kind = json_node::kind;
using names = std::set<std::string>;

/// Recursion as deep as the text, which the reader of the tree has bounded.
std::size_t depth_of(const json_node& node) {
  std::size_t deepest = 0;
  for (const json_member& one : node.members)
    deepest = std::max(deepest, depth_of(one.value));
  for (const json_node& one : node.items)
    deepest = std::max(deepest, depth_of(one));
  return node.what == kind::object || node.what == kind::array ? deepest + 1 : 0;
}

bool has_repeated_name(const json_node& object) {
  names seen;
  return !std::ranges::all_of(object.members,
                              [&](const json_member& one) { return seen.insert(one.name()).second; });
}

/// A name in lower case, as the Go tool folds it.
std::string folded(std::string text) {
  const auto replace = [&](std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;)
      text.replace(at, from.size(), to);
  };
  replace("\u017F", "s");
  replace("\u212A", "k");
  for (char& c : text)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// An object of ours: no name twice, none that only differs from one of ours in case.
bool has_good_names(const json_node& object, const names& ours) {
  return !has_repeated_name(object) && std::ranges::none_of(object.members, [&](const json_member& one) {
    return !ours.contains(one.name()) && ours.contains(folded(one.name()));
  });
}

bool is_null_or(const json_node* node, kind wanted) {
  return node == nullptr || node->is_null() || node->what == wanted;
}

bool has_texts(const json_node& object, const names& leaves) {
  return std::ranges::all_of(
      leaves, [&](const std::string& name) { return is_null_or(object.find(name), kind::string); });
}

bool is_good_list(const json_node* list, const names& members) {
  if (!is_null_or(list, kind::array)) return false;
  return list == nullptr || std::ranges::all_of(list->items, [&](const json_node& item) {
           return item.is_null() ||
                  (item.what == kind::object && has_good_names(item, members) && has_texts(item, members));
         });
}

bool is_good_view(const json_node& view) {
  const names leaves{"view_digest", "view_status", "last_rebuilt_at", "last_validation_at"};
  names ours = leaves;
  ours.insert({"depends_on", "state_history"});
  return view.what == kind::object && has_good_names(view, ours) && has_texts(view, leaves) &&
         is_good_list(view.find("depends_on"), {"adapter", "schema_digest", "version"}) &&
         is_good_list(view.find("state_history"), {"at", "from", "to", "trigger"});
}

bool is_good_adapter(const json_node& adapter) {
  const names leaves{"source_digest", "schema_digest", "activated_at"};
  names ours = leaves;
  ours.insert("materialized_views");
  if (adapter.what != kind::object || !has_good_names(adapter, ours) || !has_texts(adapter, leaves))
    return false;
  const json_node* views = adapter.find("materialized_views");
  if (!is_null_or(views, kind::object)) return false;
  return views == nullptr || (!has_repeated_name(*views) &&
                              std::ranges::all_of(views->members, is_good_view, &json_member::value));
}

bool is_good_section(const json_node* section) {
  if (!is_null_or(section, kind::object)) return false;
  return section == nullptr || (!has_repeated_name(*section) &&
                                std::ranges::all_of(section->members, is_good_adapter, &json_member::value));
}

bool is_of_version_1(const json_node& document) {
  const json_node* version = document.find("lock_version");
  if (version == nullptr) return true;
  return version->what == kind::other && std::strtod(version->spelling.c_str(), nullptr) == 1.0;
}

bool is_good_document(std::string_view text, version_rule rule) {
  const auto tree = laws::read_json(text);
  if (!tree || !is_utf8(text) || tree->what != kind::object) return false;
  if (depth_of(*tree) > json_depth_max || has_repeated_name(*tree)) return false;
  return (rule != version_rule::any && !is_of_version_1(*tree)) || is_good_section(tree->find("adapters"));
}

/// A refusal of a document names it, has a place in it, and is one of those that parse lists.
laws::breach is_good_error(const error& why) {
  const std::set<std::string_view> listed{"not_json",
                                          "conflict_marks",
                                          "wrong_encoding",
                                          "lfs_pointer",
                                          "encrypted",
                                          "not_an_object",
                                          "too_deep",
                                          "too_large",
                                          "number_out_of_range",
                                          "repeated_name",
                                          "name_differs_in_case",
                                          "wrong_type"};
  if (!why.position()) return "it is refused without a place: " + why.message();
  if (!why.message().starts_with("document:")) return "the message names no document: " + why.message();
  return listed.contains(name(why.code())) ? laws::breach()
                                           : "it is refused as " + std::string(name(why.code()));
}

/// The byte at which a position is: lines end in line feeds, columns count characters.
std::size_t offset_of(std::string_view text, text_position at) {
  std::size_t offset = 0;
  for (std::size_t line = 1; line < at.line; ++line)
    offset = text.find('\n', offset) + 1;
  for (std::size_t column = 1; column < at.column; ++column) {
    ++offset;
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80)
      ++offset;
  }
  return offset;
}

bool stands_at(std::string_view text, std::string_view name, const std::optional<text_range>& place) {
  if (!place || place->begin.line != place->end.line) return false;
  const std::size_t begin = offset_of(text, place->begin);
  const auto read = laws::read_json(text.substr(begin, offset_of(text, place->end) - begin));
  return read && read->what == kind::string && read->text() == name;
}

}  // namespace

laws::breach every_entry_stands_where_it_is_said_to(std::string_view text) {
  const auto read = lock_document::parse(text_buffer(text), "document", version_rule::any);
  if (!read) return laws::kept;
  const entry_places places(read->document);
  for (const auto& [adapter_name, owner] : read->adapters.adapters()) {
    if (!stands_at(text, adapter_name, places.of_adapter(adapter_name)))
      return "adapter " + laws::shown(adapter_name) + " does not stand there";
    for (const auto& [view_name, entry] : owner.views) {
      if (!stands_at(text, view_name, places.of_view({adapter_name, view_name})))
        return "view " + laws::shown(view_name) + " does not stand there";
    }
    const std::string_view nobody = "no view of this name";
    if (!owner.views.contains(nobody) && places.of_view({adapter_name, nobody}))
      return "a view that is not there has a place";
  }
  return laws::kept;
}

laws::breach a_document_is_taken_exactly_when_it_is_one(std::string_view text) {
  for (const version_rule rule : {version_rule::only_version_1, version_rule::any}) {
    const auto read = lock_document::parse(text_buffer(text), "document", rule);
    if (!read) {
      if (auto broken = is_good_error(read.error())) return broken;
    }
    if (!read && read.error().code() == errc::number_out_of_range) continue;
    if (read && is_good_document(text, rule)) continue;
    if (!read && !is_good_document(text, rule)) continue;
    return read ? "it is taken, and is none" : "it is one, and is refused: " + read.error().message();
  }
  return laws::kept;
}

laws::breach a_document_says_what_the_plain_reader_says(std::string_view text) {
  const auto read = lock_document::parse(text_buffer(text), "document", version_rule::any);
  if (!read) return laws::kept;
  const auto tree = laws::read_json(text);
  std::vector<std::string> names;
  for (const json_member& one : tree->members) {
    const std::string name = one.name();
    if (name == "lock_version" || name == "inputs_digest") continue;
    names.push_back(name);
    const auto value = read->document.section(name);
    if (value != text.substr(one.value.begin, one.value.end - one.value.begin))
      return "section " + laws::shown(name) + " is another";
  }
  if (!std::ranges::equal(read->document.section_names(), names)) return "its sections are others";
  const json_node* digest = tree->find("inputs_digest");
  const bool has_digest = digest != nullptr && digest->what == kind::string;
  if (read->document.inputs_digest() != (has_digest ? std::optional(digest->text()) : std::nullopt))
    return "its inputs_digest is another";
  const auto really = reference::plain(read->adapters);
  const auto plainly = reference::adapters_in(*tree);
  if (really == plainly) return laws::kept;
  return "its adapters are\n" + to_string(really) + "and not\n" + to_string(plainly);
}

}  // namespace agentslock::fuzz
// SPDX-License-Identifier: Apache-2.0
