#include "agentslock/io/sidecar_lock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "support/publication.hpp"
#include "support/sidecar_fixture.hpp"

namespace agentslock::testing {
namespace {

class SidecarLock : public sidecar_fixture {};

TEST_F(SidecarLock, HoldsASidecarThatSaysWhoAndReleasesItWithoutATrace) {
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_TRUE(lock->has_queue());
  EXPECT_EQ(lock->document_path(), path);
  ASSERT_TRUE(holder());
  EXPECT_EQ(holder()->process, 10);
  EXPECT_EQ(holder()->acquired, disk.clock.wall);
  EXPECT_EQ(holder()->mark, own_queue());
  EXPECT_EQ(disk.find(sidecar)->mode, 0644U);
  EXPECT_EQ(disk.names_in(directory), std::vector<std::string>{".agentsrc.lock.lock"});
  EXPECT_TRUE(lock->still_held());

  lock->release();
  EXPECT_TRUE(disk.names_in(directory).empty());
  EXPECT_EQ(disk.open_files(), 0U);
  EXPECT_FALSE(lock->has_queue());
  lock->release();
  EXPECT_EQ(waited().count(), 0);
}

TEST_F(SidecarLock, IsReleasedByTheGuardAndMovesWithIt) {
  {
    auto first = sidecar_lock::acquire(process.on(), path);
    ASSERT_TRUE(first);
    sidecar_lock second = std::move(*first);
    EXPECT_TRUE(second.still_held());
  }
  EXPECT_TRUE(disk.names_in(directory).empty());
}

TEST_F(SidecarLock, MakesTheMissingDirectories) {
  const auto lock = sidecar_lock::acquire(process.on(), "/new/deep/.agentsrc.lock");
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_NE(disk.find("/new/deep/.agentsrc.lock.lock"), nullptr);
}

TEST_F(SidecarLock, CleansThePathAsGiven) {
  const auto lock = sidecar_lock::acquire(process.on(), "/project/./x/..//.agentsrc.lock");
  ASSERT_TRUE(lock);
  EXPECT_NE(disk.find(sidecar), nullptr);
}

TEST_F(SidecarLock, AcquiringWhatThisThreadHoldsFailsAtOnce) {
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  for (const char* again : {path, "/project/another.lock"}) {
    const auto second = sidecar_lock::acquire(process.on(), again);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), errc::invalid_argument);
  }
  EXPECT_EQ(waited().count(), 0);
  EXPECT_TRUE(lock->still_held());
}

TEST_F(SidecarLock, AFailedAttemptDoesNotForgetWhatTheThreadHolds) {
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
  EXPECT_EQ(sidecar_lock::acquire(process.on(), path).error().code(), errc::invalid_argument);
}

TEST_F(SidecarLock, WaitsFiveSecondsForALiveHolderAndNamesIt) {
  put_sidecar(std::chrono::seconds(3));
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::lock_timeout);
  EXPECT_NE(lock.error().message().find("process 77, for 8 s"), std::string::npos) << lock.error().message();
  EXPECT_EQ(waited(), std::chrono::seconds(5));
  EXPECT_EQ(holder()->token, "theirs");
  EXPECT_EQ(disk.names_in(directory), std::vector<std::string>{".agentsrc.lock.lock"});
}

TEST_F(SidecarLock, WaitsAtTheQueueForAHolderOfOursAndNamesIt) {
  memory_process other(disk, nothing, 11);
  const auto held = sidecar_lock::acquire(other.on(), path);
  ASSERT_TRUE(held);
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::lock_timeout);
  EXPECT_NE(lock.error().message().find("process 11"), std::string::npos) << lock.error().message();
  EXPECT_TRUE(held->still_held());
}

TEST_F(SidecarLock, ALiveHolderOfOursIsNeverReclaimedHoweverOld) {
  memory_process other(disk, nothing, 11);
  const auto held = sidecar_lock::acquire(other.on(), path);
  ASSERT_TRUE(held);
  disk.clock.pass(std::chrono::hours(1));
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
  EXPECT_TRUE(held->still_held());
}

TEST_F(SidecarLock, ADeadHolderOfOursIsTakenOverAtOnce) {
  memory_process other(disk, nothing, 11);
  auto held = sidecar_lock::acquire(other.on(), path);
  ASSERT_TRUE(held);
  other.end();
  ASSERT_EQ(holder()->process, 11);
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_EQ(holder()->process, 10);
  EXPECT_EQ(waited().count(), 0);
}

TEST_F(SidecarLock, AnUnmarkedOrDifferentlyMarkedSidecarWaitsUntilItIsStale) {
  const std::optional<queue_mark> marks[] = {std::nullopt, queue_mark{"another boot", own_queue().directory},
                                             queue_mark{"boot-1", {memory_disk::device, 999}}};
  for (const auto& mark : marks) {
    put_sidecar(std::chrono::seconds(20), mark);
    EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
    EXPECT_EQ(holder()->token, "theirs");
    put_sidecar(std::chrono::seconds(31), mark);
    const auto lock = sidecar_lock::acquire(process.on(), path);
    EXPECT_TRUE(lock) << lock.error().message();
  }
}

TEST_F(SidecarLock, OnARemoteFileSystemNothingIsMarkedOrTakenOver) {
  disk.is_remote = true;
  {
    const auto lock = sidecar_lock::acquire(process.on(), path);
    ASSERT_TRUE(lock);
    EXPECT_TRUE(lock->has_queue());
    EXPECT_EQ(holder()->mark, std::nullopt);
  }
  put_sidecar(std::chrono::seconds(1), own_queue());
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
}

TEST_F(SidecarLock, WithoutAQueueThePlainProtocolStandsAloneUnmarked) {
  disk.directories_can_be_locked = false;
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  EXPECT_FALSE(lock->has_queue());
  EXPECT_EQ(holder()->mark, std::nullopt);
  lock->release();
  process.has_advisory_locks = false;
  disk.directories_can_be_locked = true;
  EXPECT_TRUE(sidecar_lock::acquire(process.on(), path));
  // Not even a sidecar that is marked with this very queue is taken over by one who has not got it.
  put_sidecar(std::chrono::seconds(1), own_queue());
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
}

TEST_F(SidecarLock, WithoutHardLinksTheSidecarIsCreatedAloneAndReadBack) {
  disk.has_hard_links = false;
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_TRUE(lock->still_held());
  EXPECT_EQ(disk.find(sidecar)->mode, 0644U);
  lock->release();
  EXPECT_TRUE(disk.names_in(directory).empty());
  put_sidecar(std::chrono::seconds(1));
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
}

TEST_F(SidecarLock, WhereThePathIsALinkBothSidecarsAreClaimed) {
  disk.put_directory("/shared");
  disk.put_symlink(path, "../shared/real.lock");
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_NE(disk.find(sidecar), nullptr);
  EXPECT_NE(disk.find("/shared/real.lock.lock"), nullptr);
  EXPECT_EQ(lock->document_path(), "/project/../shared/real.lock");

  memory_process direct(disk, nothing, 11);
  EXPECT_FALSE(sidecar_lock::acquire(direct.on(), "/shared/real.lock"));
  lock->release();
  EXPECT_TRUE(disk.names_in("/shared").empty());
  EXPECT_EQ(disk.names_in(directory), std::vector<std::string>{".agentsrc.lock"});
}

TEST_F(SidecarLock, WhenTheSecondSidecarIsHeldTheFirstIsLetGo) {
  disk.put_directory("/shared");
  disk.put_symlink(path, "/shared/real.lock");
  disk.put_file("/shared/real.lock.lock", to_text({77, disk.clock.wall, "theirs", std::nullopt}));
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
  EXPECT_EQ(disk.find(sidecar), nullptr);
}

TEST_F(SidecarLock, FindsOutThatItWasTakenAway) {
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  put_sidecar(std::chrono::seconds(0));
  const auto held = lock->still_held();
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code(), errc::lock_lost);
  lock->release();
  ASSERT_TRUE(holder()) << "another holder's sidecar must stay";
  EXPECT_EQ(holder()->token, "theirs");
}

TEST_F(SidecarLock, TheLeaseEndsAfterTwentySeconds) {
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  disk.clock.pass(std::chrono::seconds(20));
  EXPECT_EQ(publication().under(*lock), std::nullopt);
  disk.clock.pass(std::chrono::nanoseconds(1));
  publication late;
  EXPECT_EQ(late.under(*lock), errc::lock_lost);
  EXPECT_EQ(late.order, "check ") << "the lease is read last";
  EXPECT_TRUE(lock->still_held());
}

TEST_F(SidecarLock, ClaimsByAFileWithoutANameSoThatNobodyCanSweepIt) {
  struct watch final : call_hook {
    sys_result<> before(const system_call& call) override {
      if (call.path.find(".stale-") != std::string::npos && call.kind == call_kind::create) ++named;
      if (call.kind == call_kind::hard_link_open) ++nameless;
      return {};
    }
    int named = 0;
    int nameless = 0;
  } watching;
  memory_process watched(disk, watching, 12);
  ASSERT_TRUE(sidecar_lock::acquire(watched.on(), path));
  EXPECT_EQ(watching.nameless, 1);
  EXPECT_EQ(watching.named, 0);
  disk.has_nameless_files = false;
  ASSERT_TRUE(sidecar_lock::acquire(watched.on(), path));
  EXPECT_EQ(watching.named, 1);
}

TEST_F(SidecarLock, AClaimThatIsSweptAwayIsMadeAgain) {
  struct sweeper final : call_hook {
    sys_result<> before(const system_call& call) override {
      if (call.kind == call_kind::hard_link && swept < times && disk->unlink(call.path)) ++swept;
      return {};
    }
    int times = 2;
    int swept = 0;
  } sweeping;
  disk.has_nameless_files = false;
  memory_process claiming(disk, sweeping, 12);
  const auto lock = sidecar_lock::acquire(claiming.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_EQ(sweeping.swept, 2);
  EXPECT_EQ(disk.names_in(directory), std::vector<std::string>{".agentsrc.lock.lock"});
}

TEST_F(SidecarLock, MakesNoDirectoriesWhenItMayNot) {
  lock_options options;
  options.make_directories = false;
  const auto lock = sidecar_lock::acquire(process.on(), "/new/deep/.agentsrc.lock", options);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::document_missing);
  EXPECT_EQ(disk.find("/new"), nullptr);
}

TEST_F(SidecarLock, InAForkedChildEveryFunctionIsInert) {
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  process.become_child(20);
  EXPECT_EQ(lock->held_by_this_process().error().code(), errc::invalid_argument);
  EXPECT_EQ(lock->still_held().error().code(), errc::invalid_argument);
  publication taken;
  EXPECT_EQ(taken.under(*lock), errc::invalid_argument);
  EXPECT_EQ(taken.order, "");
  EXPECT_TRUE(lock->release());
  EXPECT_TRUE(holder()) << "the parent still holds it";
  process.become_child(10);  // the parent again, whose guard goes
}

TEST_F(SidecarLock, TellsWhenItMayBeTheHolder) {
  std::vector<bool> told;
  lock_options options;
  options.on_hold = [&](bool holds) { told.push_back(holds); };
  { ASSERT_TRUE(sidecar_lock::acquire(process.on(), path, options)); }
  EXPECT_EQ(told, (std::vector<bool>{true, false}));
  told.clear();
  put_sidecar(std::chrono::seconds(0));
  options.poll = std::chrono::seconds(5);
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path, options));
  EXPECT_EQ(told, (std::vector<bool>{true, false, true, false}));
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
