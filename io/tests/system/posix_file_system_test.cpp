// The real file system, where the kernel refuses or lacks a call.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/io/file_system.hpp"
#include "file/written_file.hpp"
#include "support/child_process.hpp"
#include "support/refused_calls.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

file_system& system_files = posix_file_system();

/// What is wrong with an answer that should be an error.
template <class T>
std::string unless_failed(const sys_result<T>& answer, int wanted) {
  if (answer) return "it did not fail";
  return answer.error().value() == wanted ? "" : answer.error().message();
}
std::string unless_done(const sys_result<>& answer) {
  return answer ? "" : answer.error().message();
}

/// Opens a file for the rest of the process.
int opened(const std::string& path, int flags = O_RDONLY) {
  return ::open(path.c_str(), flags | O_CLOEXEC);
}

/// Whether the other status says the same of a file.
bool same(const file_status& one, const file_status& other) {
  return one.same_version(other) && one.kind == other.kind && one.mode == other.mode &&
         one.owner == other.owner && one.group == other.group && one.hard_links == other.hard_links;
}

class PosixFileSystemRefused : public with_refused_calls {
 protected:
  temporary_directory directory;
  std::string path = directory.make_file("file", "bytes", 0640);
  std::string target = directory.make_file("target", "");
};

TEST_F(PosixFileSystemRefused, AFilesStatusIsTheSameFromAKernelThatHasOrAllowsNoStatx) {
  (void)::symlink("file", (directory / "link").c_str());
  // Root is the owner that a status without one would have; only it can give a file away.
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(path.c_str(), 65534, 65533), 0);
  }
  for (const int error : {ENOSYS, EPERM, EINVAL}) {
    EXPECT_EQ(in_child([&]() -> std::string {
                const int file = opened(path);
                const std::string link = directory / "link";
                const auto before = system_files.status_of(file);
                const auto link_before = system_files.symlink_status_at(link);
                if (!before || !link_before) return "no status";
                if (auto wrong = refuse({{SYS_statx, error}}); !wrong.empty()) return wrong;
                // The C library's function would make up for it.
                if (::syscall(SYS_statx, file, "", AT_EMPTY_PATH, STATX_BASIC_STATS, nullptr) != -1 ||
                    errno != error) {
                  return "the kernel has statx";
                }
                const auto after = system_files.status_of(file);
                const auto through_link = system_files.status_at(link);
                const auto link_after = system_files.symlink_status_at(link);
                if (!after || !through_link || !link_after) return "no status without statx";
                if (link_after->kind != file_kind::symlink || !same(*link_before, *link_after))
                  return "the link";
                return same(*before, *after) && same(*before, *through_link) ? "" : "another status";
              }),
              "")
        << error;
  }
}

TEST_F(PosixFileSystemRefused, AStatusThatNoCallGivesIsAnError) {
  EXPECT_EQ(in_child([&]() -> std::string {
              if (auto wrong = refuse({{SYS_statx, ENOSYS}, {SYS_newfstatat, EIO}}); !wrong.empty())
                return wrong;
              return unless_failed(system_files.status_at(path), EIO);
            }),
            "");
  EXPECT_EQ(in_child([&]() -> std::string {
              if (auto wrong = refuse({{SYS_statx, EIO}}); !wrong.empty()) return wrong;
              return unless_failed(system_files.status_at(path), EIO);
            }),
            "");
}

TEST_F(PosixFileSystemRefused, AWriteThatFailsIsAnError) {
  const std::string_view piece = "new";
  EXPECT_EQ(in_child([&]() -> std::string {
              const int file = opened(path, O_WRONLY);
              if (auto wrong = refuse({{SYS_writev, ENOSPC}}); !wrong.empty()) return wrong;
              return unless_failed(system_files.write(file, {&piece, 1}), ENOSPC);
            }),
            "");
  EXPECT_EQ(bytes_of(path), "bytes");
}

TEST_F(PosixFileSystemRefused, AReadThatFailsIsAnError) {
  EXPECT_EQ(in_child([&]() -> std::string {
              const int file = opened(path);
              const call_argument of_that_file{0, static_cast<std::uint32_t>(file)};
              if (auto wrong = refuse({{SYS_read, EIO, of_that_file}}); !wrong.empty()) return wrong;
              char some[8];
              return unless_failed(system_files.read(file, some), EIO);
            }),
            "");
}

TEST_F(PosixFileSystemRefused, ADirectoryThatCantBeReadToItsEndIsNoShorterOne) {
  EXPECT_EQ(in_child([&]() -> std::string {
              if (auto wrong = refuse({{SYS_getdents64, EIO}}); !wrong.empty()) return wrong;
              return unless_failed(system_files.list(directory.path()), EIO);
            }),
            "");
}

TEST_F(PosixFileSystemRefused, APlaceThatIsNotToldIsAnError) {
  EXPECT_EQ(in_child([&]() -> std::string {
              if (auto wrong = refuse({{SYS_fstatfs, EIO}}); !wrong.empty()) return wrong;
              return unless_failed(system_files.place_of(opened(path)), EIO);
            }),
            "");
}

TEST_F(PosixFileSystemRefused, AnAccessListThatCanBeNoneIsEmptyAndOneThatIsNotToldIsAnError) {
  for (const int error : {ENODATA, EOPNOTSUPP, ENOSYS}) {
    EXPECT_EQ(in_child([&]() -> std::string {
                if (auto wrong = refuse({{SYS_fgetxattr, error}}); !wrong.empty()) return wrong;
                const auto list = system_files.access_list(opened(path));
                if (!list) return list.error().message();
                return list->empty() ? "" : "there is a list";
              }),
              "")
        << error;
  }
  EXPECT_EQ(in_child([&]() -> std::string {
              if (auto wrong = refuse({{SYS_fgetxattr, EIO}}); !wrong.empty()) return wrong;
              return unless_failed(system_files.access_list(opened(path)), EIO);
            }),
            "");
}

TEST_F(PosixFileSystemRefused, AnAccessListThatIsNotThereIsTakenAway) {
  for (const int error : {ENODATA, EOPNOTSUPP, ENOSYS}) {
    EXPECT_EQ(in_child([&]() -> std::string {
                if (auto wrong = refuse({{SYS_fremovexattr, error}}); !wrong.empty()) return wrong;
                return unless_done(system_files.set_access_list(opened(path), ""));
              }),
              "")
        << error;
  }
  EXPECT_EQ(in_child([&]() -> std::string {
              if (auto wrong = refuse({{SYS_fremovexattr, EPERM}}); !wrong.empty()) return wrong;
              return unless_failed(system_files.set_access_list(opened(path), ""), EPERM);
            }),
            "");
}

TEST_F(PosixFileSystemRefused, AttributesThatAreNotListedAreNotCopied) {
  EXPECT_EQ(in_child([&]() -> std::string {
              const call_argument for_their_size{2, 0};
              if (auto wrong = refuse({{SYS_flistxattr, EIO, for_their_size}}); !wrong.empty()) return wrong;
              return unless_failed(system_files.copy_attributes(opened(path), opened(target)), EIO);
            }),
            "");
}

TEST_F(PosixFileSystemRefused, AttributesOfFilesWhoseOwnersAreNotKnownAreNotCopied) {
  (void)set_attribute(path, "user.note", "four");
  for (const bool of_the_source : {true, false}) {
    EXPECT_EQ(
        in_child([&]() -> std::string {
          const int from = opened(path);
          const int to = opened(target);
          const call_argument of_one{0, static_cast<std::uint32_t>(of_the_source ? from : to)};
          if (auto wrong = refuse({{SYS_newfstatat, EIO, of_one}, {SYS_fstat, EIO, of_one}}); !wrong.empty())
            return wrong;
          return unless_failed(system_files.copy_attributes(from, to), EIO);
        }),
        "")
        << of_the_source;
  }
  EXPECT_EQ(attribute_of(target, "user.note").value, "");
}

/// Attributes on a file system that has them; elsewhere there is nothing to be seen.
class PosixFileSystemAttributes : public PosixFileSystemRefused {
 protected:
  void SetUp() override {
    PosixFileSystemRefused::SetUp();
    if (IsSkipped()) return;
    if (set_attribute(path, "user.note", "four").error != 0) GTEST_SKIP() << "no attributes can be set here";
  }
};

TEST_F(PosixFileSystemAttributes, ThatBecomeMoreWhileTheyAreListedAreAnError) {
  EXPECT_EQ(in_child([&]() -> std::string {
              const int from = opened(path);
              const ssize_t size = ::flistxattr(from, nullptr, 0);
              const call_argument the_list_itself{2, static_cast<std::uint32_t>(size)};
              if (auto wrong = refuse({{SYS_flistxattr, ERANGE, the_list_itself}}); !wrong.empty())
                return wrong;
              return unless_failed(system_files.copy_attributes(from, opened(target)), ERANGE);
            }),
            "");
  EXPECT_EQ(attribute_of(target, "user.note").value, "");
}

TEST_F(PosixFileSystemAttributes, OneThatGrowsWhileItIsReadKeepsNoOtherFromBeingCopied) {
  for (const char* name : {"user.a", "user.z"})
    ASSERT_EQ(set_attribute(path, name, "longer").value, "longer");
  EXPECT_EQ(in_child([&]() -> std::string {
              const call_argument the_value_itself{3, 4};
              if (auto wrong = refuse({{SYS_fgetxattr, ERANGE, the_value_itself}}); !wrong.empty())
                return wrong;
              return unless_failed(system_files.copy_attributes(opened(path), opened(target)), ERANGE);
            }),
            "");
  EXPECT_EQ(attribute_of(target, "user.note").value, "");
  EXPECT_EQ(attribute_of(target, "user.a").value, "longer");
  EXPECT_EQ(attribute_of(target, "user.z").value, "longer");
}

TEST(PosixFileSystemCopies, NoAttributesThatVouchForAFilesBytes) {
  const temporary_directory directory;
  const std::string path = directory.make_file("file", "bytes");
  const std::string target = directory.make_file("target", "");
  const std::string note = set_attribute(path, "user.note", "four").value;
  // Only a privileged process may set them, and a kernel that knows them may refuse what they say.
  for (const char* name : {"security.ima", "security.evm"})
    (void)set_attribute(path, name, std::string_view("\1\2\3", 3));
  EXPECT_EQ(in_child([&] { return unless_done(system_files.copy_attributes(opened(path), opened(target))); }),
            "");
  EXPECT_EQ(attribute_of(target, "user.note").value, note);
  for (const char* name : {"security.ima", "security.evm"})
    EXPECT_EQ(attribute_of(target, name).value, "") << name;
}

TEST(PosixFileSystemCopies, ListsThatSpeakOfUsersOnlyBetweenFilesOfTheSameOnes) {
  temporary_directory directory;
  constexpr const char* list_name = "system.posix_acl_default";
  const std::string from = directory.make_directory("from");
  const std::string held = set_attribute(from, list_name, list_of(7, 5, 5, 5, 0)).value;
  const auto copied_to = [&](const std::string& to) {
    EXPECT_EQ(in_child([&] { return unless_done(system_files.copy_attributes(opened(from), opened(to))); }),
              "");
    return attribute_of(to, list_name).value;
  };
  EXPECT_EQ(copied_to(directory.make_directory("same")), held);
  if (::geteuid() != 0) return;  // nobody else may give a directory away
  for (const auto& [owner, group] : {std::pair<uid_t, gid_t>{0, nobody}, {nobody, 0}, {nobody, nobody}}) {
    const std::string others =
        directory.make_directory("of-" + std::to_string(owner) + "-" + std::to_string(group));
    ASSERT_EQ(::chown(others.c_str(), owner, group), 0);
    EXPECT_EQ(copied_to(others), "") << owner << ":" << group;
  }
}

class PosixFileSystemAnswered : public with_answered_calls {};

TEST_F(PosixFileSystemAnswered, WhatANetworkOrAnotherProgramKeepsIsRemoteAndEverythingElseLocal) {
  struct row {
    const char* what;
    long kind;
    file_place place;
  };
  const row rows[] = {
      {"NFS", NFS_SUPER_MAGIC, file_place::remote}, {"SMB", SMB_SUPER_MAGIC, file_place::remote},
      {"CIFS", 0xFF534D42, file_place::remote},     {"SMB 2", 0xFE534D42, file_place::remote},
      {"FUSE", 0x65735546, file_place::remote},     {"AFS", AFS_SUPER_MAGIC, file_place::remote},
      {"Ceph", 0x00C36400, file_place::remote},     {"ext4", EXT4_SUPER_MAGIC, file_place::local},
      {"tmpfs", TMPFS_MAGIC, file_place::local},    {"none", 0, file_place::local}};
  for (const row& one : rows) {
    EXPECT_EQ(in_child([&]() -> std::string {
                // Through the kernel, as it would be written without us.
                const answered_calls places(SYS_fstatfs, std::nullopt, [&](const seccomp_data& call) {
                  struct statfs told {};
                  told.f_type = static_cast<decltype(told.f_type)>(one.kind);
                  const iovec ours{&told, sizeof told};
                  const iovec its{reinterpret_cast<void*>(call.args[1]), sizeof told};
                  const long put = ::syscall(SYS_process_vm_writev, ::getpid(), &ours, 1L, &its, 1L, 0L);
                  return put == static_cast<long>(sizeof told) ? 0 : EFAULT;
                });
                if (!places.wrong().empty()) return places.wrong();
                const auto place = system_files.place_of(opened("/"));
                if (!place) return place.error().message();
                return *place == one.place ? "" : "the other place";
              }),
              "")
        << one.what;
  }
}

TEST(OpenFile, ThatIsAssignedToItselfStaysOpen) {
  const temporary_directory directory;
  const std::string path = directory.make_file("file", "bytes");
  open_file file(system_files, *system_files.open(path, open_how::read, 0));
  const int descriptor = file.descriptor();
  open_file& same_file = file;
  file = std::move(same_file);
  EXPECT_EQ(file.descriptor(), descriptor);
  EXPECT_EQ(system_files.status_of(descriptor)->size_bytes, 5U);
  file.close();
  EXPECT_EQ(system_files.status_of(descriptor).error().value(), EBADF);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
