// The structure-aware mutator: what it makes fits, is mostly JSON still, and is of every kind.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "../../properties/laws/json_tree.hpp"

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                               unsigned seed);

namespace agentslock::fuzz {
namespace {

constexpr unsigned seeds = 2000;
constexpr std::string_view document =
    "{\n  \"adapters\": {\"crg\": {\"source_digest\": \"s\", \"views\": [1, {}, null]}},\n  \"zz\": "
    "[true]\n}\n";

/// What the mutator makes of a text in a buffer of that size.
std::string mutated(std::string_view text, std::size_t size_max, unsigned seed) {
  std::vector<std::uint8_t> buffer(size_max);
  std::ranges::copy(text, buffer.begin());
  const std::size_t size = LLVMFuzzerCustomMutator(buffer.data(), text.size(), size_max, seed);
  EXPECT_LE(size, size_max);
  return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(JsonMutator, MakesManyTextsOfOneMostOfThemJson) {
  std::set<std::string> made;
  for (unsigned seed = 0; seed < seeds; ++seed)
    made.insert(mutated(document, 4096, seed));
  made.erase(std::string(document));
  EXPECT_GT(made.size(), seeds / 10);
  const auto json =
      std::ranges::count_if(made, [](const std::string& text) { return laws::read_json(text).has_value(); });
  EXPECT_GT(static_cast<std::size_t>(json), made.size() * 9 / 10) << "of " << made.size();
}

TEST(JsonMutator, TakesItemsOutAddsThemAndMakesMany) {
  bool shorter = false;
  bool longer = false;
  bool much_longer = false;
  for (unsigned seed = 0; seed < seeds; ++seed) {
    const std::size_t size = mutated(document, 4096, seed).size();
    shorter = shorter || size + 20 < document.size();
    longer = longer || size > document.size();
    much_longer = much_longer || size > 3 * document.size();
  }
  EXPECT_TRUE(shorter && longer && much_longer);
}

TEST(JsonMutator, KeepsWithinTheBuffer) {
  for (unsigned seed = 0; seed < seeds; ++seed) {
    (void)mutated(document, document.size(), seed);
    (void)mutated("", 1, seed);
    (void)mutated("[", 1, seed);
  }
}

TEST(JsonMutator, ChangesThePartAfterTheNulToo) {
  using namespace std::string_literals;
  const std::string input = "{\"a\":1}\0{\"b\":[2]}"s;
  bool first = false;
  bool second = false;
  for (unsigned seed = 0; seed < seeds; ++seed) {
    const std::string made = mutated(input, 4096, seed);
    first = first || (made.ends_with("\0{\"b\":[2]}"s) && made != input);
    second = second || (made.starts_with("{\"a\":1}\0"s) && made != input);
  }
  EXPECT_TRUE(first && second);
}

}  // namespace
}  // namespace agentslock::fuzz
// SPDX-License-Identifier: Apache-2.0
