#include "document_watch.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>
#include <chrono>

#include <boost/filesystem.hpp>
#include <fstream>
#include <functional>
#include <thread>

namespace agentslock::cli {
namespace {

namespace fs = boost::filesystem;
using namespace std::chrono_literals;

class DocumentWatch : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "watch-XXXXXX").native();
    directory_ = ::mkdtemp(pattern.data());
    fs::create_directory(directory_ / "elsewhere");
    path_ = directory_ / "document";
  }
  void TearDown() override { fs::remove_all(directory_); }

  static void write(const fs::path& path, std::string_view text = "{}") { std::ofstream(path) << text; }
  static bool sees(document_watch& watch, std::chrono::milliseconds within) {
    return watch.wait_until(document_watch::clock::now() + within);
  }
  /// Whether a change that is made while it waits is seen long before a look from outside is due.
  static bool sees_at_once(document_watch& watch, const std::function<void()>& change) {
    const auto begin = document_watch::clock::now();
    std::thread changing([&] {
      std::this_thread::sleep_for(20ms);
      change();
    });
    const bool seen = sees(watch, 10s);
    const auto took = document_watch::clock::now() - begin;
    changing.join();
    return seen && took < 600ms;
  }

  fs::path directory_;
  fs::path path_;
};

TEST_F(DocumentWatch, NothingHappensAndTheTimeIsOver) {
  write(path_);
  document_watch watch(path_.native());
  EXPECT_TRUE(watch.is_told());
  EXPECT_FALSE(sees(watch, 0ms));
  EXPECT_FALSE(sees(watch, 50ms));
}

TEST_F(DocumentWatch, EveryKindOfChangeIsSeenAtOnce) {
  document_watch watch(path_.native());
  EXPECT_TRUE(sees_at_once(watch, [&] { write(path_, "made"); }));
  while (sees(watch, 50ms)) {
  }
  EXPECT_TRUE(sees_at_once(watch, [&] { write(path_, "written in place"); }));
  while (sees(watch, 50ms)) {
  }
  write(directory_ / "new", "replaced");
  EXPECT_TRUE(sees_at_once(watch, [&] { fs::rename(directory_ / "new", path_); }));
  while (sees(watch, 50ms)) {
  }
  EXPECT_TRUE(sees_at_once(watch, [&] { fs::remove(path_); }));
}

TEST_F(DocumentWatch, AChangeBetweenTwoCallsIsSeenByTheNext) {
  write(path_);
  document_watch watch(path_.native());
  write(path_, "more");
  EXPECT_TRUE(sees(watch, 0ms));
  EXPECT_FALSE(sees(watch, 50ms));
}

TEST_F(DocumentWatch, OtherFilesInTheDirectoryAreNoChange) {
  write(path_);
  document_watch watch(path_.native());
  write(directory_ / "document.lock");
  fs::rename(directory_ / "document.lock", directory_ / "document.lock.stale-1");
  EXPECT_FALSE(sees(watch, 50ms));
}

TEST_F(DocumentWatch, WhatSymlinksLeadToIsWatchedAndSoAreThey) {
  write(directory_ / "elsewhere" / "kept");
  write(directory_ / "elsewhere" / "other", "other");
  fs::create_symlink("kept", directory_ / "elsewhere" / "middle");
  fs::create_symlink("elsewhere/middle", path_);
  document_watch watch(path_.native());
  write(directory_ / "elsewhere" / "new");
  EXPECT_TRUE(sees_at_once(
      watch, [&] { fs::rename(directory_ / "elsewhere" / "new", directory_ / "elsewhere" / "kept"); }));
  // The symlink in the middle leads elsewhere, and then its new target changes.
  fs::create_symlink("other", directory_ / "elsewhere" / "next");
  EXPECT_TRUE(sees_at_once(
      watch, [&] { fs::rename(directory_ / "elsewhere" / "next", directory_ / "elsewhere" / "middle"); }));
  while (sees(watch, 50ms)) {
  }
  EXPECT_TRUE(sees_at_once(watch, [&] { write(directory_ / "elsewhere" / "other", "changed"); }));
}

TEST_F(DocumentWatch, ADirectoryThatIsReplacedIsFoundAgain) {
  fs::create_directory(directory_ / "project");
  const fs::path document = directory_ / "project" / "document";
  write(document);
  document_watch watch(document.native());
  fs::create_directory(directory_ / "fresh");
  fs::rename(directory_ / "project", directory_ / "old");
  fs::rename(directory_ / "fresh", directory_ / "project");
  EXPECT_TRUE(sees(watch, 2s));
  while (sees(watch, 50ms)) {
  }
  EXPECT_TRUE(sees_at_once(watch, [&] { write(document); }));
}

TEST_F(DocumentWatch, ADirectoryThatIsNotThereYetIsLookedFor) {
  const fs::path document = directory_ / "later" / "document";
  document_watch watch(document.native());
  EXPECT_FALSE(watch.is_told());
  EXPECT_FALSE(sees(watch, 0ms));
  fs::create_directory(directory_ / "later");
  write(document);
  EXPECT_TRUE(sees(watch, 2s));
  EXPECT_TRUE(watch.is_told());
}

TEST_F(DocumentWatch, WithoutTheSystemItLooksForItself) {
  write(path_);
  // No descriptor can be had, and so nothing that tells.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next = ::dup(STDIN_FILENO);
  ::close(next);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(next);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  document_watch watch(path_.native());
  const bool told = watch.is_told();
  const bool seen_early = sees(watch, 50ms);
  fs::create_symlink("nothing", directory_ / "new");
  fs::rename(directory_ / "new", path_);
  const bool seen = sees(watch, 2s);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_FALSE(told);
  EXPECT_FALSE(seen_early);
  EXPECT_TRUE(seen);
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
