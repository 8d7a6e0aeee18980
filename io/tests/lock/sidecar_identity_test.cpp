#include "agentslock/io/detail/sidecar_identity.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>
#include <string_view>

namespace agentslock {
namespace {

wall_time nanoseconds(std::int64_t count) {
  return wall_time(std::chrono::nanoseconds(count));
}

const sidecar_identity plain{4242, nanoseconds(1782907200000000000), "9f86d081884c7d659a2feaa0c55ad015", {}};

TEST(SidecarIdentity, IsWrittenOneItemALine) {
  EXPECT_EQ(to_text(plain), "4242\n1782907200000000000\n9f86d081884c7d659a2feaa0c55ad015\n");
  sidecar_identity with_mark = plain;
  with_mark.mark = queue_mark{"6a1f-boot", {65024, 1048577}};
  EXPECT_EQ(to_text(with_mark), to_text(plain) + "boot 6a1f-boot\ngate 65024 1048577\n");
}

TEST(SidecarIdentity, IsReadBackAsItWasWritten) {
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  constexpr auto largest_id = std::numeric_limits<std::uint64_t>::max();
  const sidecar_identity identities[] = {
      plain,
      {1, nanoseconds(0), "0", {}},
      {largest, nanoseconds(largest), std::string(32, 'f'), {}},
      {7, nanoseconds(8), "t", queue_mark{"b", {0, 0}}},
      {7, nanoseconds(8), "t", queue_mark{"a boot with spaces", {largest_id, largest_id}}},
  };
  for (const sidecar_identity& one : identities)
    EXPECT_EQ(parse_identity(to_text(one)), one) << to_text(one);
}

TEST(SidecarIdentity, TwoLinesMakeOne) {
  // What an old Go tool put into the holder file of its directory.
  for (std::string_view text :
       {"4242\n1782907200000000000\n", "4242\n1782907200000000000", "4242\r\n1782907200000000000\r\n"}) {
    const auto identity = parse_identity(text);
    ASSERT_TRUE(identity) << text;
    EXPECT_EQ(identity->process, 4242);
    EXPECT_EQ(identity->acquired, plain.acquired);
    EXPECT_EQ(identity->token, "");
    EXPECT_EQ(identity->mark, std::nullopt);
  }
}

TEST(SidecarIdentity, LineEndingsOfOtherSystemsAreTaken) {
  EXPECT_EQ(parse_identity("4242\r\n1782907200000000000\r\n9f86d081884c7d659a2feaa0c55ad015\r\n"), plain);
  sidecar_identity with_mark = plain;
  with_mark.mark = queue_mark{"b", {1, 2}};
  EXPECT_EQ(parse_identity(
                "4242\r\n1782907200000000000\r\n9f86d081884c7d659a2feaa0c55ad015\r\nboot b\r\ngate 1 2\r\n"),
            with_mark);
  EXPECT_EQ(parse_identity("4242\n1782907200000000000\n9f86d081884c7d659a2feaa0c55ad015"), plain);
}

TEST(SidecarIdentity, LinesThatAreNotUnderstoodArePassedOver) {
  const std::string head = to_text(plain);
  for (std::string_view rest :
       {"future line\n", "boot b\n", "gate 1 2\nboot b\n", "boot \ngate 1 2\n", "boot b\ngate 1\n",
        "boot b\ngate 1 2 3\n", "boot b\ngate x 2\n", "boot b\ngate 1 -2\n",
        "boot b\ngate 18446744073709551616 1\n", "\n\n\n", "\xFF\xFE\n", "x\nboot b\ngate 1 2\n"}) {
    EXPECT_EQ(parse_identity(head + std::string(rest)), plain) << rest;
  }
  EXPECT_EQ(parse_identity(head + "boot b\ngate 1 2\nsomething new\n")->mark, (queue_mark{"b", {1, 2}}));
}

TEST(SidecarIdentity, WhatHasNoProcessAndNoTimeIsNone) {
  using namespace std::string_literals;
  for (const std::string& text : {""s,
                                  "\n"s,
                                  "4242"s,
                                  "4242\n"s,
                                  "4242\n\n"s,
                                  "x\n1\nt\n"s,
                                  "4242\nx\nt\n"s,
                                  "\n1782907200000000000\nt\n"s,
                                  "0\n1\nt\n"s,
                                  "-1\n1\nt\n"s,
                                  "4242\n-1\nt\n"s,
                                  "+4242\n1\nt\n"s,
                                  " 4242\n1\nt\n"s,
                                  "4242 \n1\nt\n"s,
                                  "4242\n1\t\nt\n"s,
                                  "42 42\n1\nt\n"s,
                                  "4242x\n1\nt\n"s,
                                  "4242\n1x\nt\n"s,
                                  "0x10\n1\nt\n"s,
                                  "4.2\n1\nt\n"s,
                                  "9223372036854775808\n1\nt\n"s,
                                  "4242\n9223372036854775808\nt\n"s,
                                  "99999999999999999999999999\n1\nt\n"s,
                                  "4242\0\n1\nt\n"s,
                                  "\0\0\0\0"s,
                                  "{\"pid\":4242}"s,
                                  "\xEF\xBB\xBF"
                                  "4242\n1\nt\n"s,
                                  "\x7F"
                                  "ELF\x02\x01\x01\0\n1\n"s}) {
    EXPECT_EQ(parse_identity(text), std::nullopt) << text;
  }
}

TEST(SidecarIdentity, ALongTextIsNone) {
  const std::string head = to_text(plain);
  const std::size_t room = sidecar_identity::size_bytes_max - head.size();
  EXPECT_EQ(parse_identity(head + std::string(room, 'x')), plain);
  EXPECT_EQ(parse_identity(head + std::string(room + 1, 'x')), std::nullopt);
  EXPECT_EQ(parse_identity(std::string(10'000'000, '1')), std::nullopt);
}

TEST(SidecarIdentity, TheNamespaceOfItsProcessIsOneMoreLine) {
  sidecar_identity marked = plain;
  marked.mark = queue_mark{"b", {1, 2}, 4026531836};
  EXPECT_EQ(to_text(marked), to_text(plain) + "boot b\ngate 1 2\npids 4026531836\n");
  EXPECT_EQ(parse_identity(to_text(marked)), marked);
  for (std::string_view line :
       {"pids", "pids ", "pids x", "pids -1", "pids 18446744073709551616", "other 7"}) {
    const auto read = parse_identity(to_text(plain) + "boot b\ngate 1 2\n" + std::string(line) + "\n");
    ASSERT_TRUE(read && read->mark) << line;
    EXPECT_EQ(read->mark->pid_namespace, 0U) << line;
  }
}

TEST(SidecarText, IsAnIdentityTheRemainsOfOneOrForeign) {
  using namespace std::string_literals;
  const std::string whole = to_text(plain);
  EXPECT_EQ(kind_of(whole), sidecar_text::identity);
  EXPECT_EQ(kind_of("4242\n1782907200000000000\n"), sidecar_text::identity);
  // Every cut of an identity is its remains, until its first two lines are whole; so is every cut with NULs after it.
  const std::size_t two_lines = whole.find('\n', whole.find('\n') + 1) + 1;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    EXPECT_EQ(kind_of(cut), size < two_lines ? sidecar_text::remains : sidecar_text::identity) << cut;
    EXPECT_EQ(kind_of(cut + "\0\0\0"s), sidecar_text::remains) << cut;
  }
  EXPECT_EQ(kind_of(std::string(4096, '\0')), sidecar_text::remains);
  EXPECT_EQ(kind_of(std::string(4097, '\0')), sidecar_text::foreign);
  for (const std::string& text : {"{}"s, "x"s, "4242 "s, "-1\n5\n"s, "0\n5\n"s, "4242\nx"s, "4242\n5x\n"s,
                                  "\n"s, "\0004242\n"s, "4242\n\0005\n"s, "99999999999999999999"s})
    EXPECT_EQ(kind_of(text), sidecar_text::foreign) << text;
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
