#include "agentslock/io/presence.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "agentslock/io/digest.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using columns = std::vector<column>;

TEST(SchemaDigest, IsThatOfTheDocumentedText) {
  EXPECT_EQ(schema_digest(columns{{"id", "INTEGER", false, 1}, {"name", "TEXT", true, 0}}),
            digest("agentslock-view-schema-1\n[\"id\",\"INTEGER\",0,1]\n[\"name\",\"TEXT\",1,0]\n"));
  EXPECT_EQ(schema_digest({}), digest("agentslock-view-schema-1\n"));
  EXPECT_EQ(schema_digest(columns{{"a\"<\n\\é\u2028", "", true, 12}}),
            digest("agentslock-view-schema-1\n[\"a\\\"\\u003c\\n\\\\é\\u2028\",\"\",1,12]\n"));
}

TEST(SchemaDigest, NeverChangesFromOneReleaseToTheNext) {
  // Recorded digests are compared with this one: another text would make every view of every project mismatch.
  EXPECT_EQ(schema_digest(columns{{"id", "INTEGER", false, 1}, {"name", "TEXT", true, 0}}),
            "sha256:8f2a6d083565af7910b65d3fff5cab1937a62c93b2c1192497a63e37725d08b9");
}

TEST(SchemaDigest, SeesEveryFactAboutEveryColumn) {
  const columns base{{"a", "TEXT", false, 0}, {"b", "INT", true, 1}};
  std::vector<columns> others(9, base);
  others[0][0].name = "A";
  others[1][0].declared_type = "text";
  others[2][0].not_null = true;
  others[3][0].primary_key_position = 2;
  others[4][1].primary_key_position = 2;
  others[5] = {base[1], base[0]};
  others[6] = {base[0]};
  others[7].push_back(base[0]);
  others[8] = {};
  std::map<std::string, std::size_t> seen{{schema_digest(base), 99}};
  for (std::size_t i = 0; i < others.size(); ++i) {
    const auto [at, is_new] = seen.emplace(schema_digest(others[i]), i);
    EXPECT_TRUE(is_new) << i << " has the digest of " << at->second;
  }
}

TEST(SchemaDigest, NoNameCanPassItselfOffAsAnotherColumn) {
  const columns honest[] = {
      {{"a", "TEXT", false, 0}, {"b", "INT", true, 1}},
      {{"a\",\"TEXT\",0,0]\n[\"b", "INT", true, 1}},
      {{"a", "TEXT\",0,0]\n[\"b\",\"INT", true, 1}},
      {{"a", "TEXT", false, 0}, {"b\",\"INT\",1,1]\n", "", true, 1}},
      {{"a\\", "TEXT", false, 0}},
      {{"a", "\\TEXT", false, 0}},
      {{"a,", "TEXT", false, 0}},
      {{"a", ",TEXT", false, 0}},
      {{"", "aTEXT", false, 0}},
      {{"aTEXT", "", false, 0}},
      {{"a\n", "TEXT", false, 0}},
      {{"a\\n", "TEXT", false, 0}},
      {{"a<", "TEXT", false, 0}},
      {{"a\\u003c", "TEXT", false, 0}},
  };
  std::map<std::string, std::size_t> seen;
  std::size_t number = 0;
  for (const columns& one : honest) {
    const auto [at, is_new] = seen.emplace(schema_digest(one), number++);
    EXPECT_TRUE(is_new) << number << " has the digest of " << at->second + 1;
  }
}

TEST(FunctionPresence, AsksTheFunctionAndAddsNothing) {
  std::vector<std::string> asked;
  function_presence source([&](view_key key) -> result<stored_view> {
    asked.push_back(to_string(key));
    if (key.view == "there") return stored_view("sha256:x");
    if (key.view == "gone") return stored_view();
    return error(errc::store_unreachable, "no answer");
  });
  presence_source& as_any = source;
  EXPECT_EQ(*as_any.find({"a", "there"}), "sha256:x");
  EXPECT_EQ(*as_any.find({"a", "gone"}), std::nullopt);
  EXPECT_EQ(as_any.find({"a", "x"}).error().code(), errc::store_unreachable);
  EXPECT_EQ(asked, (std::vector<std::string>{"a/there", "a/gone", "a/x"}));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
