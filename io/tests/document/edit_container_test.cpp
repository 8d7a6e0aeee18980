// Every small container with every plan: held against a container that is written with the planned items at once.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/json_splice.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

struct named_layout {
  const char* name;
  json_layout layout;
};

const named_layout layouts[] = {
    {"two spaces", {}},
    {"four spaces", {"\n", "    ", ": ", " ", ""}},
    {"tabs", {"\n", "\t", ": ", " ", ""}},
    {"CRLF", {"\r\n", "  ", ": ", " ", ""}},
    {"no indentation", {"\n", "", ": ", " ", ""}},
    {"one line, tight", {"", "", ":", "", ""}},
    {"one line, spaced", {"", "", ": ", " ", ""}},
    {"one line, padded", {"", "", " : ", "  ", " "}},
};

/// A container in a document, in the writer's own way.
std::string document_with(const std::vector<std::string>& items, const json_layout& layout, bool object) {
  json_writer write(layout, "");
  write.begin_object();
  write.name("before");
  write.value("1.0");
  write.name("here");
  object ? write.begin_object() : write.begin_array();
  for (const std::string& item : items) {
    if (object) write.name("k" + item);
    write.value(item);
  }
  object ? write.end_object() : write.end_array();
  write.name("after");
  write.value("[1]");
  write.end_object();
  return std::move(write).text();
}

/// An item's own text, as a caller of edit_container makes it.
std::string item_text(const std::string& item, const json_layout& layout, bool object,
                      const line_indent& indent) {
  json_writer write(layout, indent);
  write.value(item);
  const std::string value = std::move(write).text();
  return object ? quote("k" + item) + layout.colon + value : value;
}

json_container container_in(std::string_view text) {
  const json_container document = list_container(text, text.find('{'));
  return list_container(text, document.items[1].value.begin);
}

/// One container and one plan for it.
struct plan_case {
  std::size_t old_count = 0;
  /// Which old ones stay, and before each of those, and at the end, how many new ones come.
  std::vector<std::size_t> kept;
  std::vector<std::size_t> news;
};

void check(const plan_case& one, const named_layout& in, bool object) {
  std::vector<std::string> old;
  for (std::size_t i = 0; i < one.old_count; ++i)
    old.push_back(i % 2 == 0 ? std::to_string(i) + ".0" : "\"o\"");
  const std::string text = document_with(old, in.layout, object);
  const json_container container = container_in(text);
  const json_container whole = list_container(text, text.find('{'));
  const container_layout place{in.layout, indent_before(text, whole.items[1].whole.begin)};

  std::vector<planned_item> plan;
  std::vector<std::string> wanted;
  const auto add_new = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      wanted.push_back(std::to_string(100 + plan.size()));
      plan.push_back(
          planned_item::make(item_text(wanted.back(), in.layout, object, place.items(text, container))));
    }
  };
  for (std::size_t k = 0; k < one.kept.size(); ++k) {
    add_new(one.news[k]);
    plan.push_back(planned_item::keep(one.kept[k]));
    wanted.push_back(old[one.kept[k]]);
  }
  add_new(one.news.back());

  splice edited{text_buffer(text)};
  edit_container(edited, container_in(edited.base().view()), plan, place);
  ASSERT_EQ(edited.text().view(), document_with(wanted, in.layout, object)) << in.name << "\n" << text;
  ASSERT_EQ(edited.changes_nothing(), wanted == old);
  ASSERT_EQ(edited.size(), edited.text().view().size());

  // The bytes of what stays are those of the base, not equal ones.
  std::size_t shared = 0;
  const std::string_view base = edited.base().view();
  for (std::string_view piece : edited.pieces()) {
    if (piece.data() >= base.data() && piece.data() < base.data() + base.size()) shared += piece.size();
  }
  std::size_t kept_bytes = container.span.begin + 1 + (text.size() - container.span.end + 1);
  for (std::size_t i : one.kept)
    kept_bytes += container.items[i].whole.size();
  ASSERT_GE(shared, kept_bytes) << in.name << "\n" << text;
}

TEST(EditContainer, EverySmallPlanGivesWhatWritingItAtOnceWouldGive) {
  std::size_t cases = 0;
  for (const named_layout& in : layouts) {
    for (const bool object : {false, true}) {
      for (std::size_t old_count = 0; old_count <= 4; ++old_count) {
        for (std::size_t subset = 0; subset < (std::size_t{1} << old_count); ++subset) {
          plan_case one{old_count, {}, {}};
          for (std::size_t i = 0; i < old_count; ++i) {
            if ((subset >> i & 1U) != 0) one.kept.push_back(i);
          }
          std::size_t combinations = 3;
          for (std::size_t i = 0; i < one.kept.size(); ++i)
            combinations *= 3;
          for (std::size_t code = 0; code < combinations; ++code) {
            one.news.clear();
            for (std::size_t i = 0, rest = code; i <= one.kept.size(); ++i, rest /= 3)
              one.news.push_back(rest % 3);
            ASSERT_NO_FATAL_FAILURE(check(one, in, object));
            ++cases;
          }
        }
      }
    }
  }
  // 3 (1 + 3)^n plans for n old items.
  EXPECT_EQ(cases, std::size(layouts) * 2 * 3 * (1 + 4 + 16 + 64 + 256));
}

/// Edits the container `here` of a text and returns the text.
std::string edited(std::string_view text, std::vector<planned_item> plan) {
  splice into{text_buffer(text)};
  const json_container document = list_container(text, text.find('{'));
  const json_layout layout = detect_layout(text, document);
  for (const auto& item : document.items) {
    if (item.name != "here") continue;
    edit_container(into, list_container(text, item.value.begin), plan,
                   {layout, indent_before(text, item.whole.begin)});
  }
  return std::string(into.text().view());
}

TEST(EditContainer, IrregularWhiteSpaceAroundWhatStaysIsKept) {
  constexpr std::string_view text = "{\n  \"here\": [ 1 ,\n\n     2,3\t, 4 ]\n}";
  using item = planned_item;
  EXPECT_EQ(edited(text, {item::keep(0), item::keep(2), item::keep(3)}), "{\n  \"here\": [ 1,3\t, 4 ]\n}");
  EXPECT_EQ(edited(text, {item::keep(1), item::keep(2), item::keep(3)}), "{\n  \"here\": [ 2,3\t, 4 ]\n}");
  EXPECT_EQ(edited(text, {item::keep(0), item::keep(1), item::keep(2)}),
            "{\n  \"here\": [ 1 ,\n\n     2,3 ]\n}");
  EXPECT_EQ(edited(text, {item::keep(0), item::keep(1), item::keep(2), item::keep(3), item::make("5")}),
            "{\n  \"here\": [ 1 ,\n\n     2,3\t, 4, 5 ]\n}");
  EXPECT_EQ(edited(text, {}), "{\n  \"here\": []\n}");
}

TEST(EditContainer, ContainersOnOneLineOfALongDocumentStayOnOneLine) {
  using item = planned_item;
  EXPECT_EQ(edited("{\n  \"here\": [1, 2]\n}", {item::make("0"), item::keep(0), item::keep(1)}),
            "{\n  \"here\": [0, 1, 2]\n}");
  EXPECT_EQ(edited("{\n  \"here\": {\"a\": 1}\n}", {item::make("\"b\": 2")}), "{\n  \"here\": {\"b\": 2}\n}");
}

TEST(EditContainer, AnEmptyOneInALongDocumentGetsLines) {
  using item = planned_item;
  EXPECT_EQ(edited("{\n  \"here\": [ ]\n}", {item::make("1"), item::make("2")}),
            "{\n  \"here\": [\n    1,\n    2\n  ]\n}");
  EXPECT_EQ(edited("{\n  \"here\": []\n}", {}), "{\n  \"here\": []\n}");
  // Nothing is asked for, so not even its odd inside is touched.
  EXPECT_EQ(edited("{\n  \"here\": [ \n ]\n}", {}), "{\n  \"here\": [ \n ]\n}");
}

TEST(EditContainer, AnEmptyOneWhoseOwnerBeginsNoLineStaysOnOneLine) {
  EXPECT_EQ(edited("{\n  \"x\": 1, \"here\": []\n}", {planned_item::make("1")}),
            "{\n  \"x\": 1, \"here\": [1]\n}");
}

TEST(EditContainer, ALineLayoutInADocumentOfOneLineStaysJson) {
  const std::string text =
      edited("{\"x\":1,\"here\": [\n  1\n]}", {planned_item::keep(0), planned_item::make("2")});
  const json_container here = list_container(text, text.find('['));
  ASSERT_EQ(here.items.size(), 2U);
  EXPECT_EQ(here.items[0].value.in(text), "1");
  EXPECT_EQ(here.items[1].value.in(text), "2");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
