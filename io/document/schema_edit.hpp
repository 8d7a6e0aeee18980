// Editing the three kinds of container that our section is made of: a map of named entries, an object of known
// members, a list of flat objects. Private to the io layer.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters_schema.hpp"
#include "agentslock/io/detail/json_splice.hpp"
#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/kernel/function_ref.hpp"
#include "name_index.hpp"

namespace agentslock {

using value_writer = function_ref<void(json_writer&)>;

/// A map of entries by name: the document, the section, an adapter's views. Old entries stay in their order; a
/// new one goes to its place in byte order when the old names are in order, else to the end.
class named_entries {
 public:
  /// `owner` is the indentation of the line on which the map's own name begins.
  named_entries(splice& into, const json_layout& layout, text_span container, line_indent owner);

  /// The next entry of the text, and whether it stays.
  void add_old(std::string_view name, text_span whole, bool stays);
  /// How many old entries stay.
  [[nodiscard]] std::size_t kept() const noexcept { return kept_; }
  /// Whether an entry of this name stays.
  [[nodiscard]] bool has(std::string_view name);
  /// An entry that the text does not have. Precondition: all old ones were added; new ones come in byte order.
  void add_new(std::string_view name, value_writer write_value);
  /// The same with the bytes of a member, its name and its value.
  void add_new_bytes(std::string_view name, std::string_view member);
  /// Adds the edits. The last call.
  void finish();

 private:
  splice& into_;
  const json_layout& layout_;
  container_layout place_;
  json_container container_;
  std::vector<std::string_view> names_;
  std::vector<bool> stays_;
  std::size_t kept_ = 0;
  /// The names that stay; made when it is first asked for.
  std::optional<name_index> kept_names_;
  struct new_entry {
    std::string_view name;
    std::string text;
  };
  std::vector<new_entry> added_;
};

/// An object whose members a schema names. A member that is set to what it says already keeps its bytes; so
/// does every member that is not ours.
class object_edit {
 public:
  /// `line_at` is where the object's name begins, or in a list the object.
  object_edit(splice& into, const json_layout& layout, object_schema schema, std::size_t line_at,
              std::size_t object_at);

  /// Makes a member say a text. An empty one is not added, and is taken out if the schema says so.
  void set_text(std::size_t member, std::string_view text);
  /// Replaces a member's value, or adds the member.
  void set_value(std::size_t member, value_writer write_value);
  void remove(std::size_t member);
  /// The member, when its value is an array.
  [[nodiscard]] const json_container::item* array(std::size_t member) const;
  /// Adds the edits. The last call.
  void finish();

 private:
  [[nodiscard]] std::optional<std::size_t> item_of(std::size_t member) const;
  [[nodiscard]] line_indent item_indent() const { return place_.items(into_.base().view(), container_); }

  splice& into_;
  const json_layout& layout_;
  object_schema schema_;
  container_layout place_;
  json_container container_;
  std::vector<bool> removed_;
  struct new_member {
    std::size_t number;
    std::string text;
  };
  std::vector<new_member> added_;
};

/// One flat object of a list: its texts, in its schema's order.
using item_texts = std::array<std::string_view, 4>;

/// A list as it is to be: for each item its texts, and the old item that it goes on from, if any.
struct list_plan {
  std::vector<item_texts> items;
  std::vector<std::optional<std::size_t>> from;
};

/// Edits a member whose value is an array. An item that goes on from an old one keeps that one's bytes but for
/// the texts that differ.
void edit_list(splice& into, const json_layout& layout, object_schema schema,
               const json_container::item& list, const list_plan& plan);

/// Writes one flat object.
void write_item(json_writer& write, object_schema schema, const item_texts& texts);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
