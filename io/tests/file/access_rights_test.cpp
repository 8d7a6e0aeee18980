// No write gives anybody a right to the file that he did not have.
#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "agentslock/io/atomic_write.hpp"
#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/temporary_directory.hpp"
#include "written_file.hpp"

namespace agentslock {
namespace {

using testing::as_nobody;
using testing::attribute_of;
using testing::bytes_of;
using testing::in_child;
using testing::list_of;
using testing::mode_of;
using testing::names_in;
using testing::pieces;
using testing::real;
using testing::replace;
using testing::set_attribute;
using testing::temporary_directory;

constexpr const char* access_list = "system.posix_acl_access";
constexpr const char* default_list = "system.posix_acl_default";

/// Another user of nobody's group: what he may do. As an ordinary user, that user himself.
std::string as_colleague(const std::function<std::string()>& run) {
  return in_child([&]() -> std::string {
    if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(testing::nobody) != 0 ||
                             ::setuid(testing::nobody - 1) != 0)) {
      return "could not become another user";
    }
    return run();
  });
}
std::string rights_of_this_user(const std::string& path) {
  std::string rights;
  if (::access(path.c_str(), R_OK) == 0) rights += 'r';
  if (::access(path.c_str(), W_OK) == 0) rights += 'w';
  return rights;
}

TEST(AccessRights, AListThatTheDirectoryHandsDownIsNotInherited) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "old", 0640);
  (void)set_attribute(directory.path(), default_list, list_of(7, 7, 7, 7, 7));
  EXPECT_EQ(replace(path, {"new"}), "");
  EXPECT_EQ(attribute_of(path, access_list).value, "");
  EXPECT_EQ(mode_of(path), 0640U);
  EXPECT_EQ(bytes_of(path), "new");
}

TEST(AccessRights, ANewFileInheritsTheListThatTheDirectoryHandsDown) {
  const temporary_directory directory;
  const mode_t umask_before = ::umask(0);
  const std::string handed_down = set_attribute(directory.path(), default_list, list_of(7, 6, 5, 7, 4)).value;
  EXPECT_EQ(replace(directory / "lock", {"new"}), "");
  // Without lists the umask alone counts.
  const bool has_lists = !handed_down.empty();
  EXPECT_EQ(attribute_of(directory / "lock", access_list).value, has_lists ? list_of(6, 6, 5, 6, 4) : "");
  EXPECT_EQ(mode_of(directory / "lock"), has_lists ? 0664U : 0666U);
  ::umask(umask_before);
}

TEST(AccessRights, TheTemporaryFileIsNeverMoreOpenThanTheFile) {
  const temporary_directory directory;
  const mode_t umask_before = ::umask(0);
  for (const mode_t mode : {0600U, 0640U, 0604U}) {
    const std::string path = directory.make_file("lock", "old", mode);
    (void)set_attribute(directory.path(), default_list, list_of(7, 7, 7, 7, 7));
    const auto write = atomic_write::stage(real, path, pieces{"new"});
    ASSERT_TRUE(write) << write.error().message();
    const std::string temporary = directory / names_in(directory.path())[1];
    EXPECT_EQ(mode_of(temporary), mode);
    EXPECT_EQ(attribute_of(temporary, access_list).value, "");
  }
  ::umask(umask_before);
}

TEST(AccessRights, TheListOfTheFileIsKeptWhateverTheDirectoryHandsDown) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "old", 0640);
  const std::string before = set_attribute(path, access_list, list_of(6, 0, 4, 4, 4)).value;
  (void)set_attribute(directory.path(), default_list, list_of(7, 7, 7, 7, 7));
  EXPECT_EQ(replace(path, {"new"}), "");
  EXPECT_EQ(attribute_of(path, access_list).value, before);
}

TEST(AccessRights, WhatAGroupMightDoNoOtherGroupMay) {
  struct row {
    const char* what;
    mode_t before;
    mode_t after;
  };
  const row rows[] = {{"write", 0664, 0644},
                      {"read and write", 0660, 0600},
                      {"read", 0640, 0600},
                      {"nothing, unlike everybody", 0604, 0600},
                      {"all that everybody may", 0666, 0666},
                      {"run, with the group's id", 02775, 0755}};
  const bool root = ::geteuid() == 0;
  for (const row& one : rows) {
    SCOPED_TRACE(one.what);
    temporary_directory directory;
    directory.let_all_in(0777);
    const std::string path = directory.make_file("lock", "old", one.before);
    const std::string before = as_colleague([&] { return "may " + rights_of_this_user(path); });
    EXPECT_EQ(as_nobody([&] { return replace(path, {"new"}); }), "");
    EXPECT_EQ(bytes_of(path), "new");
    // Who is not root keeps his own group.
    EXPECT_EQ(mode_of(path), root ? one.after : one.before);
    const std::string after = as_colleague([&] { return "may " + rights_of_this_user(path); });
    for (const char right : after)
      EXPECT_NE(before.find(right), std::string::npos) << "the colleague gained " << right;
  }
}

TEST(AccessRights, AListIsKeptWithoutWhatItGaveToTheGroupThatIsLost) {
  temporary_directory directory;
  directory.let_all_in(0777);
  const std::string path = directory.make_file("lock", "old", 0644);
  const std::string before = set_attribute(path, access_list, list_of(6, 6, 6, 6, 4)).value;
  EXPECT_EQ(as_nobody([&] { return replace(path, {"new"}); }), "");
  const bool root = ::geteuid() == 0;
  EXPECT_EQ(attribute_of(path, access_list).value, before.empty() || !root ? before : list_of(6, 6, 4, 6, 4));
  EXPECT_EQ(bytes_of(path), "new");
}

TEST(AccessRights, AFileThatMayNotBeWrittenIsReplacedAndStaysSo) {
  temporary_directory directory;
  directory.let_all_in(0777);
  const std::string path = directory.make_file("lock", "old", 0444);
  EXPECT_EQ(as_nobody([&]() -> std::string {
              if (::access(path.c_str(), W_OK) == 0) return "it may be written";
              return replace(path, {"new"});
            }),
            "");
  EXPECT_EQ(bytes_of(path), "new");
  EXPECT_EQ(mode_of(path), 0444U);
  EXPECT_EQ(names_in(directory.path()), (std::vector<std::string>{"lock"}));
}

TEST(AccessRights, AnOrdinaryUsersOwnSetIdBitsOutliveTheWriting) {
  temporary_directory directory;
  directory.let_all_in(0777);
  EXPECT_EQ(as_nobody([&]() -> std::string {
              const std::string path = directory.make_file("lock", "old", 0644);
              if (::chmod(path.c_str(), 06755) != 0) return "no set-id bits";
              if (auto wrong = replace(path, {"new"}); !wrong.empty()) return wrong;
              return mode_of(path) == 06755 ? "" : "mode " + std::to_string(mode_of(path));
            }),
            "");
}

TEST(AccessRights, CapabilitiesAreForTheBytesThatGotThem) {
  using namespace std::string_literals;
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "old", 0755);
  // Version 2, no rights; only a privileged process may set it.
  (void)set_attribute(path, "security.capability", "\1\0\0\2"s + std::string(16, '\0'));
  EXPECT_EQ(replace(path, {"new"}), "");
  EXPECT_EQ(attribute_of(path, "security.capability").value, "");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
