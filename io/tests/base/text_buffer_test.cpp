#include "agentslock/io/text_buffer.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <utility>

namespace agentslock {
namespace {

TEST(TextBuffer, OwnsACopyOfTheTextThatItIsMadeOf) {
  std::string text("a\0b", 3);
  const text_buffer buffer{std::string_view(text)};
  text[0] = 'x';
  EXPECT_EQ(buffer.view(), std::string_view("a\0b", 3));
}

TEST(TextBuffer, CopiesShareOneText) {
  const text_buffer buffer(std::string_view("shared"));
  const text_buffer copy = buffer;
  EXPECT_EQ(copy.view().data(), buffer.view().data());
  EXPECT_EQ(copy.owner(), buffer.owner());
  const text_buffer twin(std::string_view("shared"));
  EXPECT_NE(twin.owner(), buffer.owner()) << "another text, though it says the same";
}

TEST(TextBuffer, ItsOwnerKeepsTheTextAlive) {
  std::shared_ptr<const void> owner;
  std::string_view borrowed;
  {
    const text_buffer buffer(std::string_view("a text that is long enough to be on the heap"));
    owner = buffer.owner();
    borrowed = buffer.view();
  }
  EXPECT_EQ(borrowed, "a text that is long enough to be on the heap");
}

TEST(TextBuffer, TakesTheBeginningOfAFilledArray) {
  auto bytes = std::make_shared<char[]>(8);
  std::memcpy(bytes.get(), "abcdefgh", 8);
  const text_buffer buffer(bytes, 3);
  EXPECT_EQ(buffer.view(), "abc");
  EXPECT_EQ(buffer.view().data(), bytes.get());
}

TEST(TextBuffer, IsEmptyOnceItWasMovedFrom) {
  text_buffer from(std::string_view("abc"));
  text_buffer to = std::move(from);
  EXPECT_EQ(from.view(), "");  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(to.view(), "abc");
  from = text_buffer(std::string_view("de"));
  to = std::move(from);
  EXPECT_EQ(from.view(), "");  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(to.view(), "de");
}

TEST(TextBuffer, MayBeEmpty) {
  EXPECT_EQ(text_buffer().view(), "");
  EXPECT_EQ(text_buffer().owner(), nullptr);
  EXPECT_EQ(text_buffer(std::string_view()).view(), "");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
