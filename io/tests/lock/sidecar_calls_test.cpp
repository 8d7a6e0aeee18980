// What each answer of the system makes of a lock: that another way is taken, that it is an error, or who is in the way.

// First: the names of places below would be hidden by its parameters.
#include "support/temporary_directory.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "support/sidecar_fixture.hpp"

namespace agentslock::testing {
namespace {

using namespace std::string_literals;

/// Answers calls as a test says.
struct answering final : call_hook {
  std::function<int(const system_call&)> answer = [](const system_call&) { return 0; };
  bool writes_nothing = false;

  sys_result<> before(const system_call& call) override {
    const int number = answer(call);
    return number == 0 ? sys_result<>() : sys_result<>(fails_with(number));
  }
  std::size_t bytes_written_at_once(std::size_t wanted) override { return writes_nothing ? 0 : wanted; }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class SidecarCalls : public sidecar_fixture {
 protected:
  /// Makes one kind of call fail, of paths in which a part stands.
  void fail(call_kind kind, int number, const std::string& part = "") {
    system.answer = [=](const system_call& call) {
      return call.kind == kind && has(call.path, part) ? number : 0;
    };
  }
  /// Where there are no hard links, another claims the sidecar's name just before a call of our claim fails, and keeps it.
  void expect_theirs_stays(call_kind kind, int number, errc told,
                           const std::function<void()>& claim_by_another) {
    disk.has_hard_links = false;
    system.answer = [=](const system_call& call) {
      if (call.kind != kind || call.path != sidecar) return 0;
      claim_by_another();
      return number;
    };
    const auto lock = acquire();
    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().code(), told);
    ASSERT_TRUE(holder());
    EXPECT_EQ(holder()->token, "theirs");
  }
  void replace_by_theirs() {
    EXPECT_TRUE(disk.unlink(sidecar));
    put_sidecar(std::chrono::seconds(0));
  }
  [[nodiscard]] result<sidecar_lock> acquire(std::chrono::nanoseconds wait = std::chrono::seconds(5)) {
    lock_options options;
    options.wait = wait;
    return sidecar_lock::acquire(answered.on(), path, options);
  }
  [[nodiscard]] sidecar_status look() { return look_at_sidecar(answered.on(), path).value(); }
  void clear() {
    (void)disk.unlink(std::string(sidecar) + "/holder");
    (void)disk.unlink(sidecar);
    (void)disk.remove_directory(sidecar);
  }

  answering system;
  memory_process answered{disk, system, 12};
};

using state = sidecar_status::state;

TEST_F(SidecarCalls, WithoutFilesThatHaveNoNameOneWithANameIsLinked) {
  for (const int number : {EOPNOTSUPP, EISDIR, EINVAL, ENOSYS}) {
    fail(call_kind::create_nameless, number);
    const auto lock = acquire();
    ASSERT_TRUE(lock) << number << lock.error().message();
    EXPECT_EQ(holder()->process, 12);
  }
  for (const int number : {ENOENT, EACCES, ELOOP}) {
    fail(call_kind::hard_link_open, number);
    EXPECT_TRUE(acquire()) << number;
  }
  EXPECT_TRUE(disk.names_in(directory).empty());
}

TEST_F(SidecarCalls, WhereNoLinkCanBeMadeTheSidecarIsCreated) {
  for (const int number : {EPERM, EOPNOTSUPP, ENOSYS, EMLINK, EXDEV, EINVAL}) {
    bool created = false;
    system.answer = [&](const system_call& call) {
      created = created || (call.kind == call_kind::create && call.path == sidecar);
      return call.kind == call_kind::hard_link || call.kind == call_kind::hard_link_open ? number : 0;
    };
    put_sidecar(std::chrono::minutes(1));
    const auto lock = acquire();
    ASSERT_TRUE(lock) << number << lock.error().message();
    EXPECT_TRUE(created);
    EXPECT_EQ(holder()->process, 12);
  }
}

TEST_F(SidecarCalls, ASidecarThatOthersMayNotReadIsNotClaimed) {
  disk.has_nameless_files = false;
  for (const bool is_seen : {true, false}) {
    system.answer = [&](const system_call& call) {
      if (!has(call.path, ".stale-")) return 0;
      if (call.kind == call_kind::status_of && !is_seen) return EIO;
      if (call.kind != call_kind::set_mode) return 0;
      disk.give(call.path, 0, is_seen ? 0600 : 0644);
      return EPERM;
    };
    const auto lock = acquire();
    ASSERT_FALSE(lock) << is_seen;
    EXPECT_EQ(lock.error().cause().value(), EPERM);
    EXPECT_TRUE(disk.names_in(directory).empty());
  }
}

TEST_F(SidecarCalls, AWriteThatWritesNothingIsAnErrorAndNoEndlessLoop) {
  system.writes_nothing = true;
  const auto lock = acquire();
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().cause().value(), EIO);
  system.writes_nothing = false;
  const auto done = lockfile_store(path, {}, answered.on()).update([&](lockfile& file) -> result<> {
    system.writes_nothing = true;
    if (auto added = file.activate("crg", "s", "d", timestamp()); !added) return error(added.why());
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::io_failed);
  EXPECT_TRUE(disk.names_in(directory).empty());
}

TEST_F(SidecarCalls, ADirectoryThatIsGoneWhenTheFileWasMadeIsALostLock) {
  disk.has_nameless_files = false;
  for (const int number : {ENOENT, EIO}) {
    bool made = false;
    system.answer = [&](const system_call& call) {
      made = made || call.kind == call_kind::create;
      return made && call.kind == call_kind::status_at && call.path == directory ? number : 0;
    };
    const auto lock = acquire();
    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().code(), number == ENOENT ? errc::lock_lost : errc::io_failed);
    EXPECT_TRUE(disk.names_in(directory).empty());
  }
}

TEST_F(SidecarCalls, AClaimThatCantBeReadBackIsNone) {
  disk.has_hard_links = false;
  fail(call_kind::read, EIO, sidecar);
  const auto lock = acquire();
  ASSERT_FALSE(lock) << "it may be another's by now";
  EXPECT_EQ(lock.error().code(), errc::io_failed);
}

TEST_F(SidecarCalls, AClaimThatCantBeReadBackLeavesNoSidecar) {
  disk.has_hard_links = false;
  system.answer = [](const system_call& call) {
    return call.kind == call_kind::read && call.path == sidecar ? EIO : 0;
  };
  const auto lock = acquire();
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::io_failed);
  EXPECT_EQ(disk.names_in(directory), std::vector<std::string>{}) << "a Go tool would wait for it";
}

TEST_F(SidecarCalls, WhoeverTookTheNameFromAClaimThatCantBeReadBackKeepsIt) {
  expect_theirs_stays(call_kind::read, EIO, errc::io_failed, [&] { replace_by_theirs(); });
}

TEST_F(SidecarCalls, WhoeverTookTheNameFromAClaimThatFailedKeepsIt) {
  expect_theirs_stays(call_kind::write, ENOSPC, errc::no_space, [&] { replace_by_theirs(); });
}

TEST_F(SidecarCalls, WhoeverClaimedByAFileOfTheSameNumberKeepsIt) {
  expect_theirs_stays(call_kind::write, ENOSPC, errc::no_space, [&] {
    disk.put_bytes_unseen(std::string(sidecar), to_text({77, disk.clock.wall, "theirs", std::nullopt}));
  });
}

TEST_F(SidecarCalls, ADirectoryIsTakenAwayWhereUnlinkSaysThatItMayNot) {
  disk.put_directory(sidecar);
  disk.put_file(std::string(sidecar) + "/holder", to_text({77, disk.clock.wall, "", std::nullopt}));
  disk.clock.pass(std::chrono::minutes(1));
  system.answer = [](const system_call& call) {
    const bool whole =
        call.kind == call_kind::unlink && has(call.path, ".stale-") && !has(call.path, "/holder");
    return whole ? EPERM : 0;
  };
  const auto lock = acquire();
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_EQ(disk.names_in(directory), std::vector<std::string>{".agentsrc.lock.lock"});
}

TEST_F(SidecarCalls, WhatADirectorysListingSaysTellsWhatItIs) {
  disk.put_directory(sidecar);
  for (const int number : {EACCES, EPERM}) {
    fail(call_kind::list, number, sidecar);
    EXPECT_EQ(look().now, state::held) << number;
    EXPECT_EQ(look().holder, "another user's program, whose lock may not be read");
  }
  for (const int number : {ENOENT, ENOTDIR}) {
    fail(call_kind::list, number, sidecar);
    EXPECT_NE(look().now, state::not_a_lock) << number;
    EXPECT_EQ(look().identity, std::nullopt);
  }
  fail(call_kind::list, EIO, sidecar);
  EXPECT_EQ(look_at_sidecar(answered.on(), path).error().code(), errc::io_failed);
}

TEST_F(SidecarCalls, WhatAHolderFilesOpeningSaysTellsWhatItsDirectoryIs) {
  disk.put_directory(sidecar);
  const std::string inside = std::string(sidecar) + "/holder";
  disk.put_file(inside, to_text({77, disk.clock.wall, "", std::nullopt}));
  for (const auto& [number, now] :
       {std::pair(EACCES, state::held), std::pair(EPERM, state::held), std::pair(ENOENT, state::garbled),
        std::pair(ELOOP, state::not_a_lock), std::pair(ENXIO, state::not_a_lock),
        std::pair(ENOTDIR, state::not_a_lock)}) {
    fail(call_kind::open, number, inside);
    EXPECT_EQ(look().now, now) << number;
  }
  fail(call_kind::open, EIO, inside);
  EXPECT_EQ(look_at_sidecar(answered.on(), path).error().code(), errc::io_failed);
  system.answer = [](const system_call&) { return 0; };
  ASSERT_TRUE(disk.unlink(inside));
  disk.put_directory(inside);
  EXPECT_EQ(look().now, state::not_a_lock) << "a holder that is a directory";
}

TEST_F(SidecarCalls, WhatASidecarsOpeningSaysTellsWhatItIs) {
  put_sidecar(std::chrono::seconds(1));
  for (const auto& [number, now] :
       {std::pair(EACCES, state::held), std::pair(EPERM, state::held), std::pair(ELOOP, state::not_a_lock),
        std::pair(ENXIO, state::not_a_lock), std::pair(ENOTDIR, state::not_a_lock)}) {
    fail(call_kind::open, number, sidecar);
    EXPECT_EQ(look().now, now) << number;
  }
  system.answer = [&](const system_call& call) {
    if (call.kind != call_kind::open || call.path != sidecar) return 0;
    clear();
    disk.put_directory(sidecar);
    return 0;
  };
  EXPECT_EQ(look().now, state::not_a_lock) << "a directory by the time that it is opened";
}

TEST_F(SidecarCalls, ASidecarThatIsReplacedBeforeItIsOpenedIsAgedByTheNewOne) {
  put_text("", std::chrono::minutes(1));
  EXPECT_EQ(look().now, state::stale);
  system.answer = [&](const system_call& call) {
    if (call.kind == call_kind::open && call.path == sidecar) put_text("7", std::chrono::seconds(1));
    return 0;
  };
  EXPECT_EQ(look().now, state::garbled);
  EXPECT_EQ(look().age, std::chrono::seconds(1));
}

TEST_F(SidecarCalls, NothingIsOpenButTheQueueWhenANameIsGivenOrTakenAway) {
  // A network file system keeps an open file that is unlinked under another name, beside the document.
  disk.has_nameless_files = false;
  for (const bool has_hard_links : {true, false}) {
    for (const int number : {0, ENOSPC}) {
      disk.has_hard_links = has_hard_links;
      int changes = 0;
      system.answer = [&](const system_call& call) {
        const bool gives_or_takes = call.kind == call_kind::hard_link || call.kind == call_kind::unlink ||
                                    call.kind == call_kind::rename;
        if (gives_or_takes) {
          ++changes;
          EXPECT_EQ(disk.open_files(), 1U) << name(call.kind) << " " << call.path;
        }
        const bool writes = call.kind == call_kind::write && (has_hard_links || call.path == sidecar);
        return writes ? number : 0;
      };
      auto lock = acquire();
      EXPECT_EQ(lock.has_value(), number == 0);
      EXPECT_TRUE(!lock || lock->release());
      EXPECT_GT(changes, 0);
      EXPECT_TRUE(disk.names_in(directory).empty());
    }
  }
}

TEST_F(SidecarCalls, ADirectoryThatASymlinkLeadsToAndThatCantBeLookedAtIsAnError) {
  disk.put_directory("/shared");
  disk.put_symlink(path, "/shared/real.lock");
  fail(call_kind::status_at, EIO, "/shared");
  const auto lock = acquire();
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::io_failed);
  EXPECT_EQ(lock.error().message().find("could not look at the directory /shared"), 0U)
      << lock.error().message();
  EXPECT_EQ(disk.names_in(directory), std::vector<std::string>{".agentsrc.lock"});
  EXPECT_TRUE(disk.names_in("/shared").empty());
}

TEST_F(SidecarCalls, AHolderThatIsGoneWhenItIsLookedAtEndsNoWaitThatIsOver) {
  system.answer = [&](const system_call& call) {
    if (call.kind == call_kind::hard_link_open) put_sidecar(std::chrono::seconds(1));
    if (call.kind == call_kind::symlink_status_at && call.path == sidecar) clear();
    return 0;
  };
  const auto lock = acquire(std::chrono::seconds(0));
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::lock_timeout);
  EXPECT_TRUE(has(lock.error().message(), "another program, which is not known")) << lock.error().message();
}

TEST_F(SidecarCalls, AClaimThatIsSweptAgainAndAgainEndsWithTheWait) {
  disk.has_nameless_files = false;
  int swept = 0;
  system.answer = [&](const system_call& call) {
    if (call.kind != call_kind::hard_link || swept == 5) return 0;
    ++swept;
    return ENOENT;
  };
  const auto over = acquire(std::chrono::seconds(0));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code(), errc::lock_timeout);
  EXPECT_EQ(swept, 4) << "a few times are tried whatever time is left";
  swept = 0;
  EXPECT_TRUE(acquire());
  EXPECT_EQ(swept, 5);
}

TEST_F(SidecarCalls, ADeadHolderThatComesBackEachTimeIsWaitedFor) {
  system.answer = [&](const system_call& call) {
    if (call.kind == call_kind::hard_link_open) put_sidecar(std::chrono::seconds(1), own_queue());
    return 0;
  };
  const auto lock = acquire();
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::lock_timeout);
  EXPECT_EQ(waited(), std::chrono::seconds(5));
}

TEST_F(SidecarCalls, WithoutANumberOfTheBootNothingIsMarked) {
  answered.set_boot_id("");
  const auto lock = acquire();
  ASSERT_TRUE(lock);
  EXPECT_TRUE(lock->has_queue());
  EXPECT_EQ(holder()->mark, std::nullopt);
}

TEST_F(SidecarCalls, AQueueIsToldByAMarkOfThatQueueAlone) {
  memory_process other(disk, nothing, 11);
  const auto file = other.open(directory, open_how::directory, 0);
  ASSERT_EQ(*other.lock(*file, {}), lock_answer::held);
  answered.sees_no_locks = true;
  const auto said = [&] { return acquire(std::chrono::seconds(0)).error().message(); };
  EXPECT_TRUE(has(said(), "another program, which is not known"));
  put_text("77\n", std::chrono::seconds(0));
  EXPECT_TRUE(has(said(), "another program, which is not known"));
  put_sidecar(std::chrono::seconds(1));
  EXPECT_TRUE(has(said(), "another program, which is not known"));
  put_sidecar(std::chrono::seconds(1), queue_mark{"boot-1", {memory_disk::device, 999}, 1});
  EXPECT_TRUE(has(said(), "another program, which is not known"));
  put_sidecar(std::chrono::seconds(1), own_queue());
  EXPECT_TRUE(has(said(), "a process in another container"));
}

TEST_F(SidecarCalls, WhatIsNoLockIsSaidThoughTheQueueIsHeld) {
  memory_process other(disk, nothing, 11);
  const auto file = other.open(directory, open_how::directory, 0);
  ASSERT_EQ(*other.lock(*file, {}), lock_answer::held);
  put_text("?", std::chrono::seconds(0));
  EXPECT_EQ(look().now, state::not_a_lock);
  EXPECT_EQ(look().holder, "process 11");
}

TEST_F(SidecarCalls, WithoutALookAtTheDirectoryAMarkMeansNothing) {
  put_sidecar(std::chrono::seconds(1), own_queue());
  EXPECT_EQ(look().now, state::free) << "its holder had the queue, which nobody has";
  fail(call_kind::status_at, EACCES, directory);
  EXPECT_EQ(look().now, state::held);
}

TEST_F(SidecarCalls, ASymlinkThatIsTurnedAtTheQueueIsFollowedAnew) {
  disk.put_symlink(path, "one.lock");
  bool turned = false;
  system.answer = [&](const system_call& call) {
    if (call.kind == call_kind::lock && !turned) {
      turned = true;
      disk.put_symlink(path, "two.lock");
    }
    return 0;
  };
  const auto lock = acquire();
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_EQ(lock->document_path(), "/project/two.lock");
  EXPECT_EQ(disk.find("/project/one.lock.lock"), nullptr);
}

TEST_F(SidecarCalls, ADirectoryThatAnotherMakesMeanwhileIsTaken) {
  system.answer = [&](const system_call& call) {
    if (call.kind == call_kind::make_directory) disk.put_directory(call.path);
    return 0;
  };
  const auto lock = sidecar_lock::acquire(answered.on(), "/new/.agentsrc.lock");
  ASSERT_TRUE(lock) << lock.error().message();
  fail(call_kind::make_directory, ENOSPC);
  EXPECT_EQ(sidecar_lock::acquire(answered.on(), "/newer/.agentsrc.lock").error().code(), errc::no_space);
}

TEST_F(SidecarCalls, APathWithANulIsRefused) {
  const std::string bad = "/project/a\0b"s;
  EXPECT_EQ(sidecar_lock::acquire(answered.on(), bad).error().code(), errc::invalid_argument);
  EXPECT_EQ(look_at_sidecar(answered.on(), bad).error().code(), errc::invalid_argument);
  EXPECT_EQ(break_sidecar(answered.on(), bad, "theirs").error().code(), errc::invalid_argument);
  EXPECT_TRUE(disk.names_in(directory).empty());
}

TEST_F(SidecarCalls, WhatCantBeLookedAtIsNotSwept) {
  const std::string temporary = std::string(path) + ".tmp-5-1-1";
  const std::string aside = std::string(sidecar) + ".stale-5-1-1";
  disk.put_file(temporary, "half");
  disk.put_file(aside, to_text({77, disk.clock.wall, "theirs", std::nullopt}));
  disk.clock.pass(std::chrono::minutes(1));
  system.answer = [&](const system_call& call) {
    return call.kind == call_kind::open && (call.path == temporary || call.path == aside) ? EIO : 0;
  };
  ASSERT_TRUE(acquire());
  EXPECT_EQ(disk.names_in(directory).size(), 2U);
  // Where files can't be locked, their age alone tells.
  fail(call_kind::lock, EOPNOTSUPP, ".tmp-");
  ASSERT_TRUE(acquire());
  EXPECT_TRUE(disk.names_in(directory).empty());
}

TEST(SidecarOnDisk, APipeInItsPlaceIsNoLockAndIsNeitherOpenedNorMoved) {
  const temporary_directory place;
  const std::string document = place / "lock";
  const std::string pipe = document + ".lock";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0644), 0);
  const auto lock = sidecar_lock::acquire(platform::system(), document);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code(), errc::not_a_lock);
  EXPECT_TRUE(has(lock.error().message(), "a pipe")) << lock.error().message();
  EXPECT_EQ(look_at_sidecar(platform::system(), document)->now, state::not_a_lock);
  struct stat there {};
  ASSERT_EQ(::lstat(pipe.c_str(), &there), 0);
  EXPECT_TRUE(S_ISFIFO(there.st_mode));
}

/// A live holder's sidecar that was moved aside for the stale one, where no links can be made.
class SidecarGivenBack : public SidecarCalls {
 protected:
  SidecarGivenBack() {
    disk.has_hard_links = false;
    put_sidecar(std::chrono::minutes(1));
    system.answer = [this](const system_call& call) {
      if (call.kind == call_kind::rename && call.path == sidecar && !moved) {
        moved = true;
        disk.put_file(sidecar, to_text({88, disk.clock.wall, "live", std::nullopt}));
        return 0;
      }
      return moved ? then(call) : 0;
    };
  }
  bool moved = false;
  std::function<int(const system_call&)> then;
};

TEST_F(SidecarGivenBack, HasItsNameAgainByWhateverRenameThereIs) {
  for (const int number : {EINVAL, ENOSYS, EOPNOTSUPP}) {
    moved = false;
    put_sidecar(std::chrono::minutes(1));
    then = [=](const system_call& call) { return call.kind == call_kind::rename_new ? number : 0; };
    EXPECT_EQ(acquire().error().code(), errc::lock_timeout) << number;
    EXPECT_EQ(holder()->token, "live");
    EXPECT_EQ(disk.names_in(directory).size(), 1U);
  }
}

TEST_F(SidecarGivenBack, IsSaidToBeDisplacedWhereItCanNotHaveIt) {
  disk.has_rename_new = false;
  int refused = 0;
  const std::function<int(const system_call&)> refusals[] = {
      [&](const system_call& call) {
        if (call.kind != call_kind::rename_new) return 0;
        ++refused;
        disk.put_file(sidecar, to_text({99, disk.clock.wall, "third", std::nullopt}));
        return EINVAL;
      },
      [&](const system_call& call) {
        const bool looks = call.kind == call_kind::symlink_status_at && call.path == sidecar;
        refused += looks ? 1 : 0;
        return looks ? EIO : 0;
      },
      [&](const system_call& call) {
        const bool back = call.kind == call_kind::rename && call.second_path == sidecar;
        refused += back ? 1 : 0;
        return back ? EIO : 0;
      }};
  for (const auto& one : refusals) {
    moved = false;
    put_sidecar(std::chrono::minutes(1));
    then = one;
    const int before = refused;
    const auto lock = acquire();
    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().code(), errc::lock_lost) << lock.error().message();
    EXPECT_EQ(refused, before + 1);
  }
}

TEST_F(SidecarGivenBack, IsALostLockForOneThatBreaksItToo) {
  then = [&](const system_call& call) { return call.kind == call_kind::rename_new ? EIO : 0; };
  const auto broken = break_sidecar(answered.on(), path, "theirs");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code(), errc::lock_lost);
  EXPECT_EQ(holder(), std::nullopt);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
