// A large file that two threads read, and that is looked at meanwhile.
#include "shared_reading.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>

#include "agentslock/io/lockfile_store.hpp"
#include "support/any_size.hpp"
#include "support/temporary_directory.hpp"
#include "whole_file.hpp"

namespace agentslock::testing {
namespace {

constexpr std::size_t large_bytes = std::size_t{3} << 20;

/// A document of more than `large_bytes`, a member a line.
const std::string& large_document() {
  static const std::string document = [] {
    std::string text = "{\n";
    for (int i = 0; text.size() < large_bytes; ++i)
      text += "  \"member " + std::to_string(i) + "\": [" + std::to_string(i) + ", \"some text\\n\"],\n";
    return text + "  \"lock_version\": 1\n}\n";
  }();
  return document;
}

class SharedReading : public ::testing::Test {
 protected:
  /// Opens it and begins to read, into `capacity` bytes.
  void begin(const std::string& what, std::size_t capacity) {
    file = ::open(what.c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_GE(file, 0);
    bytes = std::make_shared<char[]>(capacity);
    reading = shared_reading::begin(platform::system(), file, bytes, capacity);
  }
  ~SharedReading() override {
    if (reading) reading->stop();
    if (file >= 0) ::close(file);
  }

  const temporary_directory directory;
  const std::string& text = large_document();
  const std::string path = directory.make_file("large", text);
  int file = -1;
  std::shared_ptr<char[]> bytes;
  std::shared_ptr<shared_reading> reading;
};

TEST_F(SharedReading, WhatHasArrivedIsTheTextUpToTheEndOfALine) {
  for (int round = 0; round < 20; ++round) {
    begin(path, text.size() + 1);
    for (std::size_t looked_at = 0; looked_at < text.size();) {
      const std::size_t arrived = reading->beyond(looked_at);
      ASSERT_GT(arrived, looked_at);
      ASSERT_EQ(std::string_view(bytes.get() + looked_at, arrived - looked_at),
                std::string_view(text).substr(looked_at, arrived - looked_at));
      ASSERT_EQ(text[arrived - 1], '\n');
      looked_at = arrived;
    }
    EXPECT_EQ(reading->beyond(text.size()), text.size());
    const auto size = reading->finish();
    ASSERT_TRUE(size);
    EXPECT_EQ(*size, text.size());
    ::close(file);
  }
}

TEST_F(SharedReading, ATextWithoutLinesArrivesWhole) {
  const std::string one_line(large_bytes, ' ');
  begin(directory.make_file("one line", one_line), one_line.size() + 1);
  EXPECT_EQ(reading->beyond(0), one_line.size());
  EXPECT_EQ(reading->finish().value(), one_line.size());
}

TEST_F(SharedReading, IsFinishedByWhoLooksAtNothing) {
  begin(path, text.size() + 1);
  EXPECT_EQ(reading->finish().value(), text.size());
  EXPECT_EQ(reading->finish().value(), text.size());
}

TEST_F(SharedReading, SaysThatTheFileIsLongerOrShorter) {
  begin(path, text.size());  // the text is to have one byte less
  EXPECT_EQ(reading->beyond(text.size()), text.size() - 1);
  EXPECT_EQ(reading->finish().value(), text.size());
  ::close(file);

  begin(path, text.size() + 1000);
  EXPECT_EQ(reading->beyond(text.size()), text.size());
  EXPECT_EQ(reading->finish().value(), text.size());
}

TEST_F(SharedReading, ThatFailsEndsWithTheError) {
  begin(directory.path(), 1000);
  EXPECT_EQ(reading->beyond(0), 0U);
  const auto size = reading->finish();
  ASSERT_FALSE(size);
  EXPECT_EQ(size.error().value(), EISDIR);
}

TEST_F(SharedReading, ThatIsStoppedTouchesNothingMore) {
  for (int round = 0; round < 50; ++round) {
    begin(path, text.size() + 1);
    reading->stop();
    EXPECT_LE(reading->beyond(text.size()), text.size());
    reading.reset();
    bytes.reset();
    ::close(file);
  }
  file = -1;
}

TEST_F(SharedReading, TheTextThatIsReturnedIsTheOneThatWasShown) {
  text_buffer shown;
  const auto read = read_whole_file(platform::system(), path, any_size,
                                    early_reader([&](const text_buffer& early, text_arrival& arrival) {
                                      shown = early;
                                      EXPECT_EQ(arrival.beyond(text.size()), text.size());
                                    }));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text.view(), text);
  EXPECT_EQ(read->text.owner(), shown.owner());
}

TEST_F(SharedReading, WhatTheReaderThrowsComesOut) {
  const auto read = [&] {
    return read_whole_file(
        platform::system(), path, any_size,
        early_reader([](const text_buffer&, text_arrival&) { throw std::runtime_error("enough"); }));
  };
  EXPECT_THROW((void)read(), std::runtime_error);
}

TEST_F(SharedReading, ALargeDocumentIsLoadedAsItIs) {
  const lockfile_store store(path);
  const auto read = store.read();
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->document.text().view(), text);
  const auto whole = lock_document::parse(text_buffer(text), path);
  ASSERT_TRUE(whole);
  EXPECT_EQ(read->document.section_names(), whole->document.section_names());
}

TEST_F(SharedReading, WhatIsWrongInALargeDocumentIsSaidAsOfASmallOne) {
  const std::string bad = text + "x";
  const std::string bad_path = directory.make_file("bad", bad);
  const auto read = lockfile_store(bad_path).read();
  const auto whole = lock_document::parse(text_buffer(bad), bad_path);
  ASSERT_FALSE(read);
  ASSERT_FALSE(whole);
  EXPECT_EQ(read.error().message(), whole.error().message());
  EXPECT_EQ(read.error().position()->line, whole.error().position()->line);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
