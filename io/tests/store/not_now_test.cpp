// "Not now" is no "no": a file that somebody has a lease on, and calls that would wait.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>

#include "agentslock/io/lockfile_store.hpp"
#include "support/any_size.hpp"
#include "support/child_process.hpp"
#include "support/memory_platform.hpp"
#include "support/temporary_directory.hpp"
#include "whole_file.hpp"

namespace agentslock::testing {
namespace {

constexpr const char* one_path = "/project/lock";
constexpr std::string_view short_text = "{\"lock_version\":1}\n";

/// Says "not now" to one kind of call so many times.
class not_now final : public call_hook {
 public:
  not_now(call_kind kind, std::string file, int times) : kind_(kind), file_(std::move(file)), left_(times) {}
  sys_result<> before(const system_call& call) override {
    if (call.kind != kind_ || !call.path.starts_with(file_) || left_ == 0) return {};
    --left_;
    return boost::system::error_code(EAGAIN, boost::system::system_category());
  }
  [[nodiscard]] int left() const noexcept { return left_; }

 private:
  call_kind kind_;
  std::string file_;
  int left_;
};

class not_now_fixture : public ::testing::Test {
 protected:
  not_now_fixture() {
    disk.put_directory("/project");
    disk.put_file(one_path, short_text);
  }
  memory_disk disk;
};
using NotNow = not_now_fixture;

TEST_F(NotNow, OpeningReadingAndWritingAreTriedAgain) {
  struct row {
    call_kind kind;
    const char* file;
  };
  const row rows[] = {
      {call_kind::open, one_path}, {call_kind::read, one_path}, {call_kind::write, "/project/lock.tmp-"}};
  for (const row& one : rows) {
    disk.put_file(one_path, short_text);
    not_now hook(one.kind, one.file, 7);
    memory_process process(disk, hook, 10);
    const auto done = lockfile_store(one_path, {}, process.on()).update([](lockfile& file) -> result<> {
      if (auto made = file.activate("new", "s", "d", timestamp()); !made) return error(made.why());
      return {};
    });
    EXPECT_TRUE(done) << name(one.kind) << ": " << done.error().message();
    EXPECT_EQ(hook.left(), 0) << name(one.kind);
    EXPECT_NE(disk.text_of(one_path), short_text);
  }
}

TEST_F(NotNow, TheWaitHasAnEndAndAnErrorThatSaysWhy) {
  not_now hook(call_kind::open, one_path, 1'000'000);
  memory_process process(disk, hook, 10);
  const auto began = disk.clock.boot;
  const auto read = read_whole_file(process.on(), one_path, any_size);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), errc::io_failed) << read.error().message();
  EXPECT_NE(read.error().message().find("lease"), std::string::npos) << read.error().message();
  EXPECT_GE(disk.clock.boot - began, std::chrono::seconds(5));
  EXPECT_LT(disk.clock.boot - began, std::chrono::seconds(6));
}

TEST_F(NotNow, AFileThatIsReplacedOverTheNetworkWhileItIsReadIsReadAgain) {
  class gone_once final : public call_hook {
   public:
    sys_result<> before(const system_call& call) override {
      if (call.kind != call_kind::read || happened) return {};
      happened = true;
      return boost::system::error_code(ESTALE, boost::system::system_category());
    }
    bool happened = false;
  } hook;
  memory_process process(disk, hook, 10);
  const auto read = read_whole_file(process.on(), one_path, any_size);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_TRUE(hook.happened);
  EXPECT_EQ(read->text.view(), short_text);
}

TEST(Lease, ThatAnotherProgramHoldsIsWaitedFor) {
  const temporary_directory directory;
  const std::string file = directory.make_file("lock", short_text);
  child_process holder([&](const child_process::parent& test) -> std::string {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGIO);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    const int opened = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    if (opened < 0 || ::fcntl(opened, F_SETLEASE, F_WRLCK) != 0) return "no lease: " + std::to_string(errno);
    // That opening really says "not now" is seen by whoever opens it first.
    const int other = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (other >= 0) return "the lease keeps nobody out";
    if (errno != EAGAIN) return "another error: " + std::to_string(errno);
    test.tell();
    // The kernel asks for the lease. It is kept until the test has surely met it, and then given back.
    int signal = 0;
    ::sigwait(&signals, &signal);
    test.wait();
    return ::fcntl(opened, F_SETLEASE, F_UNLCK) == 0 ? "" : "the lease stays";
  });
  if (!holder.wait()) FAIL() << holder.result();
  const int met = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  EXPECT_EQ(met, -1);
  EXPECT_EQ(errno, EAGAIN);
  holder.tell();
  const auto read = read_whole_file(platform::system(), file, any_size);
  EXPECT_TRUE(read) << read.error().message();
  EXPECT_EQ(holder.result(), "");
  EXPECT_EQ(read->text.view(), short_text);
}

TEST(IsUnchanged, ComparesAYoungDocumentInPieces) {
  memory_disk disk;
  disk.put_directory("/project");
  std::string text(5'000'000, ' ');
  for (std::size_t i = 0; i < text.size(); i += 999)
    text[i] = static_cast<char>('a' + i % 26);
  constexpr std::size_t piece_max = 1'000'000;
  call_hook nothing;
  memory_process process(disk, nothing, 10);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{131'071}, std::size_t{131'072},
                                 std::size_t{131'073}, text.size()}) {
    disk.put_file(one_path, text.substr(0, size));
    const auto read = read_whole_file(process.on(), one_path, any_size);
    ASSERT_TRUE(read && read->too_young_to_tell());
    process.largest_read = 0;
    EXPECT_TRUE(*is_unchanged(process.on(), one_path, *read)) << size;
    EXPECT_GT(process.largest_read, 0U);
    EXPECT_LE(process.largest_read, std::min(size + 1, piece_max));
    // The same status with other bytes: only reading tells.
    for (const std::size_t at : {std::size_t{0}, size / 2, size - 1}) {
      if (at >= size) continue;
      read_file other = *read;
      std::string changed(read->text.view());
      changed[at] ^= 1;
      other.text = text_buffer(std::string_view(changed));
      EXPECT_FALSE(*is_unchanged(process.on(), one_path, other)) << size << " " << at;
    }
    read_file longer = *read;
    longer.text = text_buffer(std::string(read->text.view()) + "x");
    EXPECT_FALSE(*is_unchanged(process.on(), one_path, longer)) << size;
    if (size == 0) continue;
    read_file shorter = *read;
    shorter.text = text_buffer(read->text.view().substr(1));
    EXPECT_FALSE(*is_unchanged(process.on(), one_path, shorter)) << size;
  }
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
