// A shortage is no missing feature: without the queue ours goes on only where the system says that there can be none. And a
// symlink is followed only where the kernel's own protection would follow it.

#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

#include "support/sidecar_fixture.hpp"

namespace agentslock::testing {
namespace {

/// Makes every call of a kind fail.
struct always_failing final : call_hook {
  call_kind kind = call_kind::lock;
  int number = 0;

  sys_result<> before(const system_call& call) override {
    if (call.kind != kind || number == 0) return {};
    return boost::system::error_code(number, boost::system::system_category());
  }
};

class SidecarShortage : public sidecar_fixture {
 protected:
  SidecarShortage() {
    put_sidecar(std::chrono::minutes(1));
  }  // one that a writer without the queue would reclaim

  [[nodiscard]] result<sidecar_lock> acquire_failing(call_kind kind, int number) {
    failing.kind = kind;
    failing.number = number;
    return sidecar_lock::acquire(short_of.on(), path);
  }

  always_failing failing;
  memory_process short_of{disk, failing, 12};
};

TEST_F(SidecarShortage, NobodyGoesOnWithoutTheQueueWhenItCouldNotBeEntered) {
  for (int number : {EMFILE, ENFILE, ENOMEM, EIO, ESTALE}) {
    const auto lock = acquire_failing(call_kind::open_directory, number);
    ASSERT_FALSE(lock) << number;
    EXPECT_EQ(lock.error().cause().value(), number);
    EXPECT_EQ(holder()->token, "theirs") << number;
  }
  for (int number : {ENOMEM, EIO, ENOLCK}) {
    const auto lock = acquire_failing(call_kind::lock, number);
    ASSERT_FALSE(lock) << number;
    EXPECT_EQ(lock.error().cause().value(), number);
    EXPECT_EQ(holder()->token, "theirs") << number;
  }
  EXPECT_FALSE(acquire_failing(call_kind::status_of, EIO));
  EXPECT_EQ(holder()->token, "theirs");
}

TEST_F(SidecarShortage, WhereThereCanBeNoQueueThePlainProtocolStandsAlone) {
  const auto alone = [&](call_kind kind, int number) {
    put_sidecar(std::chrono::minutes(1));
    const auto lock = acquire_failing(kind, number);
    EXPECT_TRUE(lock) << number << ": " << lock.error().message();
    EXPECT_FALSE(lock && lock->has_queue()) << number;
  };
  for (int number : {EACCES, EPERM, EOPNOTSUPP, ENOSYS})
    alone(call_kind::open_directory, number);
  for (int number : {EOPNOTSUPP, ENOSYS, EINVAL, EBADF, EACCES, EPERM})
    alone(call_kind::lock, number);
  disk.is_remote = true;
  alone(call_kind::lock, ENOLCK);  // a network file system without a lock server
}

TEST_F(SidecarShortage, ASidecarThatCouldNotBeReadForAShortageIsNotReclaimed) {
  for (int number : {EMFILE, ENFILE, ENOMEM, EIO}) {
    const auto lock = acquire_failing(call_kind::open, number);
    ASSERT_FALSE(lock) << number;
    EXPECT_EQ(lock.error().cause().value(), number);
    EXPECT_TRUE(holder());
  }
}

TEST_F(SidecarShortage, ASidecarWhoseBytesCantBeReadIsNotReclaimed) {
  for (int number : {EIO, ENOMEM}) {
    const auto lock = acquire_failing(call_kind::read, number);
    ASSERT_FALSE(lock) << number;
    EXPECT_EQ(lock.error().cause().value(), number);
    EXPECT_EQ(holder()->token, "theirs") << number;
    EXPECT_FALSE(look_at_sidecar(short_of.on(), path)) << number;
    EXPECT_EQ(waited().count(), 0);
  }
}

TEST_F(SidecarShortage, ASidecarThatCantBeLookedAtOrMovedIsSaidAtOnceByItsName) {
  for (const auto& [kind, says] :
       {std::pair(call_kind::symlink_status_at, "look at"), std::pair(call_kind::rename, "take over")}) {
    const auto lock = acquire_failing(kind, EIO);
    ASSERT_FALSE(lock) << says;
    EXPECT_EQ(lock.error().code(), errc::io_failed);
    EXPECT_EQ(lock.error().message().find("could not " + std::string(says) + " the lock " + sidecar), 0U)
        << lock.error().message();
    EXPECT_EQ(waited().count(), 0);
    EXPECT_EQ(holder()->token, "theirs");
  }
}

TEST_F(SidecarShortage, ASidecarThatCantBeOpenedForNowIsWaitedFor) {
  const auto lock = acquire_failing(call_kind::open, EAGAIN);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::lock_timeout);
  EXPECT_EQ(waited(), std::chrono::seconds(5));
}

TEST_F(SidecarShortage, AModeThatCantBeSetIsNotMissedWhereAllMayReadAnyway) {
  ASSERT_TRUE(disk.unlink(sidecar));
  for (int number : {EPERM, EOPNOTSUPP, ENOSYS, EROFS}) {
    const auto lock = acquire_failing(call_kind::set_mode, number);
    EXPECT_TRUE(lock) << number << ": " << lock.error().message();
  }
}

/// A symlink that another user has planted in a directory that all may write.
class PlantedSymlink : public sidecar_fixture {
 protected:
  static constexpr unsigned me = 4002;
  static constexpr unsigned other = 4001;

  PlantedSymlink() {
    disk.put_directory("/home");
    disk.put_file("/home/settings.json", "{}");
    disk.put_symlink(path, "/home/settings.json");
    process.user = me;
  }
  [[nodiscard]] errc code_with(unsigned directory_owner, unsigned directory_mode, unsigned symlink_owner) {
    disk.give(directory, directory_owner, directory_mode);
    disk.give(path, symlink_owner, 0777);
    const auto lock = sidecar_lock::acquire(process.on(), path);
    return lock ? errc::invalid_argument : lock.error().code();
  }
  static constexpr errc followed = errc::invalid_argument;  // no error at all
};

TEST_F(PlantedSymlink, IsFollowedOnlyWhenItIsOursOrTheDirectorysOwners) {
  EXPECT_EQ(code_with(0, 01777, other), errc::access_denied);
  EXPECT_EQ(code_with(other, 01777, 0), errc::access_denied);
  EXPECT_EQ(code_with(0, 01777, me), followed);
  EXPECT_EQ(code_with(0, 01777, 0), followed);
  EXPECT_EQ(code_with(other, 01777, other), followed);
  // A directory in which not everybody may plant one.
  EXPECT_EQ(code_with(0, 0777, other), followed);
  EXPECT_EQ(code_with(0, 01775, other), followed);
}

TEST_F(PlantedSymlink, IsNotFollowedWhenItsDirectoryCantBeLookedAt) {
  disk.give(directory, 0, 0755);
  disk.give(path, other, 0777);
  always_failing failing;
  failing.kind = call_kind::status_at;
  memory_process denied{disk, failing, 12};
  denied.user = me;
  EXPECT_TRUE(look_at_sidecar(denied.on(), path)) << "else it is followed";
  for (const int number : {EIO, ESTALE}) {
    failing.number = number;
    const auto seen = look_at_sidecar(denied.on(), path);
    ASSERT_FALSE(seen) << number;
    EXPECT_EQ(seen.error().cause().value(), number);
    EXPECT_EQ(seen.error().message().find(std::string("could not follow the symlink ") + path), 0U)
        << seen.error().message();
  }
}

TEST_F(PlantedSymlink, IsSeenAtEveryStep) {
  disk.put_directory("/tmp");
  disk.give("/tmp", 0, 01777);
  disk.put_symlink("/tmp/hop", "/home/settings.json");
  disk.give("/tmp/hop", other, 0777);
  disk.put_symlink(path, "/tmp/hop");
  disk.give(path, me, 0777);
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::access_denied);
  EXPECT_NE(lock.error().message().find("/tmp/hop"), std::string::npos);
  EXPECT_EQ(look_at_sidecar(process.on(), path).error().code(), errc::access_denied);
  EXPECT_EQ(disk.names_in("/home"), std::vector<std::string>{"settings.json"});
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
