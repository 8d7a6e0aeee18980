// The command where libcurl was not there to build it with.
#include <gtest/gtest.h>

#include "etcd_store.hpp"

namespace agentslock::cli {
namespace {

TEST(WithoutEtcd, WhatIsMissingIsSaid) {
  const auto documents = open_etcd_documents();
  ASSERT_FALSE(documents);
  EXPECT_EQ(documents.error().code(), errc::store_unreachable);
  EXPECT_NE(documents.error().message().find("libcurl4-openssl-dev"), std::string::npos)
      << documents.error().message();
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
