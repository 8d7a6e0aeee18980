// File systems that lack a call, or deny it: what was not needed is done without, what was needed is said.
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "agentslock/io/atomic_write.hpp"
#include "directory_sync.hpp"
#include "support/memory_platform.hpp"
#include "whole_file.hpp"

namespace agentslock::testing {
namespace {

constexpr const char* path = "/project/lock";

using names = std::vector<std::string>;

/// Answers one kind of call with an error, always.
class lacking final : public call_hook {
 public:
  lacking(call_kind kind, int error) : kind_(kind), error_(error) {}
  sys_result<> before(const system_call& call) override {
    if (call.kind != kind_) return {};
    ++asked;
    return boost::system::error_code(error_, boost::system::system_category());
  }
  int asked = 0;

 private:
  call_kind kind_;
  int error_;
};

result<> replace(const platform& on) {
  const std::string_view pieces[] = {"new"};
  auto write = atomic_write::stage(on, path, pieces);
  if (!write) return write.error();
  return write->publish();
}

class file_calls : public ::testing::Test {
 protected:
  file_calls() {
    disk.put_directory("/project");
    disk.put_file(path, "old");
  }
  void put_file_with_mode(unsigned mode) {
    call_hook nothing;
    memory_process maker(disk, nothing, 9);
    disk.put_file(path, "old");
    const int file = *maker.open(path, open_how::read, 0);
    EXPECT_TRUE(maker.set_mode(file, mode));
    EXPECT_TRUE(maker.close(file));
  }
  /// An old file of another owner, another group, or with an access list.
  void put_file_of(unsigned owner, unsigned group, const std::string& list = {}) {
    disk.put_file(path, "old");
    give(path, [&](memory_process& by, int file) {
      EXPECT_TRUE(by.set_owner(file, owner, group));
      EXPECT_TRUE(by.set_access_list(file, list));
    });
  }
  /// Lets another process do something to a file.
  void give(const std::string& name, const std::function<void(memory_process&, int)>& what) {
    call_hook nothing;
    memory_process giver(disk, nothing, 9);
    const int file = *giver.open(name, open_how::read, 0);
    what(giver, file);
    EXPECT_TRUE(giver.close(file));
  }
  memory_disk disk;
};
using FileCalls = file_calls;

TEST_F(FileCalls, ADirectoryThatItsFileSystemCantSyncIsNoFailure) {
  for (const int error : {EINVAL, ENOSYS, EOPNOTSUPP, EBADF, EROFS}) {
    lacking hook(call_kind::sync_directory, error);
    memory_process process(disk, hook, 10);
    EXPECT_TRUE(sync_directory(process, "/project")) << error;
    const auto done = replace(process.on());
    EXPECT_TRUE(done) << error << ": " << done.error().message();
    EXPECT_EQ(hook.asked, 2);
    EXPECT_EQ(disk.text_of(path), "new");
  }
}

TEST_F(FileCalls, ADirectoryWhoseSyncFailsIsSaidAndTheFileStands) {
  for (const int error : {EIO, ENOSPC, EDQUOT, EACCES, EPERM, ESTALE, ENOMEM}) {
    disk.put_file(path, "old");
    lacking hook(call_kind::sync_directory, error);
    memory_process process(disk, hook, 10);
    EXPECT_EQ(sync_directory(process, "/project").error().value(), error);
    const auto done = replace(process.on());
    ASSERT_FALSE(done) << error;
    EXPECT_EQ(done.error().code(), errc::not_durable) << done.error().message();
    EXPECT_EQ(disk.text_of(path), "new");
    EXPECT_EQ(disk.names_in("/project"), (names{"lock"}));
  }
}

TEST_F(FileCalls, ADirectoryThatMayNotBeOpenedIsNotSynced) {
  lacking hook(call_kind::open_directory, EACCES);
  memory_process process(disk, hook, 10);
  EXPECT_EQ(sync_directory(process, "/project").error().value(), EACCES);
  EXPECT_EQ(replace(process.on()).error().code(), errc::not_durable);
  EXPECT_EQ(disk.text_of(path), "new");
}

TEST_F(FileCalls, AModeThatNobodyMaySetIsAskedForWhenTheFileIsMade) {
  for (const int error : {EPERM, EACCES, EOPNOTSUPP, ENOSYS, EINVAL, EROFS}) {
    disk.put_file(path, "old");
    lacking hook(call_kind::set_mode, error);
    memory_process process(disk, hook, 10);
    const auto done = replace(process.on());
    EXPECT_TRUE(done) << error << ": " << done.error().message();
    EXPECT_EQ(disk.text_of(path), "new");
    EXPECT_EQ(disk.find(path)->mode, 0644U);
    EXPECT_EQ(disk.names_in("/project"), (names{"lock"}));
  }
  put_file_with_mode(0444);
  lacking hook(call_kind::set_mode, EPERM);
  memory_process process(disk, hook, 10);
  EXPECT_TRUE(replace(process.on()));
  EXPECT_EQ(disk.find(path)->mode, 0444U);
}

TEST_F(FileCalls, AModeThatCantBeHadBecomesANarrowerOne) {
  put_file_with_mode(0666);  // the umask takes the others' right to write
  lacking hook(call_kind::set_mode, EPERM);
  memory_process process(disk, hook, 10);
  EXPECT_TRUE(replace(process.on()));
  EXPECT_EQ(disk.find(path)->mode, 0644U);
}

TEST_F(FileCalls, AModeThatWouldBeWiderIsAnError) {
  put_file_with_mode(0600);
  disk.mode_forced = 0644;
  lacking hook(call_kind::set_mode, EPERM);
  memory_process process(disk, hook, 10);
  const auto done = replace(process.on());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::access_denied) << done.error().message();
  EXPECT_EQ(done.error().cause().value(), EPERM);
  EXPECT_EQ(disk.text_of(path), "old");
  EXPECT_EQ(disk.names_in("/project"), (names{"lock"}));
}

TEST_F(FileCalls, AModeThatIsThereAlreadyIsNotSet) {
  put_file_with_mode(0600);
  lacking hook(call_kind::set_mode, EIO);
  memory_process process(disk, hook, 10);
  EXPECT_TRUE(replace(process.on()));
  EXPECT_EQ(hook.asked, 0);
}

TEST_F(FileCalls, AttributesOwnersAndLocksThatAreLackingAreDoneWithout) {
  for (const call_kind kind : {call_kind::copy_attributes, call_kind::set_owner, call_kind::lock}) {
    for (const int error : {EPERM, EOPNOTSUPP, ENOSYS, ENOLCK, EINVAL}) {
      disk.put_file(path, "old");
      lacking hook(kind, error);
      memory_process process(disk, hook, 10);
      EXPECT_TRUE(replace(process.on())) << name(kind) << " " << error;
      EXPECT_EQ(disk.text_of(path), "new");
      EXPECT_EQ(disk.find(path)->mode, 0644U);
    }
  }
}

TEST_F(FileCalls, AFileThatItsFileSystemCantSyncIsWrittenAllTheSame) {
  for (const int error : {EINVAL, ENOSYS, EOPNOTSUPP}) {
    disk.put_file(path, "old");
    lacking hook(call_kind::sync_file, error);
    memory_process process(disk, hook, 10);
    EXPECT_TRUE(replace(process.on())) << error;
    EXPECT_EQ(hook.asked, 1);
    EXPECT_EQ(disk.text_of(path), "new");
  }
}

TEST_F(FileCalls, AFileWhoseSyncFailsLeavesTheOldOne) {
  for (const int error : {EIO, ENOSPC, EDQUOT}) {
    lacking hook(call_kind::sync_file, error);
    memory_process process(disk, hook, 10);
    EXPECT_FALSE(replace(process.on())) << error;
    EXPECT_EQ(disk.text_of(path), "old");
    EXPECT_EQ(disk.names_in("/project"), (names{"lock"}));
  }
}

TEST_F(FileCalls, AFailureSaysWhatIsBehindItAndLeavesTheOldFileAlone) {
  struct row {
    call_kind kind;
    int error;
    errc code;
    const char* says;
  };
  const row rows[] = {
      {call_kind::write, ENOSPC, errc::no_space, "make room"},
      {call_kind::write, EDQUOT, errc::no_space, "quota"},
      {call_kind::write, EFBIG, errc::no_space, "ulimit -f"},
      {call_kind::write, EIO, errc::io_failed, "Input/output error"},
      {call_kind::create, ENOSPC, errc::no_space, "make room"},
      {call_kind::create, EDQUOT, errc::no_space, "quota"},
      {call_kind::create, EROFS, errc::access_denied, "Read-only file system"},
      {call_kind::create, EACCES, errc::access_denied, "create a file beside"},
      {call_kind::create, EPERM, errc::access_denied, "chattr -i"},
      {call_kind::create, ENAMETOOLONG, errc::name_too_long, "its last part has 4 bytes"},
      {call_kind::sync_file, EDQUOT, errc::no_space, "quota"},
      {call_kind::rename, EPERM, errc::access_denied, "chattr -i"},
      {call_kind::rename, EACCES, errc::access_denied, "Permission denied"},
      {call_kind::rename, EROFS, errc::access_denied, "Read-only file system"},
      {call_kind::rename, EBUSY, errc::io_failed, "mount its directory instead"},
      {call_kind::rename, EXDEV, errc::io_failed, "mount its directory instead"},
      {call_kind::rename, ENOSPC, errc::no_space, "make room"},
      {call_kind::rename, EDQUOT, errc::no_space, "quota"},
  };
  for (const row& one : rows) {
    lacking hook(one.kind, one.error);
    memory_process process(disk, hook, 10);
    const auto done = replace(process.on());
    ASSERT_FALSE(done) << name(one.kind) << " " << one.error;
    const std::string message = done.error().message();
    EXPECT_EQ(done.error().code(), one.code) << message;
    EXPECT_NE(message.find(path), std::string::npos) << message;
    EXPECT_NE(message.find(one.says), std::string::npos) << message;
    EXPECT_EQ(disk.text_of(path), "old");
    EXPECT_EQ(disk.names_in("/project"), (names{"lock"}));
  }
}

/// Does what a test says before each call.
struct doing final : call_hook {
  std::function<int(const system_call&)> answer;
  sys_result<> before(const system_call& call) override {
    const int number = answer(call);
    return number == 0 ? sys_result<>() : sys_result<>(fails_with(number));
  }
};

TEST_F(FileCalls, AnOldFileThatMayNotBeOpenedIsReplacedAllTheSame) {
  for (const int error : {EACCES, EPERM}) {
    disk.put_file(path, "old");
    lacking hook(call_kind::open, error);
    memory_process process(disk, hook, 10);
    const auto done = replace(process.on());
    EXPECT_TRUE(done) << error << ": " << done.error().message();
    EXPECT_EQ(disk.text_of(path), "new");
  }
}

TEST_F(FileCalls, AnOldFileThatCantBeOpenedForAFailureIsNotReplaced) {
  for (const int error : {EIO, EMFILE, ENOMEM}) {
    lacking hook(call_kind::open, error);
    memory_process process(disk, hook, 10);
    const auto done = replace(process.on());
    ASSERT_FALSE(done) << error;
    EXPECT_EQ(done.error().cause().value(), error);
    EXPECT_EQ(disk.text_of(path), "old");
    EXPECT_EQ(disk.names_in("/project"), names{"lock"});
  }
}

TEST_F(FileCalls, AnOldFileThatIsGoneWhenItIsOpenedIsNone) {
  put_file_with_mode(0600);
  doing hook;
  hook.answer = [&](const system_call& call) {
    if (call.kind == call_kind::open) (void)disk.unlink(path);
    return 0;
  };
  memory_process process(disk, hook, 10);
  EXPECT_TRUE(replace(process.on()));
  EXPECT_EQ(disk.text_of(path), "new");
  EXPECT_EQ(disk.find(path)->mode, 0644U) << "that of a new file";
}

TEST_F(FileCalls, AnotherOwnerAloneIsKeptAndAnotherGroupAloneToo) {
  call_hook nothing;
  memory_process process(disk, nothing, 10);
  for (const auto& [owner, group] : {std::pair(1001U, 0U), std::pair(0U, 2001U), std::pair(1001U, 2001U)}) {
    put_file_of(owner, group);
    EXPECT_TRUE(replace(process.on()));
    EXPECT_EQ(disk.text_of(path), "new");
    EXPECT_EQ(disk.find(path)->owner, owner);
    EXPECT_EQ(disk.find(path)->group, group);
  }
}

TEST_F(FileCalls, AnAccessListThatCantBeWrittenIsSaidWithTheFileThatItBelongsTo) {
  const auto expect_list_is_missed = [&](call_hook& hook) {
    memory_process process(disk, hook, 10);
    const auto done = replace(process.on());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), errc::io_failed);
    EXPECT_EQ(done.error().message().find("could not keep the access list of /project/lock"), 0U)
        << done.error().message();
    EXPECT_EQ(disk.text_of(path), "old");
    EXPECT_EQ(disk.names_in("/project"), names{"lock"});
  };
  // Version 2, then: owner rw-, group r--, others r--.
  const std::string list("\2\0\0\0\1\0\6\0\xFF\xFF\xFF\xFF\4\0\4\0\xFF\xFF\xFF\xFF\x20\0\4\0\xFF\xFF\xFF\xFF",
                         28);
  put_file_of(0, 0, list);
  lacking old_ones(call_kind::set_access_list, EIO);
  expect_list_is_missed(old_ones);
  EXPECT_EQ(old_ones.asked, 1);

  // The one that the new file has from its directory must go, and can't.
  put_file_of(0, 0);
  doing inherited;
  inherited.answer = [&](const system_call& call) {
    if (call.kind == call_kind::access_list && call.path != path)
      give(call.path, [&](memory_process& by, int file) { EXPECT_TRUE(by.set_access_list(file, list)); });
    return call.kind == call_kind::set_access_list ? EIO : 0;
  };
  expect_list_is_missed(inherited);
}

TEST_F(FileCalls, AFileThatHasTheNameOfTheTemporaryOneAlreadyIsLeftAlone) {
  std::string taken;
  doing hook;
  hook.answer = [&](const system_call& call) {
    if (call.kind != call_kind::create) return 0;
    taken = call.path;
    disk.put_file(taken, "somebody's");
    return 0;
  };
  memory_process process(disk, hook, 10);
  const auto done = replace(process.on());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().cause().value(), EEXIST);
  EXPECT_EQ(disk.text_of(taken), "somebody's");
  EXPECT_EQ(disk.text_of(path), "old");
}

TEST_F(FileCalls, AFileThatGetsTheNameOfTheTemporaryOneAfterwardsIsLeftAlone) {
  std::string temporary;
  doing hook;
  hook.answer = [&](const system_call& call) {
    if (call.kind == call_kind::create) temporary = call.path;
    return 0;
  };
  memory_process process(disk, hook, 10);
  {
    const std::string_view pieces[] = {"new"};
    auto write = atomic_write::stage(process.on(), path, pieces);
    ASSERT_TRUE(write);
    ASSERT_TRUE(write->publish());
    disk.put_file(temporary, "somebody's");
  }
  EXPECT_EQ(disk.text_of(temporary), "somebody's");
  EXPECT_EQ(disk.text_of(path), "new");
}

TEST_F(FileCalls, AFileThatCantBeMadeAgainLeavesTheOldOneAlone) {
  put_file_with_mode(0640);
  doing hook;
  int made = 0;
  hook.answer = [&](const system_call& call) {
    if (call.kind == call_kind::set_mode) return EPERM;
    return call.kind == call_kind::create && ++made == 2 ? ENOSPC : 0;
  };
  memory_process process(disk, hook, 10);
  const auto done = replace(process.on());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::no_space);
  EXPECT_EQ(made, 2);
  EXPECT_EQ(disk.text_of(path), "old");
  EXPECT_EQ(disk.names_in("/project"), names{"lock"});
}

TEST_F(FileCalls, AFileThatKeepsChangingIsReadTenTimesAndNotForEver) {
  doing hook;
  int reads = 0;
  hook.answer = [&](const system_call& call) {
    if (call.kind == call_kind::read)
      disk.put_file(path, std::string(static_cast<std::size_t>(++reads % 5) + 5, 'x'));
    return 0;
  };
  memory_process process(disk, hook, 10);
  const auto any_size = [](std::uint64_t) { return result<>(); };
  const auto read = read_whole_file(process.on(), path, any_size);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), errc::io_failed);
  EXPECT_NE(read.error().message().find("keeps changing"), std::string::npos);
  EXPECT_GE(reads, 10);
}

TEST_F(FileCalls, AMissingFileIsNeverTooYoungToTell) {
  call_hook nothing;
  memory_process process(disk, nothing, 10);
  const auto any_size = [](std::uint64_t) { return result<>(); };
  const auto read = read_whole_file(process.on(), "/project/none", any_size);
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->too_young_to_tell());
  EXPECT_TRUE(is_unchanged(process.on(), "/project/none", *read).value());
}

TEST_F(FileCalls, AYoungFileThatIsGoneWhenItIsComparedIsNotUnchanged) {
  doing hook;
  hook.answer = [](const system_call&) { return 0; };
  memory_process process(disk, hook, 10);
  const auto any_size = [](std::uint64_t) { return result<>(); };
  const auto read = read_whole_file(process.on(), path, any_size);
  ASSERT_TRUE(read);
  EXPECT_TRUE(is_unchanged(process.on(), path, *read).value());
  for (const int error : {ENOENT, ESTALE}) {
    hook.answer = [=](const system_call& call) { return call.kind == call_kind::open ? error : 0; };
    const auto same = is_unchanged(process.on(), path, *read);
    ASSERT_TRUE(same) << error;
    EXPECT_FALSE(*same) << error;
  }
}

TEST_F(FileCalls, AYoungFileThatIsWrittenAnewWhenItIsComparedIsNotUnchanged) {
  doing hook;
  hook.answer = [](const system_call&) { return 0; };
  memory_process process(disk, hook, 10);
  const auto any_size = [](std::uint64_t) { return result<>(); };
  const auto read = read_whole_file(process.on(), path, any_size);
  ASSERT_TRUE(read);
  hook.answer = [&](const system_call& call) {
    if (call.kind == call_kind::open) disk.put_file(path, "old");
    return 0;
  };
  const auto same = is_unchanged(process.on(), path, *read);
  ASSERT_TRUE(same) << same.error().message();
  EXPECT_FALSE(*same) << "the same bytes, and another version";
}

TEST_F(FileCalls, AYoungFileThatCantBeLookedAtWhenItIsComparedIsAnError) {
  call_hook nothing;
  memory_process reader(disk, nothing, 10);
  const auto any_size = [](std::uint64_t) { return result<>(); };
  const auto read = read_whole_file(reader.on(), path, any_size);
  ASSERT_TRUE(read);
  lacking hook(call_kind::status_of, EIO);
  memory_process process(disk, hook, 11);
  const auto same = is_unchanged(process.on(), path, *read);
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().code(), errc::io_failed);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
