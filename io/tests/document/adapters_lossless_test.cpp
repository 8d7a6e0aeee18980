// Bytes are sacred: in documents of no regular layout, with members that nobody knows, every operation changes what
// it must and not a byte else.
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "adapters_schema.hpp"
#include "agentslock/io/detail/adapters_codec.hpp"
#include "support/adapters_text.hpp"
#include "support/adapters_world.hpp"
#include "support/printers.hpp"
#include "support/scrambled_document.hpp"

namespace agentslock {
namespace {

using testing::decode_in;
using testing::operation;
using testing::same_text;

decoded_adapters decoded(const text_buffer& text) {
  auto section = decode_in(text);
  if (!section) throw std::runtime_error(section.error().what + "\n" + std::string(text.view()));
  return std::move(*section);
}

/// A decoded document, with its text.
struct read_document {
  explicit read_document(std::string_view from) : text(from), section(decoded(text)) {}

  [[nodiscard]] std::string_view view() const { return text.view(); }

  text_buffer text;
  decoded_adapters section;
};

/// The bytes of the members that nobody knows, in their order.
std::vector<std::string> unknown_members(std::string_view text, std::size_t object_at, object_schema schema) {
  std::vector<std::string> unknown;
  if (text[object_at] != '{') return unknown;
  for (const auto& item : list_container(text, object_at).items) {
    if (!find_member(schema, item.name)) unknown.emplace_back(item.whole.in(text));
  }
  return unknown;
}

/// Known members that say the same texts as before must stand in the same bytes.
void expect_same_leaves(std::string_view old_text, std::size_t old_at, std::string_view new_text,
                        std::size_t new_at) {
  const json_container now = list_container(new_text, new_at);
  for (const auto& before : list_container(old_text, old_at).items) {
    if (old_text[before.value.begin] != '"') continue;
    for (const auto& after : now.items) {
      if (after.name != before.name || new_text[after.value.begin] != '"') continue;
      if (unquote(after.value.in(new_text)) == unquote(before.value.in(old_text))) {
        EXPECT_EQ(after.whole.in(new_text), before.whole.in(old_text));
      }
    }
  }
}

std::vector<json_container::item> items_of(std::string_view text, std::size_t object_at,
                                           std::string_view name) {
  for (const auto& member : list_container(text, object_at).items) {
    if (member.name == name && text[member.value.begin] == '[') {
      return list_container(text, member.value.begin).items;
    }
  }
  return {};
}

/// Of a list that changed: what stays (the adapter of a dependency, the end of a log) keeps what nobody knows.
void expect_unknown_in_lists(const read_document& old, std::size_t old_at, const view& before,
                             const read_document& now, std::size_t new_at, const view& after) {
  const auto old_deps = items_of(old.view(), old_at, "depends_on");
  const auto new_deps = items_of(now.view(), new_at, "depends_on");
  ASSERT_EQ(new_deps.size(), after.depends_on.size());
  for (std::size_t i = 0; i < old_deps.size(); ++i) {
    for (std::size_t k = 0; k < new_deps.size(); ++k) {
      if (before.depends_on[i].adapter != after.depends_on[k].adapter) continue;
      EXPECT_EQ(unknown_members(now.view(), new_deps[k].value.begin, dependency_schema_members),
                unknown_members(old.view(), old_deps[i].value.begin, dependency_schema_members));
      expect_same_leaves(old.view(), old_deps[i].value.begin, now.view(), new_deps[k].value.begin);
    }
  }
  const auto old_log = items_of(old.view(), old_at, "state_history");
  const auto new_log = items_of(now.view(), new_at, "state_history");
  const auto entries = after.state_history.entries();
  ASSERT_EQ(new_log.size(), entries.size());
  for (std::size_t i = 0; i < old_log.size(); ++i) {
    for (std::size_t k = 0; k < new_log.size(); ++k) {
      if (before.state_history.entries()[i] != entries[k]) continue;
      EXPECT_EQ(new_log[k].whole.in(now.view()), old_log[i].whole.in(old.view()));
    }
  }
}

void expect_only_what_must_change(const read_document& old, const lockfile& before, const read_document& now,
                                  const lockfile& wanted) {
  ASSERT_EQ(now.section.file, wanted);
  const auto& old_index = old.section.index;
  const auto& new_index = now.section.index;
  EXPECT_EQ(now.view().substr(0, new_index.value.begin), old.view().substr(0, old_index.value.begin));
  EXPECT_EQ(now.view().substr(new_index.value.end), old.view().substr(old_index.value.end));

  std::map<std::string_view, const adapters_index::adapter_place*> new_places;
  for (const auto& place : new_index.adapters)
    new_places[place.name] = &place;
  for (const auto& place : old_index.adapters) {
    const adapter* entry = wanted.find_adapter(place.name);
    if (entry == nullptr) continue;
    const auto& there = *new_places.at(place.name);
    const adapter& was = *before.find_adapter(place.name);
    if (*entry == was) {
      EXPECT_EQ(there.whole.in(now.view()), place.whole.in(old.view()));
      continue;
    }
    EXPECT_EQ(unknown_members(now.view(), there.value_at, adapter_schema_members),
              unknown_members(old.view(), place.value_at, adapter_schema_members));
    expect_same_leaves(old.view(), place.value_at, now.view(), there.value_at);
    std::map<std::string_view, const adapters_index::view_place*> new_views;
    for (std::size_t i = 0; i < there.view_count; ++i) {
      const auto& one = new_index.views[there.first_view + i];
      new_views[one.name] = &one;
    }
    for (std::size_t i = 0; i < place.view_count; ++i) {
      const auto& old_view = old_index.views[place.first_view + i];
      const view_key key{place.name, old_view.name};
      if (wanted.find_view(key) == nullptr) continue;
      const auto& new_view = *new_views.at(old_view.name);
      if (*wanted.find_view(key) == *before.find_view(key)) {
        EXPECT_EQ(new_view.whole.in(now.view()), old_view.whole.in(old.view()));
        continue;
      }
      EXPECT_EQ(unknown_members(now.view(), new_view.value_at, view_schema_members),
                unknown_members(old.view(), old_view.value_at, view_schema_members));
      expect_same_leaves(old.view(), old_view.value_at, now.view(), new_view.value_at);
      expect_unknown_in_lists(old, old_view.value_at, *before.find_view(key), now, new_view.value_at,
                              *wanted.find_view(key));
    }
  }
}

std::string encoded(const read_document& old, const lockfile& wanted, const lockfile* before = nullptr) {
  splice into(old.text);
  const json_layout layout = detect_layout(old.view(), list_container(old.view(), old.view().find('{')));
  encode_adapters(into, layout, old.section.index, wanted, before);
  return std::string(into.text().view());
}

TEST(EncodeAdapters, InDocumentsOfNoLayoutEveryOperationChangesOnlyWhatItMust) {
  const lockfile world = testing::adapters_world();
  const auto operations = testing::operations_on_world();
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const std::string text = testing::scrambled_document(seed).write(world);
    for (const operation& one : operations) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", " + one.name);
      read_document old(text);
      ASSERT_EQ(old.section.file, world);
      one.apply(old.section.file);
      const std::string result = encoded(old, old.section.file);
      expect_only_what_must_change(old, world, read_document(result), old.section.file);

      // What was decoded from elsewhere gives the same text.
      lockfile foreign = testing::rebuilt(world);
      one.apply(foreign);
      const read_document untouched(text);
      EXPECT_TRUE(same_text(encoded(untouched, foreign, &untouched.section.file), result));
      if (HasFailure()) return;  // one seed's report is long enough
    }
  }
}

TEST(EncodeAdapters, InDocumentsOfNoLayoutNoChangeMakesNoEdit) {
  const lockfile world = testing::adapters_world();
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    const read_document old(testing::scrambled_document(seed).write(world));
    EXPECT_TRUE(same_text(encoded(old, old.section.file), old.view()));
    EXPECT_TRUE(same_text(encoded(old, testing::rebuilt(world), &old.section.file), old.view()));
    // Even when nothing is known of what the text says.
    const lockfile unknown;
    EXPECT_TRUE(same_text(encoded(old, testing::rebuilt(world), &unknown), old.view()));
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
