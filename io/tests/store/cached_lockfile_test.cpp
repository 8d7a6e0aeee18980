// A lockfile that is loaded again only when its document has changed.
#include "agentslock/io/cached_lockfile.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/filesystem.hpp>
#include <chrono>
#include <string>

#include "agentslock/kernel/query_gate.hpp"
#include "support/memory_platform.hpp"
#include "support/store_fixture.hpp"

namespace agentslock::testing {
namespace {

using namespace std::chrono_literals;

/// A document that says of comp/v what it is to say; all of the same length.
std::string document(const std::string& status) {
  return R"({"adapters":{"comp":{"materialized_views":{"v":{"view_status":")" + status + "\"}}}}}" +
         std::string(30 - status.size(), ' ');
}
const std::string ready = document("ready");
const std::string frozen = document("pending-recompat-check");

std::string status_of_v(result<const lockfile*> now) {
  if (!now) return now.error().message();
  const view* entry = now.value()->find_view({"comp", "v"});
  return entry == nullptr ? "(no view)" : std::string(entry->status.text());
}

/// Counts the calls of a simulated machine.
class counting_hook final : public call_hook {
 public:
  sys_result<> before(const system_call& call) override {
    ++calls;
    if (call.kind == call_kind::open) ++opens;
    return fails ? sys_result<>(boost::system::error_code(EIO, boost::system::system_category()))
                 : sys_result<>();
  }
  int calls = 0;
  int opens = 0;
  bool fails = false;
};

class CachedLockfile : public ::testing::Test {
 protected:
  CachedLockfile() {
    disk.put_directory("/project");
    disk.put_file(path, ready);
  }
  /// The calls that an answer takes.
  int calls_of_answer() {
    hook.calls = 0;
    EXPECT_TRUE(gate.current());
    return hook.calls;
  }

  const std::string path = "/project/lock";
  memory_disk disk;
  counting_hook hook;
  memory_process process{disk, hook, 10};
  cached_lockfile gate{lockfile_store(path, {}, process.on())};
};

TEST_F(CachedLockfile, LoadsOnceAndThenLooks) {
  disk.clock.pass(1h);
  EXPECT_EQ(status_of_v(gate.current()), "ready");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(calls_of_answer(), 1) << "one look, and nothing is opened";
  EXPECT_EQ(gate.loads(), 1U);
}

TEST_F(CachedLockfile, AnotherFileInItsPlaceIsLoaded) {
  disk.clock.pass(1h);
  EXPECT_EQ(status_of_v(gate.current()), "ready");
  disk.put_file(path, frozen);
  EXPECT_EQ(status_of_v(gate.current()), "pending-recompat-check");
  EXPECT_EQ(gate.loads(), 2U);
}

TEST_F(CachedLockfile, AWriteWithinTheClocksStepIsSeen) {
  EXPECT_EQ(status_of_v(gate.current()), "ready");
  for (const std::string& now : {frozen, ready, frozen}) {
    disk.put_bytes_unseen(path, now);
    EXPECT_EQ(status_of_v(gate.current()), now == ready ? "ready" : "pending-recompat-check");
  }
  EXPECT_EQ(gate.loads(), 4U);
  // Not later than two seconds after the write the same times may still be given.
  disk.clock.pass(1999ms);
  EXPECT_EQ(status_of_v(gate.current()), "pending-recompat-check");
  disk.put_bytes_unseen(path, ready);
  EXPECT_EQ(status_of_v(gate.current()), "ready");
}

TEST_F(CachedLockfile, AYoungFileIsReadUntilItIsOldEnough) {
  EXPECT_EQ(status_of_v(gate.current()), "ready");
  EXPECT_GT(calls_of_answer(), 1);
  disk.clock.pass(1s);
  EXPECT_GT(calls_of_answer(), 1);
  disk.clock.pass(2s);
  EXPECT_GT(calls_of_answer(), 1) << "it was young when it was read last";
  EXPECT_EQ(calls_of_answer(), 1) << "and has been found the same when it was no longer";
  EXPECT_EQ(gate.loads(), 1U);
}

TEST_F(CachedLockfile, AFileFromTheFutureIsAlwaysRead) {
  disk.clock.wall -= 1h;
  EXPECT_EQ(status_of_v(gate.current()), "ready");
  for (int i = 0; i < 3; ++i)
    EXPECT_GT(calls_of_answer(), 1);
  disk.put_bytes_unseen(path, frozen);
  EXPECT_EQ(status_of_v(gate.current()), "pending-recompat-check");
}

TEST_F(CachedLockfile, AMissingDocumentIsEmptyUntilItAppears) {
  cached_lockfile missing(lockfile_store("/project/other", {}, process.on()));
  EXPECT_EQ(status_of_v(missing.current()), "(no view)");
  EXPECT_EQ(status_of_v(missing.current()), "(no view)");
  EXPECT_EQ(missing.loads(), 1U);
  disk.put_file("/project/other", frozen);
  EXPECT_EQ(status_of_v(missing.current()), "pending-recompat-check");
  EXPECT_TRUE(process.unlink("/project/other"));
  EXPECT_EQ(status_of_v(missing.current()), "(no view)");
}

TEST_F(CachedLockfile, AnErrorIsNeverAnsweredByWhatWasLoadedBefore) {
  disk.clock.pass(1h);
  EXPECT_EQ(status_of_v(gate.current()), "ready");
  hook.fails = true;
  EXPECT_EQ(gate.current().error().code(), errc::io_failed);
  hook.fails = false;
  EXPECT_EQ(status_of_v(gate.current()), "ready");
  disk.put_file(path, "{");
  EXPECT_EQ(gate.current().error().code(), errc::not_json);
  EXPECT_EQ(gate.current().error().code(), errc::not_json);
  disk.put_file(path, frozen);
  EXPECT_EQ(status_of_v(gate.current()), "pending-recompat-check");
}

TEST_F(CachedLockfile, ASaveOfWhatWasLoadedIsAChange) {
  const lockfile_store store(path, {}, process.on());
  auto loaded = store.load();
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(*store.is_current(*loaded));
  ASSERT_TRUE(loaded->file().activate("crg", "s", "d", at(0)));
  ASSERT_TRUE(store.save(*loaded));
  EXPECT_FALSE(*store.is_current(*loaded));
}

class RealCachedLockfile : public store_fixture {};

TEST_F(RealCachedLockfile, SeesEveryWriteHoweverFastTheyFollow) {
  cached_lockfile gate(store);
  put(frozen);
  for (int i = 0; i < 300; ++i) {
    const bool is_ready = i % 2 == 0;
    if (i % 3 == 0) {
      (void)directory.make_file("new", is_ready ? ready : frozen);
      boost::filesystem::rename(directory / "new", path);
    } else {
      put(is_ready ? ready : frozen);
    }
    ASSERT_EQ(status_of_v(gate.current()), is_ready ? "ready" : "pending-recompat-check") << i;
    ASSERT_EQ(status_of_v(gate.current()), is_ready ? "ready" : "pending-recompat-check") << i;
  }
  EXPECT_EQ(gate.loads(), 300U);
}

TEST_F(RealCachedLockfile, SeesWritesWhoseTimeOfModificationIsSetBack) {
  const timespec long_ago[2] = {{0, UTIME_OMIT}, {1'000'000'000, 0}};
  cached_lockfile gate(store);
  put(frozen);
  for (int i = 0; i < 100; ++i) {
    const bool is_ready = i % 2 == 0;
    put(is_ready ? ready : frozen);
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), long_ago, 0), 0);
    ASSERT_EQ(status_of_v(gate.current()), is_ready ? "ready" : "pending-recompat-check") << i;
  }
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
