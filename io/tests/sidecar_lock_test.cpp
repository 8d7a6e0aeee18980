#include "agentslock/io/sidecar_lock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "support/memory_platform.hpp"

namespace agentslock::testing {
namespace {

constexpr const char* folder = "/project";
constexpr const char* path = "/project/.agentsrc.lock";
constexpr const char* sidecar = "/project/.agentsrc.lock.lock";

/// A machine with one process of ours, and time that passes only when somebody waits.
class SidecarLock : public ::testing::Test {
 protected:
  SidecarLock() { disk.put_folder(folder); }

  /// A sidecar that somebody else made so long ago.
  void put_sidecar(std::chrono::nanoseconds age, std::optional<gate_mark> mark = std::nullopt) {
    disk.put_file(sidecar, to_text({77, disk.clock.wall - age, "theirs", std::move(mark)}));
  }
  /// Something else in the place of a sidecar, so old by its time of modification.
  void put_garbage(std::string_view text, std::chrono::nanoseconds age) {
    disk.clock.wall -= age;
    disk.put_file(sidecar, text);
    disk.clock.wall += age;
  }
  [[nodiscard]] gate_mark own_gate() const {
    return {"boot-1", {memory_disk::device, disk.number_of(folder)}};
  }
  [[nodiscard]] std::optional<sidecar_identity> holder() const {
    const auto text = disk.text_of(sidecar);
    return text ? parse_identity(*text) : std::nullopt;
  }
  [[nodiscard]] std::chrono::nanoseconds waited() const { return disk.clock.boot - sim_clock().boot; }

  memory_disk disk;
  call_hook nothing;
  memory_process process{disk, nothing, 10};
};

TEST_F(SidecarLock, HoldsASidecarThatSaysWhoAndReleasesItWithoutATrace) {
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_TRUE(lock->has_gate());
  EXPECT_EQ(lock->document_path(), path);
  ASSERT_TRUE(holder());
  EXPECT_EQ(holder()->process, 10);
  EXPECT_EQ(holder()->acquired, disk.clock.wall);
  EXPECT_EQ(holder()->mark, own_gate());
  EXPECT_EQ(disk.find(sidecar)->mode, 0644U);
  EXPECT_EQ(disk.names_in(folder), std::vector<std::string>{".agentsrc.lock.lock"});
  EXPECT_TRUE(lock->still_held());
  EXPECT_TRUE(lock->lease_left());

  lock->release();
  EXPECT_TRUE(disk.names_in(folder).empty());
  EXPECT_EQ(disk.open_files(), 0U);
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
  EXPECT_TRUE(disk.names_in(folder).empty());
}

TEST_F(SidecarLock, MakesTheMissingFolders) {
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
  EXPECT_EQ(disk.names_in(folder), std::vector<std::string>{".agentsrc.lock.lock"});
}

TEST_F(SidecarLock, WaitsAtTheGateForAHolderOfOursAndNamesIt) {
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
  const std::optional<gate_mark> marks[] = {std::nullopt, gate_mark{"another boot", own_gate().folder},
                                            gate_mark{"boot-1", {memory_disk::device, 999}}};
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
    EXPECT_TRUE(lock->has_gate());
    EXPECT_EQ(holder()->mark, std::nullopt);
  }
  put_sidecar(std::chrono::seconds(1), own_gate());
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
}

TEST_F(SidecarLock, WithoutAGateThePlainProtocolStandsAloneUnmarked) {
  disk.folders_can_be_locked = false;
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  EXPECT_FALSE(lock->has_gate());
  EXPECT_EQ(holder()->mark, std::nullopt);
  lock->release();
  process.has_advisory_locks = false;
  disk.folders_can_be_locked = true;
  EXPECT_TRUE(sidecar_lock::acquire(process.on(), path));
  // Not even a sidecar that is marked with this very gate is taken over by one who has not got it.
  put_sidecar(std::chrono::seconds(1), own_gate());
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
}

TEST_F(SidecarLock, WithoutHardLinksTheSidecarIsCreatedAloneAndReadBack) {
  disk.has_hard_links = false;
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_TRUE(lock->still_held());
  EXPECT_EQ(disk.find(sidecar)->mode, 0644U);
  lock->release();
  EXPECT_TRUE(disk.names_in(folder).empty());
  put_sidecar(std::chrono::seconds(1));
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
}

TEST_F(SidecarLock, WhatIsNoIdentityIsReclaimedAfterTwoSeconds) {
  const std::string huge(100'000, '7');
  const std::string_view garbage[] = {"",           "hello\n",   std::string_view("\0\0\0", 3), huge, "12\n",
                                      "-3\n5\nx\n", "\x80\xFF\n"};
  for (std::string_view text : garbage) {
    put_garbage(text, std::chrono::milliseconds(2100));
    const auto lock = sidecar_lock::acquire(process.on(), path);
    EXPECT_TRUE(lock) << lock.error().message();
  }
  // A young one may be a claim that is being written: it is waited for, and then it is old.
  put_garbage("", std::chrono::seconds(0));
  const auto before = waited();
  EXPECT_TRUE(sidecar_lock::acquire(process.on(), path));
  EXPECT_GT(waited() - before, std::chrono::seconds(2));
  EXPECT_LT(waited() - before, std::chrono::milliseconds(2050));
}

TEST_F(SidecarLock, OneDatedInTheFutureIsAgedByItsFile) {
  disk.put_file(sidecar, to_text({77, disk.clock.wall + std::chrono::hours(1), "theirs", std::nullopt}));
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
  disk.clock.pass(std::chrono::seconds(31));
  EXPECT_TRUE(sidecar_lock::acquire(process.on(), path));
}

TEST_F(SidecarLock, AFolderThatAnOldGoWriterLeftIsReadAndReclaimed) {
  disk.put_folder(sidecar);
  disk.put_file(std::string(sidecar) + "/holder",
                "77\n" + std::to_string(disk.clock.wall.time_since_epoch().count()) + "\n");
  const auto refused = sidecar_lock::acquire(process.on(), path);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("process 77"), std::string::npos);
  disk.clock.pass(std::chrono::seconds(31));
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  lock->release();
  EXPECT_TRUE(disk.names_in(folder).empty());
}

TEST_F(SidecarLock, ALinkInThePlaceOfTheSidecarIsNotFollowed) {
  disk.put_file("/elsewhere", to_text({77, disk.clock.wall, "theirs", std::nullopt}));
  disk.put_link(sidecar, "/elsewhere");
  disk.clock.pass(std::chrono::seconds(3));
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  lock->release();
  EXPECT_NE(disk.find("/elsewhere"), nullptr);
  EXPECT_TRUE(disk.names_in(folder).empty());
}

TEST_F(SidecarLock, WhereThePathIsALinkBothSidecarsAreClaimed) {
  disk.put_folder("/shared");
  disk.put_link(path, "../shared/real.lock");
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_NE(disk.find(sidecar), nullptr);
  EXPECT_NE(disk.find("/shared/real.lock.lock"), nullptr);
  EXPECT_EQ(lock->document_path(), "/project/../shared/real.lock");

  memory_process direct(disk, nothing, 11);
  EXPECT_FALSE(sidecar_lock::acquire(direct.on(), "/shared/real.lock"));
  lock->release();
  EXPECT_TRUE(disk.names_in("/shared").empty());
  EXPECT_EQ(disk.names_in(folder), std::vector<std::string>{".agentsrc.lock"});
}

TEST_F(SidecarLock, WhenTheSecondSidecarIsHeldTheFirstIsLetGo) {
  disk.put_folder("/shared");
  disk.put_link(path, "/shared/real.lock");
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

TEST_F(SidecarLock, FindsOutThatItWasAwayAndIsBack) {
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  const auto look = lock->still_held();
  ASSERT_TRUE(look);
  EXPECT_TRUE(lock->held_since(*look));
  const std::string aside = std::string(sidecar) + ".aside";
  ASSERT_TRUE(disk.rename(sidecar, aside));
  EXPECT_EQ(lock->held_since(*look).error().code(), errc::lock_lost);
  ASSERT_TRUE(disk.link(aside, sidecar));
  ASSERT_TRUE(disk.unlink(aside));
  EXPECT_TRUE(lock->still_held());
  EXPECT_EQ(lock->held_since(*look).error().code(), errc::lock_lost);
}

TEST_F(SidecarLock, FindsOutThatTheLinkWasTurned) {
  disk.put_link(path, "one.lock");
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  disk.put_link(path, "two.lock");
  EXPECT_EQ(lock->still_held().error().code(), errc::lock_lost);
}

TEST_F(SidecarLock, TheLeaseEndsAfterTwentySeconds) {
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  disk.clock.pass(std::chrono::seconds(20));
  EXPECT_TRUE(lock->lease_left());
  disk.clock.pass(std::chrono::nanoseconds(1));
  EXPECT_EQ(lock->lease_left().error().code(), errc::lock_lost);
  EXPECT_TRUE(lock->still_held());
}

TEST_F(SidecarLock, ReleaseSweepsWhatKilledProcessesLeft) {
  const std::string old_names[] = {std::string(sidecar) + ".stale-5-1-1", std::string(path) + ".tmp-5-1-1"};
  for (const std::string& name : old_names)
    disk.put_file(name, "left");
  disk.clock.pass(std::chrono::seconds(31));
  const std::string young[] = {std::string(sidecar) + ".stale-6-1-1", std::string(path) + ".tmp-6-1-1"};
  for (const std::string& name : young)
    disk.put_file(name, "young");
  disk.put_file("/project/.agentsrc.lock.swp", "an editor's");
  disk.put_file("/project/.agentsrc.lock~", "an editor's");
  ASSERT_TRUE(sidecar_lock::acquire(process.on(), path));
  for (const std::string& name : old_names)
    EXPECT_EQ(disk.find(name), nullptr) << name;
  for (const std::string& name : young)
    EXPECT_NE(disk.find(name), nullptr) << name;
  EXPECT_NE(disk.find("/project/.agentsrc.lock.swp"), nullptr);
  EXPECT_NE(disk.find("/project/.agentsrc.lock~"), nullptr);
}

TEST_F(SidecarLock, ATemporaryFileOfALivingWriterIsNotSwept) {
  const std::string name = std::string(path) + ".tmp-6-1-1";
  memory_process writer(disk, nothing, 11);
  const auto file = writer.open(name, open_how::create_new, 0600);
  ASSERT_TRUE(file);
  ASSERT_EQ(*writer.lock(*file, {}), lock_answer::held);
  disk.clock.pass(std::chrono::minutes(5));
  ASSERT_TRUE(sidecar_lock::acquire(process.on(), path));
  EXPECT_NE(disk.find(name), nullptr);
  writer.end();
  ASSERT_TRUE(sidecar_lock::acquire(process.on(), path));
  EXPECT_EQ(disk.find(name), nullptr);
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

TEST_F(SidecarLock, LookingSaysWhoHoldsItForHowLongAndUntilWhen) {
  auto looked = look_at_sidecar(process.on(), path);
  ASSERT_TRUE(looked);
  EXPECT_EQ(looked->now, sidecar_status::state::free);

  put_sidecar(std::chrono::seconds(12));
  looked = look_at_sidecar(process.on(), path);
  EXPECT_EQ(looked->now, sidecar_status::state::held);
  EXPECT_EQ(looked->identity->process, 77);
  EXPECT_EQ(looked->age, std::chrono::seconds(12));
  EXPECT_EQ(looked->stale_in, std::chrono::seconds(18));
  EXPECT_EQ(looked->gate_holder, std::nullopt);

  put_sidecar(std::chrono::seconds(31));
  EXPECT_EQ(look_at_sidecar(process.on(), path)->now, sidecar_status::state::stale);
  put_garbage("?", std::chrono::seconds(1));
  EXPECT_EQ(look_at_sidecar(process.on(), path)->now, sidecar_status::state::garbled);
  put_garbage("?", std::chrono::seconds(3));
  EXPECT_EQ(look_at_sidecar(process.on(), path)->now, sidecar_status::state::stale);

  memory_process other(disk, nothing, 11);
  const auto held = sidecar_lock::acquire(other.on(), path);
  ASSERT_TRUE(held);
  EXPECT_EQ(look_at_sidecar(process.on(), path)->gate_holder, 11);
}

TEST_F(SidecarLock, BreakingTakesAwayExactlyTheOneThatIsNamed) {
  EXPECT_EQ(break_sidecar(process.on(), path, "theirs").error().code(), errc::invalid_argument);
  put_sidecar(std::chrono::seconds(1));
  EXPECT_EQ(break_sidecar(process.on(), path, "").error().code(), errc::invalid_argument);
  EXPECT_EQ(break_sidecar(process.on(), path, "another").error().code(), errc::conflict);
  EXPECT_TRUE(holder());
  EXPECT_TRUE(break_sidecar(process.on(), path, "theirs"));
  EXPECT_TRUE(disk.names_in(folder).empty());
}

TEST_F(SidecarLock, BreakingIsRefusedWhileAProcessHoldsTheGate) {
  memory_process other(disk, nothing, 11);
  const auto held = sidecar_lock::acquire(other.on(), path);
  ASSERT_TRUE(held);
  const auto broken = break_sidecar(process.on(), path, holder()->token);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code(), errc::lock_timeout);
  EXPECT_NE(broken.error().message().find("process 11"), std::string::npos);
  EXPECT_EQ(waited().count(), 0);
  EXPECT_TRUE(held->still_held());
}

}  // namespace
}  // namespace agentslock::testing
