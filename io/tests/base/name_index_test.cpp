#include "name_index.hpp"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "keyed_hash.hpp"
#include "support/refused_calls.hpp"

namespace agentslock {
namespace {

TEST(NameIndex, TakesEachNameOnceAndKnowsItsNumber) {
  std::vector<std::string> names{""};
  for (int i = 1; i < 5000; ++i)
    names.push_back(std::string(static_cast<std::size_t>(i % 40), 'x') + std::to_string(i));
  name_index index;
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(index.find(names[i]), std::nullopt);
    EXPECT_TRUE(index.add(names[i]));
    EXPECT_FALSE(index.add(std::string(names[i]))) << "another text that says the same";
    EXPECT_EQ(index.size(), i + 1);
    EXPECT_EQ(index.find(names[0]), 0U);
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(index.find(names[i]), i);
  EXPECT_EQ(index.find("not there"), std::nullopt);
}

TEST(NameIndex, IsEmptyAfterItWasCleared) {
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i)
    names.push_back(std::to_string(i));
  name_index index;
  for (int round = 0; round < 3; ++round) {
    for (const std::string& name : names)
      EXPECT_TRUE(index.add(name));
    index.clear();
    EXPECT_EQ(index.size(), 0U);
    EXPECT_EQ(index.find("1"), std::nullopt);
    EXPECT_TRUE(index.add("1"));
    index.clear();
  }
}

TEST(KeyedHash, IsSipHash) {
  // From the reference implementation: the key is the bytes 0 to 15, the text the bytes 0 to n - 1.
  constexpr hash_key key{0x0706050403020100, 0x0F0E0D0C0B0A0908};
  struct row {
    std::size_t size;
    std::uint64_t hash;
  };
  const row rows[] = {{0, 0x726FDB47DD0E0E31},  {1, 0x74F839C593DC67FD},  {2, 0x0D6C8009D9A94F5A},
                      {7, 0xAB0200F58B01D137},  {8, 0x93F5F5799A932462},  {9, 0x9E0082DF0BA9E4B0},
                      {15, 0xA129CA6149BE45E5}, {16, 0x3F2ACC7F57C29BDB}, {63, 0x958A324CEB064572}};
  std::string bytes;
  for (char c = 0; c < 64; ++c)
    bytes += c;
  for (const row& one : rows)
    EXPECT_EQ(keyed_hash(key, std::string_view(bytes).substr(0, one.size)), one.hash) << one.size;
}

TEST(KeyedHash, ItsKeyIsRandomAndStays) {
  EXPECT_EQ(own_hash_key().low, own_hash_key().low);
  EXPECT_EQ(own_hash_key().high, own_hash_key().high);
  EXPECT_TRUE(own_hash_key().low != 0 || own_hash_key().high != 0);
  EXPECT_NE(keyed_hash(own_hash_key(), "a"), keyed_hash({}, "a"));
}

class KeyedHashRefused : public testing::with_refused_calls {};

TEST_F(KeyedHashRefused, ItsKeyIsThereThoughTheKernelGivesNoRandomBytes) {
  // Made once in a process: a new one says what it has become.
  EXPECT_EQ(testing::in_child([]() -> std::string {
              if (auto wrong = testing::refuse({{SYS_getrandom, ENOSYS}}); !wrong.empty()) return wrong;
              ::execl("/proc/self/exe", "test", "--gtest_brief=1",
                      "--gtest_filter=KeyedHash.ItsKeyIsRandomAndStays", nullptr);
              return "it can't be started";
            }),
            "");
}

// The two steps of libstdc++'s std::hash (MurmurHash2 of 64 bits), and the way back.
constexpr std::uint64_t factor = 0xC6A4A7935BD1E995;

constexpr std::uint64_t inverse(std::uint64_t odd) {
  std::uint64_t found = odd;
  for (int i = 0; i < 6; ++i)
    found *= 2 - odd * found;
  return found;
}
constexpr std::uint64_t mixed(std::uint64_t word) {
  word *= factor;
  return (word ^ word >> 47) * factor;
}
constexpr std::uint64_t unmixed(std::uint64_t word) {
  word *= inverse(factor);
  return (word ^ word >> 47) * inverse(factor);
}
static_assert(unmixed(mixed(0x0123456789ABCDEF)) == 0x0123456789ABCDEF);

/// As std::hash reads it: in this machine's order of bytes.
std::uint64_t word_at(const std::string& text) {
  std::uint64_t word;
  std::memcpy(&word, text.data(), sizeof word);
  return word;
}
std::string text_of(std::uint64_t word) {
  std::string text(sizeof word, '\0');
  std::memcpy(text.data(), &word, sizeof word);
  return text;
}

/// Texts that std::hash does not tell apart: pairs of 16 bytes that lead it from one state to the same other one, each of
/// them chosen in turn.
std::vector<std::string> alike_for_std_hash(unsigned pairs) {
  std::vector<std::string> all{""};
  std::uint64_t state = 0xC70F6907 ^ (16 * pairs * factor);
  for (unsigned i = 0; i < pairs; ++i) {
    const std::string first = "pair " + std::to_string(100 + i) + "second..";
    const std::uint64_t after_a = (state ^ mixed(word_at(first))) * factor;
    const std::string other = "PAIR " + std::to_string(100 + i);
    const std::uint64_t after_b = (state ^ mixed(word_at(other))) * factor;
    const std::string second = other + text_of(unmixed(after_a ^ mixed(word_at(first.substr(8))) ^ after_b));
    std::vector<std::string> longer;
    for (const std::string& begin : all) {
      longer.push_back(begin + first);
      longer.push_back(begin + second);
    }
    all = std::move(longer);
    state = (after_a ^ mixed(word_at(first.substr(8)))) * factor;
  }
  return all;
}

TEST(KeyedHash, TellsApartWhatWasChosenToLookAlike) {
  const std::vector<std::string> chosen = alike_for_std_hash(13);
  std::set<std::uint64_t> by_std;
  std::set<std::uint64_t> ours;
  std::array<std::size_t, 256> places{};
  for (const std::string& name : chosen) {
    by_std.insert(std::hash<std::string_view>()(name));
    const std::uint64_t hash = keyed_hash(own_hash_key(), name);
    ours.insert(hash);
    ++places[hash % places.size()];
  }
  ASSERT_EQ(by_std.size(), 1U) << "the names were chosen for this library's std::hash";
  EXPECT_EQ(ours.size(), chosen.size());
  EXPECT_LT(*std::ranges::max_element(places), 4 * chosen.size() / places.size());
  name_index index;
  for (const std::string& name : chosen)
    EXPECT_TRUE(index.add(name));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
