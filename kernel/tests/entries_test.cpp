#include "agentslock/kernel/entries.hpp"

#include <gtest/gtest.h>

namespace agentslock {
namespace {

TEST(Entries, AKeyIsAPairAndItsTextIsForPeopleOnly) {
  const view_key one{"a/b", "c"};
  const view_key other{"a", "b/c"};
  EXPECT_EQ(to_string(one), to_string(other));
  EXPECT_NE(one, other);
  EXPECT_LT(other, one);
  EXPECT_EQ(to_string(other), "a/b/c");
  EXPECT_EQ(to_string(view_key()), "/");
}

TEST(Entries, AViewReadsFromTheAdaptersThatItRecords) {
  view entry;
  EXPECT_FALSE(entry.reads_from("a"));
  entry.depends_on.push_back({"a", "d1", ""});
  entry.depends_on.push_back({"b", "d2", ""});
  EXPECT_TRUE(entry.reads_from("a"));
  EXPECT_TRUE(entry.recorded_schema("a", "d1"));
  EXPECT_FALSE(entry.recorded_schema("a", "d2"));
  EXPECT_FALSE(entry.recorded_schema("c", "d1"));
}

TEST(Entries, OneOfTwoRecordsOfAnAdapterWithAnotherSchemaIsEnoughToDiffer) {
  view entry;
  entry.depends_on.push_back({"a", "d1", ""});
  entry.depends_on.push_back({"a", "d2", ""});
  EXPECT_FALSE(entry.recorded_schema("a", "d1"));
  EXPECT_FALSE(entry.recorded_schema("a", "d2"));
}

TEST(Entries, ComparingLooksAtWhatTheySayAndNotAtTheMark) {
  view a;
  view b;
  a.touched = true;
  EXPECT_EQ(a, b);
  b.view_digest = "x";
  EXPECT_FALSE(a == b);

  adapter c;
  adapter d;
  c.touched = true;
  EXPECT_EQ(c, d);
  d.views.emplace("v", view());
  EXPECT_FALSE(c == d);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
