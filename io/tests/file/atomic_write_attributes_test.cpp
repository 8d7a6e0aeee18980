// What the new file takes over from the old one: mode, owner, attributes, lists.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <boost/filesystem.hpp>
#include <cerrno>
#include <ostream>
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
using testing::mode_of;
using testing::names_in;
using testing::pieces;
using testing::real;
using testing::replace;
using testing::set_attribute;
using testing::snapshot_of;
using testing::temporary_directory;

TEST(AtomicWrite, KeepsEveryMode) {
  const temporary_directory directory;
  const mode_t umask_before = ::umask(0077);
  for (const mode_t mode :
       {0600U, 0644U, 0664U, 0666U, 0640U, 0444U, 0400U, 0755U, 0000U, 01644U, 02755U, 04755U, 06755U}) {
    const std::string path = directory.make_file("lock", "old", mode);
    ASSERT_EQ(mode_of(path), mode);
    EXPECT_EQ(replace(path, {"new"}), "");
    EXPECT_EQ(mode_of(path), mode) << std::oct << mode;
    boost::filesystem::remove(path);
  }
  ::umask(umask_before);
}

TEST(AtomicWrite, ANewFileObeysTheUmask) {
  const temporary_directory directory;
  for (const mode_t mask : {0000U, 0002U, 0022U, 0027U, 0077U}) {
    const mode_t umask_before = ::umask(mask);
    const std::string path = directory / "lock";
    EXPECT_EQ(replace(path, {"new"}), "");
    EXPECT_EQ(mode_of(path), 0666U & ~mask) << std::oct << mask;
    boost::filesystem::remove(path);
    ::umask(umask_before);
  }
}

TEST(AtomicWrite, ItsTemporaryFileIsNeverMoreOpenThanTheFile) {
  const temporary_directory directory;
  const mode_t umask_before = ::umask(0);
  const std::string path = directory.make_file("lock", "secret", 0600);
  const auto write = atomic_write::stage(real, path, pieces{"secret too"});
  ASSERT_TRUE(write);
  EXPECT_EQ(mode_of(directory / names_in(directory.path())[1]), 0600U);
  ::umask(umask_before);
}

TEST(AtomicWrite, KeepsOwnerAndGroupWherePermitted) {
  // Only root may give files away; anybody else's own file stays his.
  const bool root = ::geteuid() == 0;
  const uid_t owners[] = {::geteuid(), root ? 12345 : ::geteuid()};
  const gid_t groups[] = {::getegid(), root ? 23456 : ::getegid()};
  for (const uid_t owner : owners) {
    for (const gid_t group : groups) {
      const temporary_directory directory;
      const std::string path = directory.make_file("lock", "old", 0640);
      ASSERT_EQ(::chown(path.c_str(), owner, group), 0);
      ASSERT_EQ(::chmod(path.c_str(), 06750), 0);
      EXPECT_EQ(replace(path, {"new"}), "");
      const auto now = snapshot_of(path);
      EXPECT_EQ(now.owner, owner);
      EXPECT_EQ(now.group, group);
      EXPECT_EQ(now.mode & 07777U, 06750U)
          << "a change of owner clears the set-id bits: the mode comes after it";
    }
  }
}

TEST(AtomicWrite, AForeignOwnerThatCantBeKeptLosesTheSetIdBits) {
  temporary_directory directory;
  directory.let_all_in(0777);
  const std::string path = directory.make_file("lock", "old", 06775);
  const bool root = ::geteuid() == 0;
  EXPECT_EQ(as_nobody([&]() -> std::string { return replace(path, {"new"}); }), "");
  EXPECT_EQ(bytes_of(path), "new");
  EXPECT_EQ(snapshot_of(path).owner, root ? testing::nobody : ::geteuid());
  EXPECT_EQ(mode_of(path), root ? 00755U : 06775U) << "nor does another group get the rights of the old one";
}

TEST(AtomicWrite, CopiesExtendedAttributes) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "old");
  const auto first = set_attribute(path, "user.agentslock.first", "one");
  const auto second = set_attribute(path, "user.agentslock.second", std::string_view("\0two\xFF", 5));
  const auto empty = set_attribute(path, "user.agentslock.empty", "");
  // On a file system without them the answer is that there are none, before and after.
  EXPECT_EQ(replace(path, {"new"}), "");
  EXPECT_EQ(attribute_of(path, "user.agentslock.first"), first);
  EXPECT_EQ(attribute_of(path, "user.agentslock.second"), second);
  EXPECT_EQ(attribute_of(path, "user.agentslock.empty"), empty);
  EXPECT_EQ(bytes_of(path), "new");
}

TEST(AtomicWrite, CopiesAccessControlLists) {
  const temporary_directory directory;
  const std::string path = directory.make_file("lock", "old", 0640);
  // Version 2, then: owner rw-, user 12345 r--, group r--, mask r--, others ---.
  const unsigned char acl[] = {2,    0, 0, 0,                          //
                               0x01, 0, 6, 0, 0xFF, 0xFF, 0xFF, 0xFF,  //
                               0x02, 0, 4, 0, 0x39, 0x30, 0,    0,     //
                               0x04, 0, 4, 0, 0xFF, 0xFF, 0xFF, 0xFF,  //
                               0x10, 0, 4, 0, 0xFF, 0xFF, 0xFF, 0xFF,  //
                               0x20, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF};
  const std::string_view bytes(reinterpret_cast<const char*>(acl), sizeof acl);
  const auto before = set_attribute(path, "system.posix_acl_access", bytes);
  EXPECT_EQ(replace(path, {"new"}), "");
  EXPECT_EQ(attribute_of(path, "system.posix_acl_access"), before);
  EXPECT_EQ(mode_of(path), 0640U);
}

TEST(AtomicWrite, AnAttributeThatMayNotBeCopiedKeepsNoOtherFromBeingCopied) {
  temporary_directory directory;
  directory.let_all_in(0777);
  const std::string path = directory.make_file("lock", "old", 0666);
  std::vector<testing::attribute_answer> user;
  const char* user_names[] = {"user.a", "user.m", "user.z"};
  // Only a privileged process may set the others; which of all is met first is the file system's choice.
  for (const char* name : user_names) {
    (void)set_attribute(path, ("security." + std::string(name)).c_str(), "privileged");
    user.push_back(set_attribute(path, name, name));
  }
  EXPECT_EQ(as_nobody([&]() -> std::string { return replace(path, {"new"}); }), "");
  EXPECT_EQ(bytes_of(path), "new");
  for (std::size_t i = 0; i < user.size(); ++i)
    EXPECT_EQ(attribute_of(path, user_names[i]), user[i]) << user_names[i];
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
