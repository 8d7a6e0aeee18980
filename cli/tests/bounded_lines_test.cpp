#include "bounded_lines.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "path_line.hpp"

namespace agentslock::cli {
namespace {

/// What comes out of a text that is read through a pipe.
std::vector<bounded_line> lines_of(const std::string& text) {
  int ends[2];
  if (::pipe(ends) != 0) return {};
  std::jthread writer([&] {
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t written = ::write(ends[1], text.data() + at, text.size() - at);
      if (written <= 0) break;
      at += static_cast<std::size_t>(written);
    }
    ::close(ends[1]);
  });
  bounded_lines lines(ends[0], path_bytes_max);
  std::vector<bounded_line> all;
  for (;;) {
    const auto some = lines.next(3);
    if (some.empty()) break;
    all.insert(all.end(), some.begin(), some.end());
  }
  writer.join();
  ::close(ends[0]);
  return all;
}

TEST(BoundedLines, ALineIsWhatStandsBetweenNewlines) {
  const auto lines = lines_of("a\n\n b \r\nlast");
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].text, "a");
  EXPECT_EQ(lines[1].text, "");
  EXPECT_EQ(lines[2].text, " b \r");
  EXPECT_EQ(lines[3].text, "last");
}

TEST(BoundedLines, ALineThatIsTooLongIsOneThatIsCutAndTheNextIsWhole) {
  // Around the limit, and around the block that is read at once.
  for (std::size_t size : {4095U, 4096U, 4097U, 8192U, 16383U, 16384U, 16385U, 40960U, 1000000U}) {
    const auto lines = lines_of("first\n" + std::string(size, 'x') + "\nnext\n");
    ASSERT_EQ(lines.size(), 3U) << size;
    EXPECT_EQ(lines[1].is_cut, size > 4095) << size;
    EXPECT_EQ(lines[1].text, std::string(std::min<std::size_t>(size, 4095), 'x'));
    EXPECT_EQ(lines[2].text, "next");
    EXPECT_FALSE(lines[2].is_cut);
  }
}

TEST(BoundedLines, ALineWithoutAnEndIsToldOnceAndBeforeItsEnd) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  bounded_lines lines(ends[0], path_bytes_max);
  const std::string part(5000, 'x');
  ASSERT_EQ(::write(ends[1], part.data(), part.size()), 5000);
  EXPECT_TRUE(lines.next(10).at(0).is_cut);
  ASSERT_EQ(::write(ends[1], part.data(), part.size()), 5000);
  ::close(ends[1]);
  EXPECT_TRUE(lines.next(10).empty());
  ::close(ends[0]);
}

TEST(BoundedLines, HalfALineIsNotToldWhereReadingFails) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  ASSERT_EQ(::write(ends[1], "whole\nha", 8), 8);
  // Who closes a socket before he has read what he was sent resets it.
  ASSERT_EQ(::write(ends[0], "x", 1), 1);
  ::close(ends[1]);
  bounded_lines lines(ends[0], path_bytes_max);
  EXPECT_EQ(lines.next(10).at(0).text, "whole");
  EXPECT_TRUE(lines.next(10).empty());
  EXPECT_EQ(lines.failure().value(), ECONNRESET);
  ::close(ends[0]);
}

TEST(CheckPathLine, WhatCanBeNoPathIsRefusedBeforeItIsCleaned) {
  EXPECT_TRUE(check_path_line({std::string(255, 'n') + "/../doc", false}));
  EXPECT_EQ(check_path_line({std::string(256, 'n') + "/../doc", false}).error().code(), errc::name_too_long);
  EXPECT_EQ(check_path_line({"doc/../" + std::string(256, 'n'), false}).error().code(), errc::name_too_long);
  EXPECT_EQ(check_path_line({"./doc", true}).error().code(), errc::name_too_long);
  EXPECT_TRUE(check_path_line({"", false}));
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
