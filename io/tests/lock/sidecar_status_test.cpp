// Looking at a lock by the rules of a writer, naming who holds it, and breaking it.

#include "support/sidecar_fixture.hpp"

#include <chrono>

namespace agentslock::testing {
namespace {

using state = sidecar_status::state;

class SidecarStatus : public sidecar_fixture {
 protected:
  [[nodiscard]] sidecar_status look(const char* at = path) {
    auto looked = look_at_sidecar(process.on(), at);
    EXPECT_TRUE(looked) << looked.error().message();
    return *looked;
  }
};

TEST_F(SidecarStatus, SaysWhoHoldsItForHowLongAndUntilWhen) {
  EXPECT_EQ(look().now, state::free);
  EXPECT_EQ(look().holder, "");

  put_sidecar(std::chrono::seconds(12));
  const auto held = look();
  EXPECT_EQ(held.now, state::held);
  EXPECT_EQ(held.identity->process, 77);
  EXPECT_EQ(held.age, std::chrono::seconds(12));
  EXPECT_EQ(held.stale_in, std::chrono::seconds(18));
  EXPECT_EQ(held.queue_holder, std::nullopt);
  EXPECT_EQ(held.holder, "a holder that calls itself process 77, for 12 s");

  put_sidecar(std::chrono::seconds(31));
  EXPECT_EQ(look().now, state::stale);
  put_text("77\n", std::chrono::seconds(1));
  EXPECT_EQ(look().now, state::garbled);
  put_text("77\n", std::chrono::seconds(3));
  EXPECT_EQ(look().now, state::stale);
  put_text("?", std::chrono::seconds(3));
  EXPECT_EQ(look().now, state::not_a_lock);
}

TEST_F(SidecarStatus, NamesAHolderOfOursThatRuns) {
  memory_process other(disk, nothing, 11);
  const auto held = sidecar_lock::acquire(other.on(), path);
  ASSERT_TRUE(held);
  EXPECT_EQ(look().now, state::held);
  EXPECT_EQ(look().queue_holder, 11);
  EXPECT_EQ(look().holder, "process 11");
  EXPECT_EQ(look().process, 11);
}

TEST_F(SidecarStatus, TheLockOfADeadHolderOfOursIsFree) {
  memory_process other(disk, nothing, 11);
  const auto held = sidecar_lock::acquire(other.on(), path);
  ASSERT_TRUE(held);
  other.end();
  EXPECT_EQ(look().now, state::free);
  EXPECT_EQ(look().stale_in.count(), 0);
  EXPECT_EQ(look().holder, "");
  EXPECT_EQ(disk.open_files(), 0U) << "the queue was tried, and let go";
  EXPECT_TRUE(sidecar_lock::acquire(process.on(), path));
  EXPECT_EQ(waited().count(), 0);
}

TEST_F(SidecarStatus, AMarkOfAnotherBootOrDirectoryIsAgedLikeAnyOther) {
  put_sidecar(std::chrono::seconds(1), queue_mark{"another boot", own_queue().directory, 1});
  EXPECT_EQ(look().now, state::held);
  put_sidecar(std::chrono::seconds(1), queue_mark{"boot-1", {memory_disk::device, 999}, 1});
  EXPECT_EQ(look().now, state::held);
}

TEST_F(SidecarStatus, AQueueThatIsHeldIsHeldWithoutASidecarToo) {
  memory_process other(disk, nothing, 11);
  const auto file = other.open(directory, open_how::directory, 0);
  ASSERT_TRUE(file);
  ASSERT_EQ(*other.lock(*file, {}), lock_answer::held);
  EXPECT_EQ(look().now, state::held);
  EXPECT_EQ(look().holder, "process 11");
}

TEST_F(SidecarStatus, LooksThroughASymlinkAtBothSidecars) {
  disk.put_directory("/shared");
  disk.put_symlink(path, "/shared/real.lock");
  EXPECT_EQ(look().now, state::free);
  disk.put_file("/shared/real.lock.lock", to_text({77, disk.clock.wall, "theirs", std::nullopt}));
  EXPECT_EQ(look().now, state::held);
  EXPECT_EQ(look().path, "/shared/real.lock.lock");
  EXPECT_EQ(break_sidecar(process.on(), path, "another").error().code(), errc::conflict);
  EXPECT_TRUE(break_sidecar(process.on(), path, "theirs"));
  EXPECT_EQ(look().now, state::free);
  put_sidecar(std::chrono::seconds(0));
  EXPECT_EQ(look().path, sidecar);
}

TEST_F(SidecarStatus, AProcessIsNamedOnlyWhereItsNumberMeansSomething) {
  const auto holder_with = [&](const queue_mark& mark) {
    put_sidecar(std::chrono::seconds(1), mark);
    return look();
  };
  queue_mark elsewhere{"boot-1", {memory_disk::device, 999}, 1};
  EXPECT_EQ(holder_with(elsewhere).holder, "process 77, for 1 s");
  elsewhere.pid_namespace = 2;
  EXPECT_EQ(holder_with(elsewhere).holder, "a process in another container, for 1 s");
  EXPECT_EQ(look().process, std::nullopt);
  elsewhere.pid_namespace = 0;
  EXPECT_EQ(holder_with(elsewhere).holder, "a holder that calls itself process 77, for 1 s");
  elsewhere = {"another boot", {memory_disk::device, 999}, 1};
  EXPECT_EQ(holder_with(elsewhere).holder, "a holder that calls itself process 77, for 1 s");
  EXPECT_EQ(look().process, std::nullopt);
}

TEST_F(SidecarStatus, AHolderThatTheKernelDoesNotShowIsInAnotherContainer) {
  memory_process other(disk, nothing, 11);
  const auto held = sidecar_lock::acquire(other.on(), path);
  ASSERT_TRUE(held);
  process.sees_no_locks = true;
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_FALSE(lock);
  EXPECT_NE(lock.error().message().find("by a process in another container"), std::string::npos)
      << lock.error().message();
  EXPECT_EQ(look().now, state::held);
}

TEST_F(SidecarStatus, OneThatWaitsForItsOwnParentSaysSo) {
  memory_process parent(disk, nothing, 11);
  const auto file = parent.open(directory, open_how::directory, 0);
  ASSERT_EQ(*parent.lock(*file, {}), lock_answer::held);
  process.parent = 11;
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_FALSE(lock);
  EXPECT_NE(lock.error().message().find("process 11, which started this one"), std::string::npos)
      << lock.error().message();
}

TEST_F(SidecarStatus, BreakingTakesAwayExactlyTheOneThatIsNamed) {
  EXPECT_EQ(break_sidecar(process.on(), path, "theirs").error().code(), errc::invalid_argument);
  put_sidecar(std::chrono::seconds(1));
  EXPECT_EQ(break_sidecar(process.on(), path, "").error().code(), errc::invalid_argument);
  EXPECT_EQ(break_sidecar(process.on(), path, "another").error().code(), errc::conflict);
  EXPECT_TRUE(holder());
  EXPECT_TRUE(break_sidecar(process.on(), path, "theirs"));
  EXPECT_TRUE(disk.names_in(directory).empty());
}

TEST_F(SidecarStatus, OneWithoutATokenIsBrokenWithoutOne) {
  EXPECT_EQ(break_sidecar(process.on(), path, std::nullopt).error().code(), errc::invalid_argument);
  put_sidecar(std::chrono::seconds(1));
  EXPECT_EQ(break_sidecar(process.on(), path, std::nullopt).error().code(), errc::conflict);
  EXPECT_TRUE(holder());
  for (const std::string_view text : {"", "77\n", "77\n1800000000000000000\n"}) {
    put_text(text, -std::chrono::hours(3));
    EXPECT_EQ(break_sidecar(process.on(), path, "theirs").error().code(), errc::conflict);
    EXPECT_TRUE(break_sidecar(process.on(), path, std::nullopt)) << text;
    EXPECT_TRUE(disk.names_in(directory).empty());
  }
}

TEST_F(SidecarStatus, BreakingIsRefusedWhileAProcessHoldsTheQueue) {
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
// SPDX-License-Identifier: Apache-2.0
