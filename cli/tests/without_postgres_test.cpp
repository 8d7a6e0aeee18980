// The command where libpq was not there to build it with.
#include <gtest/gtest.h>

#include "postgres_store.hpp"

namespace agentslock::cli {
namespace {

TEST(WithoutPostgres, WhatIsMissingIsSaid) {
  const auto store = open_postgres("");
  const auto contents = open_postgres_contents("");
  ASSERT_FALSE(store);
  ASSERT_FALSE(contents);
  EXPECT_EQ(store.error().code(), errc::store_unreachable);
  EXPECT_NE(store.error().message().find("libpq-dev"), std::string::npos) << store.error().message();
  EXPECT_EQ(contents.error().message(), store.error().message());
  EXPECT_EQ(open_postgres_documents().error().message(), store.error().message());
  EXPECT_EQ(reconcile_in_postgres("key", reconcile_mode::check).error().message(), store.error().message());
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
