// Paths as texts.
#include "path.hpp"

#include <gtest/gtest.h>

namespace agentslock {
namespace {

TEST(Path, IsCleanedAsTheGoToolDoes) {
  struct row {
    const char* path;
    const char* clean;
  };
  const row rows[] = {{"", "."},
                      {".", "."},
                      {"./", "."},
                      {"a", "a"},
                      {"a/", "a"},
                      {"a//", "a"},
                      {"./a/./b", "a/b"},
                      {"a//b", "a/b"},
                      {"a/../b", "b"},
                      {"a/..", "."},
                      {"..", ".."},
                      {"../", ".."},
                      {"../../a", "../../a"},
                      {"/", "/"},
                      {"//", "/"},
                      {"///", "/"},
                      {"//a", "/a"},
                      {"///a//b/", "/a/b"},
                      {"/..", "/"},
                      {"//..//a", "/a"},
                      {"/a/.", "/a"}};
  for (const row& one : rows)
    EXPECT_EQ(clean_path(one.path), one.clean) << "\"" << one.path << "\"";
}

TEST(Path, HasADirectoryAndAName) {
  struct row {
    const char* path;
    const char* directory;
    const char* name;
  };
  const row rows[] = {{"a", ".", "a"}, {"/a", "/", "a"}, {"b/a", "b", "a"}, {"/c/b/a", "/c/b", "a"}};
  for (const row& one : rows) {
    EXPECT_EQ(directory_of(one.path), one.directory) << one.path;
    EXPECT_EQ(name_of(one.path), one.name) << one.path;
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
