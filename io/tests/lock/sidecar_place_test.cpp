// What may stand where a document's lock would, and beside it: what is a lock or a leftover of ours, and what is somebody's
// file, which is never moved.

#include "support/sidecar_fixture.hpp"

#include <chrono>

namespace agentslock::testing {
namespace {

using namespace std::string_literals;

class SidecarPlace : public sidecar_fixture {
 protected:
  /// No writer gets past what stands there now, however old it grows, and it stays as it is.
  void expect_never_moved(const std::string& what) {
    const auto before = disk.number_of(sidecar);
    for (auto age : {std::chrono::seconds(0), std::chrono::seconds(3600)}) {
      disk.clock.pass(age);
      const auto lock = sidecar_lock::acquire(process.on(), path);
      ASSERT_FALSE(lock) << what;
      EXPECT_EQ(lock.error().code(), errc::not_a_lock) << what << ": " << lock.error().message();
      EXPECT_NE(lock.error().message().find(sidecar), std::string::npos) << what;
    }
    EXPECT_EQ(look_at_sidecar(process.on(), path)->now, sidecar_status::state::not_a_lock) << what;
    EXPECT_EQ(break_sidecar(process.on(), path, std::nullopt).error().code(), errc::not_a_lock) << what;
    EXPECT_EQ(disk.number_of(sidecar), before) << what;
  }
};

const std::string nul = std::string(1, '\0');

TEST_F(SidecarPlace, TheRemainsOfAClaimAreReclaimedAfterTwoSeconds) {
  const std::string nuls(4096, '\0');
  for (const std::string& text :
       {""s, "7"s, "77"s, "77\n"s, "77\n17"s, "77\n1800000000000000000"s, nul, nuls, "77" + nul + nul,
        "77\n18000000" + nuls.substr(0, 100), "77\n1800000000000000000\n9f86" + nul}) {
    put_text(text, std::chrono::milliseconds(2100));
    const auto lock = sidecar_lock::acquire(process.on(), path);
    EXPECT_TRUE(lock) << text << ": " << lock.error().message();
  }
  // A young one may be a claim that is being written: it is waited for, and then it is old.
  put_text("", std::chrono::seconds(0));
  const auto before = waited();
  EXPECT_TRUE(sidecar_lock::acquire(process.on(), path));
  EXPECT_GT(waited() - before, std::chrono::seconds(2));
  EXPECT_LT(waited() - before, std::chrono::milliseconds(2050));
}

TEST_F(SidecarPlace, AFileThatIsNoLockIsNeverMoved) {
  for (const std::string& text : {"{}"s, "{\n  \"lock_version\": 1\n}\n"s, "hello\n"s, "?"s, "-3\n5\nx\n"s,
                                  "\x80\xFF\n"s, "0\n5\nx\n"s, "\n77\n5\n"s, " 77\n5\nx\n"s, "77 5"s,
                                  std::string(100'000, '7'), std::string(4097, '\0'), nul + "77\n"}) {
    put_text(text, std::chrono::seconds(0));
    expect_never_moved(text.substr(0, 20));
  }
}

TEST_F(SidecarPlace, ASymlinkThereIsNeitherFollowedNorMoved) {
  disk.put_file("/elsewhere", to_text({77, disk.clock.wall, "theirs", std::nullopt}));
  disk.put_symlink(sidecar, "/elsewhere");
  expect_never_moved("a symlink");
  EXPECT_NE(disk.find("/elsewhere"), nullptr);
}

TEST_F(SidecarPlace, ADirectoryThatIsNoLockIsNeverMoved) {
  disk.put_directory(sidecar);
  disk.put_file(std::string(sidecar) + "/thesis.tex", "years of work");
  expect_never_moved("a directory with another file");
  disk.put_file(std::string(sidecar) + "/holder", to_text({77, disk.clock.wall, "", std::nullopt}));
  expect_never_moved("a directory with a holder and another file");
  ASSERT_TRUE(disk.unlink(std::string(sidecar) + "/thesis.tex"));
  disk.put_file(std::string(sidecar) + "/holder", "somebody\n");
  expect_never_moved("a directory with a holder file that is none");
  ASSERT_TRUE(disk.unlink(std::string(sidecar) + "/holder"));
  disk.put_symlink(std::string(sidecar) + "/holder", "/etc/passwd");
  expect_never_moved("a directory with a symlink in it");
}

TEST_F(SidecarPlace, WhatStandsThereIsNamed) {
  const auto expect_named = [&](const std::string& what) {
    const auto lock = sidecar_lock::acquire(process.on(), path);
    ASSERT_FALSE(lock) << what;
    EXPECT_EQ(lock.error().message().find(std::string(sidecar) + " is " + what + ", and stands where"), 0U)
        << lock.error().message();
  };
  put_text("?", std::chrono::seconds(0));
  expect_named("a file that is no lock");
  ASSERT_TRUE(disk.unlink(sidecar));
  disk.put_symlink(sidecar, "/elsewhere");
  expect_named("a symlink, which is no lock");
  ASSERT_TRUE(disk.unlink(sidecar));
  disk.put_directory(sidecar);
  disk.put_file(std::string(sidecar) + "/thesis.tex", "years of work");
  expect_named("a directory that is no lock");
}

TEST_F(SidecarPlace, TheDirectoryOfAnOldGoToolIsHonouredByItsHoldersAge) {
  disk.put_directory(sidecar);
  disk.put_file(std::string(sidecar) + "/holder",
                "77\n" + std::to_string(disk.clock.wall.time_since_epoch().count()) + "\n");
  const auto refused = sidecar_lock::acquire(process.on(), path);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), errc::lock_timeout);
  EXPECT_NE(refused.error().message().find("process 77"), std::string::npos);
  disk.clock.pass(std::chrono::seconds(31));
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_TRUE(lock->release());
  EXPECT_TRUE(disk.names_in(directory).empty());
}

TEST_F(SidecarPlace, ADirectoryWithoutAHolderIsAClaimThatIsBeingMade) {
  disk.put_directory(sidecar);
  const auto before = waited();
  EXPECT_TRUE(sidecar_lock::acquire(process.on(), path));
  EXPECT_GT(waited() - before, std::chrono::seconds(2));
}

TEST_F(SidecarPlace, OneDatedInTheFutureIsAgedByItsFile) {
  disk.put_file(sidecar, to_text({77, disk.clock.wall + std::chrono::hours(1), "theirs", std::nullopt}));
  EXPECT_FALSE(sidecar_lock::acquire(process.on(), path));
  disk.clock.pass(std::chrono::seconds(31));
  EXPECT_TRUE(sidecar_lock::acquire(process.on(), path));
}

TEST_F(SidecarPlace, RemainsDatedInTheFutureAreAsOldAsTheyHaveBeenWatched) {
  put_text("", -std::chrono::hours(3));
  EXPECT_EQ(look_at_sidecar(process.on(), path)->now, sidecar_status::state::garbled);
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_GT(waited(), std::chrono::seconds(2));
}

TEST_F(SidecarPlace, AnIdentityAndItsFileInTheFutureKeepOursOutUntilItIsBroken) {
  disk.clock.wall += std::chrono::hours(3);
  put_sidecar(std::chrono::seconds(0));
  disk.clock.wall -= std::chrono::hours(3);
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_FALSE(lock);
  EXPECT_NE(lock.error().message().find("in the future"), std::string::npos) << lock.error().message();
  EXPECT_TRUE(break_sidecar(process.on(), path, "theirs"));
  EXPECT_TRUE(sidecar_lock::acquire(process.on(), path));
}

TEST_F(SidecarPlace, AnIdentityAndItsFileInTheFutureAreTakenOverByWhoeverHasWatchedThem) {
  disk.clock.wall += std::chrono::hours(3);
  put_sidecar(std::chrono::seconds(0));
  disk.clock.wall -= std::chrono::hours(3);
  lock_options patient;
  patient.wait = std::chrono::seconds(40);
  const auto lock = sidecar_lock::acquire(process.on(), path, patient);
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_GT(waited(), patient.stale);
  EXPECT_LT(waited(), std::chrono::seconds(32));
}

TEST_F(SidecarPlace, ADocumentWhoseLockWouldBeCalledLikeADocumentIsRefused) {
  for (const char* name : {"/project/.agentsrc", "/.agentsrc", "/project/./.agentsrc"}) {
    const auto lock = sidecar_lock::acquire(process.on(), name);
    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().code(), errc::invalid_argument);
    EXPECT_NE(lock.error().message().find(".agentsrc.lock"), std::string::npos);
  }
  disk.put_symlink("/project/alias.lock", ".agentsrc");
  EXPECT_EQ(sidecar_lock::acquire(process.on(), "/project/alias.lock").error().code(),
            errc::invalid_argument);
  EXPECT_EQ(disk.names_in(directory), std::vector<std::string>{"alias.lock"});
}

TEST_F(SidecarPlace, ANameThatLeavesNoRoomForTheLocksIsRefused) {
  const auto named = [](std::size_t bytes) { return "/project/" + std::string(bytes, 'n'); };
  EXPECT_TRUE(sidecar_lock::acquire(process.on(), named(201)));
  const auto lock = sidecar_lock::acquire(process.on(), named(202));
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::name_too_long);
  EXPECT_NE(lock.error().message().find("at most 201"), std::string::npos) << lock.error().message();
  EXPECT_TRUE(disk.names_in(directory).empty());
}

/// What a release sweeps, and what it leaves, when everything is over 30 s old.
class SidecarSweep : public sidecar_fixture {
 protected:
  void sweep() {
    disk.clock.pass(std::chrono::seconds(31));
    ASSERT_TRUE(sidecar_lock::acquire(process.on(), path));
  }
  const std::string identity = to_text({77, disk.clock.wall, "theirs", std::nullopt});
};

TEST_F(SidecarSweep, TakesWhatKilledProcessesLeft) {
  const std::string aside = std::string(sidecar) + ".stale-";
  disk.put_file(aside + "5-1800000000000000000-1", identity);
  disk.put_file(aside + "5-1800000000000000000", identity);  // as the Go tool calls them
  disk.put_file(aside + "6-1800000000000000000-2", "");
  disk.put_file(aside + "7-1800000000000000000-3", "77\n18" + std::string(5, '\0'));
  disk.put_directory(aside + "8-1800000000000000000");
  disk.put_file(aside + "8-1800000000000000000/holder", "77\n1800000000000000000\n");
  disk.put_file(std::string(path) + ".tmp-5-1800000000000000000-1", "half a docu");
  sweep();
  EXPECT_TRUE(disk.names_in(directory).empty()) << disk.names_in(directory).front();
}

TEST_F(SidecarSweep, LeavesWhatIsYoung) {
  disk.clock.pass(std::chrono::seconds(31));
  disk.put_file(std::string(sidecar) + ".stale-5-1-1", identity);
  disk.put_file(std::string(path) + ".tmp-5-1-1", "half");
  ASSERT_TRUE(sidecar_lock::acquire(process.on(), path));
  EXPECT_EQ(disk.names_in(directory).size(), 2U);
}

TEST_F(SidecarSweep, LeavesWhatIsNotOfOursByItsName) {
  const std::vector<std::string> names{".agentsrc.lock.swp",
                                       ".agentsrc.lock~",
                                       ".agentsrc.lock.tmp-notes",
                                       ".agentsrc.lock.tmp-",
                                       ".agentsrc.lock.tmp-5",
                                       ".agentsrc.lock.tmp-5-1-1-1",
                                       ".agentsrc.lock.tmp-5-1-x",
                                       ".agentsrc.lock.tmp-5-1-1.bak",
                                       ".agentsrc.lock.tmp-5--1",
                                       ".agentsrc.lock.tmp-5-1-",
                                       ".agentsrc.lock.lock.stale-",
                                       ".agentsrc.lock.lock.stale-notes",
                                       ".agentsrc.lock.lock.stale-5",
                                       ".agentsrc.lock.lock.stale-5-1-1-1",
                                       ".agentsrc.lock.lock.stale-0x5-1-1",
                                       "another.lock.tmp-5-1-1"};
  for (const std::string& name : names)
    disk.put_file(std::string(directory) + "/" + name, identity);
  sweep();
  EXPECT_EQ(disk.names_in(directory).size(), names.size());
}

TEST_F(SidecarSweep, LeavesWhatIsNotOfOursByWhatIsInIt) {
  const std::string aside = std::string(sidecar) + ".stale-5-1-";
  disk.put_file(aside + "1", "a user's notes");
  disk.put_file(aside + "2", "{}");
  disk.put_symlink(aside + "3", "/elsewhere");
  disk.put_directory(aside + "4");
  disk.put_file(aside + "4/thesis.tex", "years of work");
  disk.put_directory(std::string(path) + ".tmp-5-1-1");
  disk.put_symlink(std::string(path) + ".tmp-5-1-2", "/elsewhere");
  sweep();
  EXPECT_EQ(disk.names_in(directory).size(), 6U);
  EXPECT_NE(disk.find(aside + "4/thesis.tex"), nullptr);
}

TEST_F(SidecarSweep, ATemporaryFileOfALivingWriterIsNotSwept) {
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

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
