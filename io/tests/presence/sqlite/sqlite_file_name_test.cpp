#include <gtest/gtest.h>

#include <set>
#include <string>

#include "agentslock/io/sqlite_presence.hpp"

namespace agentslock {
namespace {

using namespace std::string_literals;

TEST(SqliteFileName, IsPercentEncoded) {
  EXPECT_EQ(sqlite_file_name("crg"), "kg_crg.db");
  EXPECT_EQ(sqlite_file_name("a-b_c.D9"), "kg_a-b_c.D9.db");
  EXPECT_EQ(sqlite_file_name(""), "kg_.db");
  EXPECT_EQ(sqlite_file_name(".."), "kg_...db");
  EXPECT_EQ(sqlite_file_name("../../x"), "kg_..%2F..%2Fx.db");
  EXPECT_EQ(sqlite_file_name("/"), "kg_%2F.db");
  EXPECT_EQ(sqlite_file_name("%2F"), "kg_%252F.db");
  EXPECT_EQ(sqlite_file_name("a b?c#d"), "kg_a%20b%3Fc%23d.db");
  EXPECT_EQ(sqlite_file_name("é\U0001F600"), "kg_%C3%A9%F0%9F%98%80.db");
  EXPECT_EQ(sqlite_file_name("a\0b"s), "kg_a%00b.db");
  EXPECT_EQ(sqlite_file_name("a\n\x7F"), "kg_a%0A%7F.db");
}

TEST(SqliteFileName, IsInjectiveAndNeverLeadsOutOfADirectory) {
  std::set<std::string> seen;
  const auto check = [&](const std::string& name) {
    const std::string file = sqlite_file_name(name);
    ASSERT_TRUE(seen.insert(file).second) << file;
    ASSERT_EQ(file.find_first_of("/\0"s), std::string::npos);
    ASSERT_TRUE(file.starts_with("kg_"));
  };
  check("");
  for (int a = 0; a < 256; ++a) {
    check(std::string(1, static_cast<char>(a)));
    for (int b = 0; b < 256; ++b)
      check({static_cast<char>(a), static_cast<char>(b)});
  }
  for (const char* name : {"...", "%2F", "%2f", "%25", "%252F", "kg_", "a.db", "%%%", "../x", "..%2Fx"})
    check(name);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
