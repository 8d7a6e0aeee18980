#include "agentslock/io/digest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace agentslock {
namespace {

TEST(Digest, GivesTheKnownAnswersOfSha256) {
  // FIPS 180-4 and its examples.
  struct row {
    std::string bytes;
    const char* hexadecimal;
  };
  const row table[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1, '\0'), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const row& one : table)
    EXPECT_EQ(digest(one.bytes), "sha256:" + std::string(one.hexadecimal));
}

TEST(Digest, IsOfTheBytesAndOfNothingElse) {
  EXPECT_NE(digest("a"), digest("a\n"));
  EXPECT_NE(digest(std::string("a\0b", 3)), digest(std::string("a\0c", 3)));
  EXPECT_EQ(digest("a").size(), 7U + 64U);
}

TEST(Digest, OfPiecesIsThatOfTheWhole) {
  const std::string whole = "the whole of it, in pieces of every size";
  EXPECT_EQ(digest_stream().finish(), digest(""));
  for (std::size_t size = 1; size <= whole.size(); ++size) {
    digest_stream all;
    for (std::size_t at = 0; at < whole.size(); at += size)
      all.add(std::string_view(whole).substr(at, size));
    EXPECT_EQ(std::move(all).finish(), digest(whole)) << size;
  }
}

TEST(Digest, OfAStreamThatWasFinishedBeforeIsNone) {
  digest_stream all;
  all.add("abc");
  EXPECT_EQ(std::move(all).finish(), digest("abc"));
  all.add("abc");
  EXPECT_EQ(std::move(all).finish(), "") << "the empty text, which matches no digest";
}

TEST(Digest, IsTheSameFromEveryThread) {
  std::vector<std::string> digests(8);
  std::vector<std::thread> threads;
  for (std::string& one : digests) {
    threads.emplace_back([&one] {
      for (int i = 0; i < 200; ++i)
        one = digest("abc");
    });
  }
  for (std::thread& one : threads)
    one.join();
  for (const std::string& one : digests)
    EXPECT_EQ(one, digest("abc"));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
