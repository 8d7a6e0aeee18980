#include "agentslock/kernel/detail/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

#include "unicode.hpp"

namespace agentslock {
namespace {

using testing::utf8;

TEST(Utf8, EveryCodePointButTheSurrogatesIsTaken) {
  for (unsigned code = 0; code <= 0x10FFFF; ++code) {
    ASSERT_EQ(is_utf8(utf8(code)), !testing::is_surrogate(code)) << std::hex << code;
  }
}

TEST(Utf8, EveryShortTextAgreesWithTheDefinition) {
  // The definition: a text is UTF-8 when it falls apart into encodings of code points.
  for (unsigned a = 0; a < 256; ++a) {
    const std::string one(1, static_cast<char>(a));
    ASSERT_EQ(is_utf8(one), a < 0x80);
    for (unsigned b = 0; b < 256; ++b) {
      const std::string two = one + static_cast<char>(b);
      const bool both_ascii = a < 0x80 && b < 0x80;
      const bool pair = a >= 0xC2 && a <= 0xDF && b >= 0x80 && b <= 0xBF;
      ASSERT_EQ(is_utf8(two), both_ascii || pair) << a << " " << b;
    }
  }
}

TEST(Utf8, OverlongCutAndTooLargeFormsAreRefused) {
  for (std::string_view bad :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xED\xA0\x80", "\xE2\x82", "\xF0\x9F\x98", "\x80", "\xFF", "a\xFFz", "\xE2\x82z", "\xE2\x82\xC0"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("sha256:é\xF0\x9F\x98\x80"));
}

TEST(Utf8, ASequenceThatTheEndOfTheTextCutsIsRefusedWhateverLiesBehindIt) {
  for (const std::string_view whole : {"z\u00E9", "z\u20AC", "z\U0001F600"}) {
    ASSERT_TRUE(is_utf8(whole));
    for (std::size_t size = 2; size < whole.size(); ++size)
      EXPECT_FALSE(is_utf8(whole.substr(0, size))) << size << " bytes of " << whole;
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
