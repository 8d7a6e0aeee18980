// A sidecar that turns out to be another holder's when it has been moved aside gets its name back, whatever the file system
// has to offer for that; and where somebody claimed the name meanwhile, ours says so and goes on with nothing.

#include <chrono>
#include <functional>

#include "agentslock/io/lockfile_store.hpp"
#include "support/sidecar_fixture.hpp"

namespace agentslock::testing {
namespace {

/// Lets something happen right before a call.
struct before_call final : call_hook {
  call_kind kind = call_kind::rename;
  std::string path;
  std::function<void()> happens;
  /// Whether the call is the one that counts.
  bool armed = true;

  sys_result<> before(const system_call& call) override {
    if (armed && call.kind == kind && (call.path == path || call.second_path == path)) {
      armed = false;
      happens();
    }
    return {};
  }
};

class SidecarPutBack : public sidecar_fixture {
 protected:
  SidecarPutBack() {
    interfering.path = sidecar;
    interfering.disk = &disk;
  }

  /// Puts another holder's live sidecar where the stale one, or ours, was.
  void take_over() { disk.put_file(sidecar, to_text({88, disk.clock.wall, "live", std::nullopt})); }
  void expect_live_one_in_place() {
    ASSERT_TRUE(holder());
    EXPECT_EQ(holder()->token, "live");
    EXPECT_EQ(disk.names_in(directory), std::vector<std::string>{".agentsrc.lock.lock"});
  }

  before_call interfering;
  memory_process interfered{disk, interfering, 12};
};

/// What a file system has.
struct offers {
  const char* what;
  bool hard_links;
  bool rename_new;
};
constexpr offers file_systems[] = {{"hard links", true, true},
                                   {"renames to free names alone", false, true},
                                   {"plain renames alone", false, false}};

TEST_F(SidecarPutBack, ALiveOneThatWasTakenForTheStaleOneGetsItsNameBack) {
  for (const offers& has : file_systems) {
    disk.has_hard_links = has.hard_links;
    disk.has_rename_new = has.rename_new;
    put_sidecar(std::chrono::minutes(1));
    interfering.happens = [&] { take_over(); };
    interfering.armed = true;
    const auto lock = sidecar_lock::acquire(interfered.on(), path);
    ASSERT_FALSE(lock) << has.what;
    EXPECT_EQ(lock.error().code(), errc::lock_timeout) << has.what << ": " << lock.error().message();
    expect_live_one_in_place();
  }
}

TEST_F(SidecarPutBack, ALiveOneThatWasTakenForOursAtReleaseGetsItsNameBack) {
  for (const offers& has : file_systems) {
    disk.has_hard_links = has.hard_links;
    disk.has_rename_new = has.rename_new;
    interfering.armed = false;
    auto lock = sidecar_lock::acquire(interfered.on(), path);
    ASSERT_TRUE(lock) << has.what << ": " << lock.error().message();
    interfering.happens = [&] { take_over(); };
    interfering.armed = true;
    EXPECT_TRUE(lock->release()) << has.what;
    expect_live_one_in_place();
    ASSERT_TRUE(disk.unlink(sidecar));
  }
}

TEST_F(SidecarPutBack, ALiveOneThatWasTakenForTheOneToBeBrokenIsAConflict) {
  for (const offers& has : file_systems) {
    disk.has_hard_links = has.hard_links;
    disk.has_rename_new = has.rename_new;
    put_sidecar(std::chrono::minutes(1));
    interfering.happens = [&] { take_over(); };
    interfering.armed = true;
    const auto broken = break_sidecar(interfered.on(), path, "theirs");
    ASSERT_FALSE(broken) << has.what << ": the lock that was named was not there any more";
    EXPECT_EQ(broken.error().code(), errc::conflict) << has.what << ": " << broken.error().message();
    expect_live_one_in_place();
  }
}

TEST_F(SidecarPutBack, ADirectoryGetsItsNameBackToo) {
  for (bool rename_new : {true, false}) {
    disk.has_rename_new = rename_new;
    put_sidecar(std::chrono::minutes(1));
    interfering.happens = [&] {
      ASSERT_TRUE(disk.unlink(sidecar));
      disk.put_directory(sidecar);
      disk.put_file(std::string(sidecar) + "/holder", to_text({88, disk.clock.wall, "", std::nullopt}));
    };
    interfering.armed = true;
    EXPECT_FALSE(sidecar_lock::acquire(interfered.on(), path));
    EXPECT_NE(disk.find(std::string(sidecar) + "/holder"), nullptr);
    EXPECT_EQ(disk.names_in(directory), std::vector<std::string>{".agentsrc.lock.lock"});
    ASSERT_TRUE(disk.unlink(std::string(sidecar) + "/holder"));
    ASSERT_TRUE(disk.remove_directory(sidecar));
  }
}

/// Lets a live sidecar come right before one is moved aside, and a third's claim right after.
struct two_interferences final : call_hook {
  std::function<void()> first;
  std::function<void()> second;
  int done = 0;
  bool armed = false;

  sys_result<> before(const system_call& call) override {
    if (!armed) return {};
    const bool moves = call.kind == call_kind::rename && call.path == sidecar;
    const bool looks_aside =
        call.kind == call_kind::symlink_status_at && call.path.find(".stale-") != std::string::npos;
    if (done == 0 && moves) {
      done = 1;
      first();
    } else if (done == 1 && looks_aside) {
      done = 2;
      second();
    }
    return {};
  }
};

class SidecarDisplacement : public sidecar_fixture {
 protected:
  SidecarDisplacement() {
    interfering.first = [&] { disk.put_file(sidecar, to_text({88, disk.clock.wall, "live", std::nullopt})); };
    interfering.second = [&] {
      disk.put_file(sidecar, to_text({99, disk.clock.wall, "third", std::nullopt}));
    };
  }
  /// The third has the name, and the live one's sidecar stands aside for the sweep.
  void expect_nothing_was_dropped() {
    ASSERT_EQ(interfering.done, 2);
    ASSERT_TRUE(holder());
    EXPECT_EQ(holder()->token, "third");
    bool aside = false;
    for (const std::string& name : disk.names_in(directory)) {
      if (name.find(".stale-") == std::string::npos) continue;
      aside = parse_identity(disk.text_of(std::string(directory) + "/" + name).value())->token == "live";
    }
    EXPECT_TRUE(aside);
  }

  two_interferences interfering;
  memory_process interfered{disk, interfering, 12};
};

TEST_F(SidecarDisplacement, AtAReclaimOursGivesUpAndSaysLockLost) {
  put_sidecar(std::chrono::minutes(1));
  interfering.armed = true;
  const auto lock = sidecar_lock::acquire(interfered.on(), path);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::lock_lost);
  expect_nothing_was_dropped();
}

TEST_F(SidecarDisplacement, AtAReleaseItIsSaid) {
  auto lock = sidecar_lock::acquire(interfered.on(), path);
  ASSERT_TRUE(lock);
  interfering.armed = true;
  EXPECT_EQ(lock->release().error().code(), errc::lock_lost);
  expect_nothing_was_dropped();
  EXPECT_TRUE(lock->release()) << "a second release does nothing";
}

TEST_F(SidecarDisplacement, AfterAWriteTheOutcomeIsUncertain) {
  const auto done = lockfile_store(path, {}, interfered.on()).update([&](lockfile& file) -> result<> {
    interfering.armed = true;
    if (auto added = file.activate("crg", "s", "d", timestamp()); !added) return error(added.why());
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain);
  expect_nothing_was_dropped();
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
