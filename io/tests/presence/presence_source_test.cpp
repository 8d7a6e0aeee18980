// What every source says, whatever its engine: each engine's test program runs this.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "support/presence_store.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::in_words;
using testing::presence_store;
using columns = std::vector<column>;
using names = std::vector<std::string>;

class PresenceSource : public ::testing::Test {
 protected:
  void expect(std::string_view adapter, std::string_view view, const columns& of) {
    EXPECT_EQ(in_words(store->source()->find({adapter, view})), schema_digest(of)) << adapter << "/" << view;
  }
  void expect_absent(std::string_view adapter, std::string_view view) {
    EXPECT_EQ(in_words(store->source()->find({adapter, view})), "absent") << adapter << "/" << view;
  }
  [[nodiscard]] column integer(const std::string& name, int key = 0) const {
    return {name, store->words().integer, key != 0 && store->words().key_is_not_null, key};
  }
  [[nodiscard]] column text(const std::string& name, bool not_null = false) const {
    return {name, store->words().text, not_null, 0};
  }

  const std::unique_ptr<presence_store> store = testing::make_presence_store();
};

TEST_F(PresenceSource, ATableIsThereWithTheDigestOfItsSchema) {
  store->put("comp",
             "CREATE TABLE v (id INTEGER PRIMARY KEY, name TEXT NOT NULL, \"odd <name>\" TEXT, "
             "b varchar(10) DEFAULT 'x');");
  expect(
      "comp", "v",
      {integer("id", 1), text("name", true), text("odd <name>"), {"b", store->words().short_text, false, 0}});
}

TEST_F(PresenceSource, WhatIsNotThereIsAbsent) {
  store->put("comp", "CREATE TABLE other (id INTEGER);");
  store->put("another", "CREATE TABLE v (id INTEGER);");
  expect_absent("comp", "v");
  expect_absent("comp", "");
  expect_absent("comp", "other'; DROP TABLE other; --");
  expect_absent("comp", "comp.other");
  expect_absent("missing", "v");
  expect_absent("", "v");
  expect("comp", "other", {integer("id")});
}

TEST_F(PresenceSource, NamesAreExact) {
  store->put(
      "comp",
      "CREATE TABLE \"Summary\" (a TEXT); CREATE TABLE \"with \"\"quotes\"\" and %\" (b TEXT);"
      "CREATE TABLE \"é\" (c TEXT); CREATE TABLE \"{a,\\b}\" (d TEXT); CREATE TABLE \"NULL\" (e TEXT);");
  expect("comp", "Summary", {text("a")});
  for (const char* other :
       {"summary", "SUMMARY", "Summar_", "Summary%", "Summary ", "\"Summary\"", "e\u0301"})
    expect_absent("comp", other);
  expect("comp", "with \"quotes\" and %", {text("b")});
  expect("comp", "é", {text("c")});
  expect("comp", "{a,\\b}", {text("d")});
  expect("comp", "NULL", {text("e")});
}

TEST_F(PresenceSource, AdaptersWithNastyNamesHavePlacesOfTheirOwn) {
  const names adapters{"a/b",      "../x",   "..",   "%",    "%2F", "a?mode=rwc", "#",   "é",     "a b",
                       ":memory:", "file:x", "Comp", "comp", "a.b", "a\"b",       "a'b", "public"};
  for (const std::string& adapter : adapters) {
    std::string quoted;
    for (const char c : adapter)
      quoted.append(c == '"' ? 2 : 1, c);
    store->put(adapter, "CREATE TABLE v (\"" + quoted + "\" TEXT);");
  }
  for (const std::string& adapter : adapters)
    expect(adapter, "v", {text(adapter)});
  expect_absent("a", "v");
  expect_absent("COMP", "v");
}

TEST_F(PresenceSource, AViewIsThere) {
  store->put("comp",
             "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
             "CREATE VIEW v AS SELECT name, id FROM t;");
  expect("comp", "v", {text("name"), integer("id")});
}

TEST_F(PresenceSource, TheDigestSeesEveryChangeOfASchemaAndNothingElse) {
  std::set<std::string> digests;
  int number = 0;
  const auto digest_of = [&](const std::string& schema) {
    const std::string adapter = "n" + std::to_string(number++);
    store->put(adapter, schema);
    return in_words(store->source()->find({adapter, "v"}));
  };
  for (const char* schema :
       {"CREATE TABLE v (a TEXT, b INTEGER)", "CREATE TABLE v (b INTEGER, a TEXT)",
        "CREATE TABLE v (a TEXT, \"B\" INTEGER)", "CREATE TABLE v (a TEXT, b BIGINT)",
        "CREATE TABLE v (a varchar(5), b INTEGER)", "CREATE TABLE v (a varchar(6), b INTEGER)",
        "CREATE TABLE v (a TEXT NOT NULL, b INTEGER)", "CREATE TABLE v (a TEXT PRIMARY KEY, b INTEGER)",
        "CREATE TABLE v (a TEXT, b INTEGER PRIMARY KEY)",
        "CREATE TABLE v (a TEXT, b INTEGER, PRIMARY KEY (a, b))",
        "CREATE TABLE v (a TEXT, b INTEGER, PRIMARY KEY (b, a))",
        "CREATE TABLE v (a TEXT, b INTEGER, c TEXT)", "CREATE TABLE v (a TEXT)"}) {
    const std::string digest = digest_of(schema);
    EXPECT_TRUE(digest.starts_with("sha256:") && digests.insert(digest).second) << schema << ": " << digest;
  }
  const std::string first = digest_of("CREATE TABLE v (a TEXT, b INTEGER)");
  for (const char* same :
       {"CREATE TABLE v (a TEXT, b INTEGER); INSERT INTO v VALUES ('x', 1); CREATE INDEX i ON v (a);",
        "CREATE TABLE v (a TEXT DEFAULT 'q', b INTEGER CHECK (b > 0))",
        "CREATE TABLE v (a TEXT UNIQUE, b INTEGER)",
        "create table v (x TEXT); drop table v; create table v(a TEXT,b INTEGER)",
        "CREATE TABLE v (gone TEXT, a TEXT, b INTEGER); ALTER TABLE v DROP COLUMN gone",
        "CREATE TABLE w (x TEXT, b INTEGER); ALTER TABLE w RENAME TO v; ALTER TABLE v RENAME COLUMN x TO a"})
    EXPECT_EQ(digest_of(same), first) << same;
}

TEST_F(PresenceSource, AChangeIsSeenByASourceThatIsInUse) {
  store->put("comp", "CREATE TABLE v (a TEXT);");
  const auto source = store->source();
  EXPECT_EQ(in_words(source->find({"comp", "v"})), schema_digest(columns{text("a")}));
  store->put("comp", "DROP TABLE v; CREATE TABLE v (b TEXT); CREATE TABLE w (c TEXT);");
  EXPECT_EQ(in_words(source->find({"comp", "v"})), schema_digest(columns{text("b")}));
  EXPECT_EQ(in_words(source->find({"new", "v"})), "absent");
  store->put("new", "CREATE TABLE v (d TEXT);");
  EXPECT_EQ(in_words(source->find({"new", "v"})), schema_digest(columns{text("d")}));
  store->put("comp", "DROP TABLE v;");
  EXPECT_EQ(in_words(source->find({"comp", "v"})), "absent");
}

TEST_F(PresenceSource, ManyAreAnsweredInTheirOrderEachAsOftenAsItIsAsked) {
  store->put("comp", "CREATE TABLE v (a TEXT); CREATE VIEW w AS SELECT a FROM v; CREATE TABLE x (b TEXT);");
  const std::string a = schema_digest(columns{text("a")});
  const std::string b = schema_digest(columns{text("b")});
  const std::vector<std::string_view> asked{"x", "no", "v", "x", "w", "", "v"};
  EXPECT_EQ(in_words(store->source()->find_views("comp", asked)), (names{b, "absent", a, b, a, "absent", a}));
  EXPECT_EQ(in_words(store->source()->find_views("missing", asked)), names(asked.size(), "absent"));
  EXPECT_EQ(in_words(store->source()->find_views("comp", {})), names{});
}

TEST_F(PresenceSource, AdaptersAreAskedInAnyOrderAndMoreThanOnce) {
  store->put("a", "CREATE TABLE v (a TEXT);");
  store->put("b", "CREATE TABLE v (b TEXT); CREATE TABLE w (c TEXT);");
  const std::vector<view_key> keys{{"b", "w"}, {"a", "v"}, {"missing", "v"}, {"b", "v"}, {"a", "w"}};
  const names expected{schema_digest(columns{text("c")}), schema_digest(columns{text("a")}), "absent",
                       schema_digest(columns{text("b")}), "absent"};
  const auto source = store->source();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(in_words(find_all(*source, keys)), expected);
}

TEST_F(PresenceSource, WhatIsThereIsListed) {
  store->put("b", "CREATE TABLE t (a TEXT); CREATE VIEW s AS SELECT a FROM t; CREATE TABLE \"Z\" (a TEXT);");
  store->put("a", "CREATE TABLE alone (a INTEGER PRIMARY KEY, b TEXT UNIQUE);");
  const auto listing = store->listing();
  EXPECT_EQ(listing->adapters().value(), (names{"a", "b"}));
  EXPECT_EQ(listing->views("b").value(), (names{"Z", "s", "t"}));
  EXPECT_EQ(listing->views("a").value(), names{"alone"});
  EXPECT_EQ(listing->views("c").value(), names{});
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
