#include "discovery.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <cstdlib>
#include <fstream>

namespace agentslock::cli {
namespace {

namespace fs = boost::filesystem;

/// A project with a directory below it, in which the search begins. Who is trusted is the test's choice, so that its own
/// files can be somebody else's.
class Discovery : public testing::Test {
 protected:
  Discovery() : before_(fs::current_path()) {
    std::string name = (fs::temp_directory_path() / "discovery.XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    project_ = fs::canonical(name);
    fs::create_directories(project_ / "below");
    fs::create_directory(project_ / ".git");
    fs::current_path(project_ / "below");
  }
  ~Discovery() override {
    fs::current_path(before_);
    fs::remove_all(project_);
  }

  void write(const fs::path& path) { std::ofstream(project_ / path) << "{}"; }

  static std::string found(std::vector<uid_t> trusted) { return find_document(trusted).value(); }
  static error refused(std::vector<uid_t> trusted) { return find_document(trusted).error(); }

  const uid_t me_ = ::geteuid();
  const uid_t nobody_ = 65534;
  fs::path project_;

 private:
  fs::path before_;
};

TEST_F(Discovery, WhatIsAboveIsTakenFromThoseWhoAreTrusted) {
  write(".agentsrc.lock");
  EXPECT_EQ(found({me_}), project_ / ".agentsrc.lock");
  EXPECT_EQ(found({nobody_, me_}), project_ / ".agentsrc.lock");
}

TEST_F(Discovery, WhatIsAboveFromSomebodyElseEndsTheSearch) {
  fs::remove(project_ / ".git");
  fs::create_directories("deeper");
  fs::current_path("deeper");
  write("below/.agentsrc.lock");
  write(".agentsrc.lock");
  const error why = refused({nobody_});
  EXPECT_EQ(why.code(), errc::access_denied);
  for (const std::string& part : {(project_ / "below/.agentsrc.lock").native(), "user " + std::to_string(me_),
                                  std::string("--document")}) {
    EXPECT_NE(why.message().find(part), std::string::npos) << why.message();
  }
}

TEST_F(Discovery, WhatIsHereIsAlwaysTaken) {
  write("below/.agentsrc.lock");
  EXPECT_EQ(found({nobody_}), ".agentsrc.lock");
  fs::remove(project_ / "below/.agentsrc.lock");
  EXPECT_EQ(found({nobody_}), ".agentsrc.lock");
  fs::create_symlink("anywhere", project_ / "below/.agentsrc.lock");
  EXPECT_EQ(found({nobody_}), ".agentsrc.lock");
}

TEST_F(Discovery, ASymlinkCountsAsWhatItLeadsToAsWell) {
  fs::create_symlink("elsewhere", project_ / ".agentsrc.lock");
  EXPECT_EQ(found({me_}), project_ / ".agentsrc.lock") << "one that leads nowhere yet";
  write("elsewhere");
  EXPECT_EQ(found({me_}), project_ / ".agentsrc.lock");
  EXPECT_NE(refused({nobody_}).message().find("the symlink belongs to"), std::string::npos);
  // Its target is root's, who may not be trusted here.
  fs::remove(project_ / ".agentsrc.lock");
  fs::create_symlink("/etc/passwd", project_ / ".agentsrc.lock");
  if (me_ != 0) {
    EXPECT_NE(refused({me_}).message().find("what the symlink leads to"), std::string::npos);
  }
  EXPECT_EQ(found({me_, 0}), project_ / ".agentsrc.lock");
}

TEST_F(Discovery, ADirectoryOfSomebodyElseIsNamed) {
  write(".agentsrc.lock");
  if (me_ != 0) return;  // only root can give a directory away
  ASSERT_EQ(::chown(project_.c_str(), 12345, 12345), 0);
  EXPECT_NE(refused({0}).message().find("its directory belongs to user 12345"), std::string::npos);
  EXPECT_EQ(found({0, 12345}), project_ / ".agentsrc.lock");
  ASSERT_EQ(::lchown((project_ / ".agentsrc.lock").c_str(), 12345, 12345), 0);
  EXPECT_NE(refused({0}).message().find("it belongs to user 12345"), std::string::npos);
  fs::remove(project_ / ".agentsrc.lock");
  write("theirs");
  fs::create_symlink("theirs", project_ / ".agentsrc.lock");
  ASSERT_EQ(::chown(project_.c_str(), 0, 0), 0);
  ASSERT_EQ(::chown((project_ / "theirs").c_str(), 12345, 12345), 0);
  EXPECT_NE(refused({0}).message().find("what the symlink leads to belongs to user 12345"),
            std::string::npos);
}

TEST_F(Discovery, NothingIsLookedForAboveGit) {
  fs::create_directory(project_ / "below/.git");
  write(".agentsrc.lock");
  EXPECT_EQ(found({me_}), ".agentsrc.lock");
  EXPECT_EQ(found({nobody_}), ".agentsrc.lock");
  // In a worktree and in a submodule it is a file.
  fs::remove(project_ / "below/.git");
  write("below/.git");
  EXPECT_EQ(found({me_}), ".agentsrc.lock");
}

TEST_F(Discovery, RootIsTrustedAndUnderSudoWhoCalledIt) {
  ::unsetenv("SUDO_UID");
  const auto trusts = [](uid_t user) {
    const auto users = trusted_users();
    return std::ranges::count(users, user) > 0;
  };
  EXPECT_TRUE(trusts(me_));
  EXPECT_TRUE(trusts(0));
  EXPECT_FALSE(trusts(12345));
  ::setenv("SUDO_UID", "12345", 1);
  EXPECT_EQ(trusts(12345), me_ == 0) << "only root was called by sudo";
  for (const char* garbage : {"", "12345x", "-1", " 12345", "99999999999", "0x3039"}) {
    ::setenv("SUDO_UID", garbage, 1);
    EXPECT_EQ(trusted_users().size(), 2U) << garbage;
  }
  ::unsetenv("SUDO_UID");
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
