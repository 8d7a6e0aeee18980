#include "agentslock/io/detail/entry_places.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/printers.hpp"

namespace agentslock {

inline void PrintTo(const text_range& range, std::ostream* out) {
  PrintTo(range.begin, out);
  PrintTo(range.end, &(*out << "-"));
}

namespace {

entry_places places_in(std::string_view text) {
  return entry_places(lock_document::parse(text_buffer(text), "document").value().document);
}

text_range on_line(std::size_t line, std::size_t begin, std::size_t end) {
  return {{line, begin}, {line, end}};
}

TEST(EntryPlaces, AreThoseOfTheNames) {
  const auto places = places_in(R"({
  "adapters": {
    "crg": {"schema_digest": "v"},
    "comp": {
      "materialized_views": {
        "v": {"view_status": "ready"},
        "w": {}
      }
    }
  }
}
)");
  EXPECT_EQ(places.of_adapter("crg"), on_line(3, 5, 10));
  EXPECT_EQ(places.of_adapter("comp"), on_line(4, 5, 11));
  EXPECT_EQ(places.of_view({"comp", "v"}), on_line(6, 9, 12));
  EXPECT_EQ(places.of_view({"comp", "w"}), on_line(7, 9, 12));
}

TEST(EntryPlaces, AreNoneOfWhatIsNotThere) {
  const auto places = places_in(
      R"({"adapters": {"crg": {"materialized_views": null}, "comp": {"materialized_views": {"v": {}}}}})");
  EXPECT_EQ(places.of_adapter("v"), std::nullopt);
  EXPECT_EQ(places.of_view({"crg", "v"}), std::nullopt);
  EXPECT_EQ(places.of_view({"comp", "crg"}), std::nullopt);
  EXPECT_EQ(places.of_view({"none", "v"}), std::nullopt);
  for (std::string_view empty : {"{}", R"({"adapters": null})", R"({"adapters": {}, "crg": {"comp": {}}})"})
    EXPECT_EQ(places_in(empty).of_adapter("crg"), std::nullopt) << empty;
}

TEST(EntryPlaces, AreFoundByWhatANameSaysHoweverItIsSpelt) {
  // \u0063 is c; the place is that of the spelling.
  const auto places =
      places_in(R"({"adapters": {"\u0063rg": {"materialized_views": {"\u00e9\n": {}, "a\"b": {}}}}})");
  EXPECT_EQ(places.of_adapter("crg"), on_line(1, 15, 25));
  EXPECT_EQ(places.of_view({"crg", "\u00e9\n"}), on_line(1, 51, 61));
  EXPECT_EQ(places.of_view({"crg", "a\"b"}), on_line(1, 67, 73));
}

TEST(EntryPlaces, CountCharactersAndOnlyLineFeedsEndLines) {
  const auto places = places_in(
      "{\"x\": \"\u00e9\U0001F600\",\r\n\"adapters\": {\"\u65e5\u672c\": {\"materialized_views\":\r{\"v\": "
      "{}}}}}");
  EXPECT_EQ(places.of_adapter("\u65e5\u672c"), on_line(2, 14, 18));
  EXPECT_EQ(places.of_view({"\u65e5\u672c", "v"}), on_line(2, 44, 47));
}

TEST(EntryPlaces, AreThePositionsOfTheNamesBytes) {
  // Many entries on one line, and on many: each against position_of, which counts from the beginning.
  for (const std::string_view gap : {" ", "\n", "\u00a0"}) {
    std::string text = "{\"adapters\": {";
    const std::string foreign =
        gap == "\u00a0" ? "\"x\": \"\u00a0\"" : std::string("\"x\":") + std::string(gap) + "1";
    for (int a = 0; a < 20; ++a) {
      text += (a > 0 ? "," : "") + std::string("\"a") + std::to_string(a) + "\": {" + foreign +
              ", \"materialized_views\": {";
      for (int v = 0; v < 30; ++v)
        text += (v > 0 ? "," : "") + std::string("\"a") + std::to_string(a) + "v" + std::to_string(v) +
                "\": {" + foreign + "}";
      text += "}}";
    }
    text += "}}";
    const auto places = places_in(text);
    for (int a = 0; a < 20; ++a) {
      for (int v = 0; v < 30; ++v) {
        const std::string owner = "a" + std::to_string(a), name = owner + "v" + std::to_string(v);
        const std::size_t at = text.find("\"" + name + "\"");
        const auto found = places.of_view({owner, name});
        ASSERT_TRUE(found) << name;
        EXPECT_EQ(found->begin, position_of(text, at)) << name;
        EXPECT_EQ(found->end, position_of(text, at + name.size() + 2)) << name;
      }
    }
  }
}

TEST(EntryPlaces, OutliveTheDocument) {
  std::optional<entry_places> places;
  {
    const auto parsed = lock_document::parse(text_buffer(R"({"adapters": {"crg": {}}})"), "document").value();
    places.emplace(parsed.document);
  }
  EXPECT_EQ(places->of_adapter("crg"), on_line(1, 15, 20));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
