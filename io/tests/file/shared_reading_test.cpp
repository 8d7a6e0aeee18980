// A large file that two threads read, and that is looked at meanwhile.
#include "shared_reading.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "agentslock/io/lockfile_store.hpp"
#include "support/any_size.hpp"
#include "support/memory_disk.hpp"
#include "support/memory_platform.hpp"
#include "support/temporary_directory.hpp"
#include "whole_file.hpp"

namespace agentslock::testing {
namespace {

using namespace std::chrono_literals;

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

/// A process that has a file open in memory, whose calls the hook is asked about.
class process_with_a_file {
 public:
  process_with_a_file(call_hook& hook, const std::string& text) : process_(disk_, hook, 1) {
    disk_.put_file("/large", text);
    file_ = process_.open("/large", open_how::read, 0).value();
  }
  [[nodiscard]] platform on() noexcept { return process_.on(); }
  [[nodiscard]] int file() const noexcept { return file_; }

 private:
  memory_disk disk_;
  memory_process process_;
  int file_ = -1;
};

/// Holds the thread that reads ahead at its second piece until somebody lets it go on.
class held_at_the_second_piece final : public call_hook {
 public:
  sys_result<> before(const system_call& call) override {
    if (call.kind != call_kind::read || std::this_thread::get_id() == caller_) return {};
    std::unique_lock lock(mutex_);
    ++pieces_;
    changed_.notify_all();
    if (pieces_ == 2) held_too_long_ = !changed_.wait_for(lock, 20s, [&] { return let_go_; });
    return {};
  }
  void wait_until_it_reads() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return pieces_ > 0; });
  }
  void let_go() {
    const std::scoped_lock lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
  }
  [[nodiscard]] bool held_too_long() const noexcept { return held_too_long_; }

 private:
  const std::thread::id caller_ = std::this_thread::get_id();
  std::mutex mutex_;
  std::condition_variable changed_;
  int pieces_ = 0;
  bool let_go_ = false;
  bool held_too_long_ = false;
};

TEST_F(SharedReading, WhoLacksTextWaitsForItAndNotUntilTheOtherStopsReading) {
  held_at_the_second_piece hook;
  process_with_a_file process(hook, text);
  bytes = std::make_shared<char[]>(text.size() + 1);
  reading = shared_reading::begin(process.on(), process.file(), bytes, text.size() + 1);
  hook.wait_until_it_reads();
  EXPECT_GT(reading->beyond(0), 0U);
  hook.let_go();
  EXPECT_EQ(reading->finish().value(), text.size());
  EXPECT_FALSE(hook.held_too_long());
}

/// No read comes back.
class thrown_out_of_reads final : public call_hook {
 public:
  sys_result<> before(const system_call& call) override {
    if (call.kind == call_kind::read) throw std::runtime_error("no");
    return {};
  }
};

TEST_F(SharedReading, IsStoppedAfterAReadThatThrew) {
  thrown_out_of_reads hook;
  process_with_a_file process(hook, text);
  bytes = std::make_shared<char[]>(text.size() + 1);
  shared_reading alone(process.on(), process.file(), bytes, text.size() + 1);
  EXPECT_THROW((void)alone.beyond(0), std::runtime_error);
  alone.stop();
  EXPECT_EQ(alone.beyond(0), 0U);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
