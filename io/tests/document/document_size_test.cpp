// How large a document may be.
#include "document_size.hpp"

#include <gtest/gtest.h>

namespace agentslock {
namespace {

TEST(DocumentSize, WhatIsAsLargeAsMayBeIsReadAndWrittenAndNothingLarger) {
  for (const auto check : {check_size_of_read, check_size_of_written}) {
    EXPECT_TRUE(check(0, "document"));
    EXPECT_TRUE(check(document_size_bytes_max, "document"));
    const auto larger = check(document_size_bytes_max + 1, "document");
    ASSERT_FALSE(larger);
    EXPECT_EQ(larger.error().code(), errc::too_large);
    EXPECT_NE(larger.error().message().find("document"), std::string::npos);
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
